"""Who can sign in: Flask-Security over the host's own table, invitations, and accounts made in bulk."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask, after_this_request, current_app, flash, redirect, render_template, session, url_for
from flask_login import current_user, user_logged_out
from flask_security import Security, hash_password, login_user, password_reset
from flask_security.recoverable import generate_reset_password_token
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import delete, select
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from host import limits, mailer, passwords, sign_in, words
from host.users import HostBase, User, UserStore
from lms.db import Database
from lms.delivery.host import Invitation
from lms.errors import Invalid, NotFound

START = "/learn/"
SESSION_HOURS = 8
INVITATION_DAYS = 14
SLICE = 500
RESET_HOURS = 2


def init(app: Flask, settings: dict[str, str]) -> None:
    """Install sign-in, password pages, mails and limits. `host.serving.init` comes before: it sets the secret."""
    database = Database(settings["LMS_DATABASE_URL"])
    app.extensions["host_database"] = database
    app.config["HOST_BASE_URL"] = settings["LMS_BASE_URL"].rstrip("/")
    mailer.init(app, settings)
    passwords.set_defaults(app)
    _set_security_defaults(app)
    security = Security(
        app,
        UserStore(database),
        login_form=sign_in.SignInForm,
        forgot_password_form=sign_in.ForgottenForm,
        mail_util_cls=mailer.SecurityMail,
        password_util_cls=passwords.PasswordRules,
    )
    security.pwd_context = passwords.BoundedHashing(security.pwd_context)
    security.want_json(lambda request: False)
    app.login_manager.request_loader(lambda request: None)  # type: ignore[attr-defined]  # no tokens out of the URL
    app.before_request_funcs.setdefault("security", []).append(sign_in.guard_request)
    limits.init(app, database)
    password_reset.connect(_sign_in_after_reset, app)
    user_logged_out.connect(_forget_session, app)
    app.register_error_handler(StaleDataError, _already_done)
    app.add_url_rule("/invitation/<token>", "host_invitation", _accept_invitation)
    # As globals, not by a context processor: the plugin renders the host's frame from an environment of its own.
    app.jinja_env.globals.update(current_user=current_user, host_csrf_token=generate_csrf, host_link=_link)


def _set_security_defaults(app: Flask) -> None:
    app.config.update(
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_RESET_URL="/password/forgotten",
        SECURITY_CHANGE_URL="/password/change",
        SECURITY_POST_LOGIN_VIEW=START,
        SECURITY_POST_RESET_VIEW=START,
        SECURITY_POST_CHANGE_VIEW=START,
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_LOGOUT_CSRF=True,
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=RESET_HOURS),
        SECURITY_FRESHNESS=timedelta(-1),  # nothing here asks for the password again, so there is no page for it
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_EMAIL_HTML=False,
        SECURITY_CACHE_CONTROL={"private": None, "no-store": None},  # its own True would be sent as "no-store=True"
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        **words.CONFIG,
    )
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A cookie without a date ends with the browser; the signature ends after eight hours anyway. A working day
        # on a shared computer, not longer.
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        WTF_CSRF_TIME_LIMIT=None,  # the token ends with its session; an hour would fail on pages that were left open
    )


def prepare(app: Flask) -> None:
    """Create the host's tables where they are missing."""
    with _database(app).transaction() as writing:
        HostBase.metadata.create_all(writing.connection())


def invite(app: Flask, people: Iterable[tuple[str, str]]) -> list[Invitation]:
    """Create the missing accounts; of everyone who has not chosen a password, the link to choose one.

    Receives `lms.delivery.host.invited`, whose sender is the application: the plugin mails the links, or shows them.

    People with a password are left alone, so that inviting a list again reaches only those who have not come yet.
    `people` are (e-mail, name). Raises Invalid, before anything is written, for what is no e-mail address.
    """
    prepare(app)  # the operator's first command may be the one that invites
    with app.app_context():
        waiting = [user for user in _ensure(app, people, password=None) if user.password is None and user.active]
        links = [_link("host_invitation", token=_invitations(app).dumps(user.fs_uniquifier)) for user in waiting]
    return [Invitation(user.email, link, sent=False) for user, link in zip(waiting, links, strict=True)]


def invite_now(app: Flask, email: str, name: str) -> list[Invitation]:
    """Invite one person, who need not be known to the plugin, and mail the link while the operator waits."""
    made = []
    for invitation in invite(app, [(email, name)]):
        with app.app_context():
            words = render_template(
                "security/email/invitation.txt", name=name, email=invitation.email, link=invitation.link,
                days=INVITATION_DAYS,
            )  # fmt: skip
            subject = f"Your account for learning at {app.config['HOST_ORGANISATION']}"
            sent = app.extensions["host_mailer"].send(mailer.Mail(invitation.email, subject, words))
        made.append(replace(invitation, sent=sent))
    return made


def create_with_password(app: Flask, email: str, name: str, password: str) -> User:
    """One account that can sign in at once, for a demonstration; an existing one is returned as it is."""
    return create_many(app, [(email, name)], password)[0]


def create_many(app: Flask, people: Iterable[tuple[str, str]], password: str) -> list[User]:
    """Accounts with one password, hashed once: sixty hashes would take ten seconds. Existing ones stay as they are."""
    with app.app_context():
        normal = app.extensions["security"].password_util.normalize(password)
        return _ensure(app, people, password=hash_password(normal))


def set_active(app: Flask, email: str, active: bool) -> None:
    """Let someone in, or end their sessions and refuse them. Raises NotFound."""
    store = app.extensions["security"].datastore
    user = store.find_user(email=mailer.normal_email(email))
    if user is None:
        raise NotFound("No account has the address %(email)s.", email=email)
    user.active = active
    store.put(user)


def forget(app: Flask, emails: Iterable[str]) -> None:
    """Delete the accounts of people who are erased; receives `lms.delivery.host.forgotten`."""
    prepare(app)
    with _database(app).transaction() as writing:
        writing.execute(delete(User).where(User.email.in_([email.lower() for email in emails])))


def _ensure(app: Flask, people: Iterable[tuple[str, str]], password: str | None) -> list[User]:
    """The accounts of these people, in their order; those that were missing get the given hash."""
    names = {mailer.normal_email(email): " ".join(name.split()) for email, name in people}
    too_long = [email for email, name in names.items() if len(name) > 200 or not name]
    if too_long:
        raise Invalid("A name has 1 to 200 characters. Look at: %(emails)s", emails=", ".join(too_long))
    accounts: list[User] = []
    emails = list(names)
    for start in range(0, len(emails), SLICE):  # so that a long list does not keep other writers waiting
        accounts += _ensure_slice(app, {email: names[email] for email in emails[start : start + SLICE]}, password)
    return accounts


def _ensure_slice(app: Flask, names: dict[str, str], password: str | None) -> list[User]:
    with _database(app).transaction() as writing:
        found = {user.email: user for user in writing.scalars(select(User).where(User.email.in_(names)))}
        missing = {
            email: User(email=email, name=name, password=password)
            for email, name in names.items()
            if email not in found
        }
        writing.add_all(missing.values())
        writing.flush()
        for user in missing.values():
            writing.refresh(user)
        writing.expunge_all()
    return [found.get(email) or missing[email] for email in names]


def _database(app: Flask) -> Database:
    database: Database = app.extensions["host_database"]
    return database


def _link(endpoint: str, **values: Any) -> str:
    """An address for a mail, built on LMS_BASE_URL: the Host header of a request could name a stranger's site."""
    path = current_app.url_map.bind("ignored.invalid").build(endpoint, values)
    return str(current_app.config["HOST_BASE_URL"]) + path


def _invitations(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.secret_key or "", salt="host-invitation")


def _accept_invitation(token: str) -> Response:
    """Lead from the invitation, which lasts two weeks, to the page for choosing a password.

    An invitation counts only while no password is chosen: choosing one changes the `fs_uniquifier` in it.
    """
    try:
        uniquifier = _invitations(current_app).loads(token, max_age=INVITATION_DAYS * 24 * 3600)
    except BadSignature:  # a SignatureExpired is one too
        flash(words.INVITATION_EXPIRED, "error")
        return redirect(url_for("security.forgot_password"))
    user = current_app.extensions["security"].datastore.find_user(fs_uniquifier=str(uniquifier))
    if user is None or user.password is not None:
        flash(words.INVITATION_USED, "error")
        return redirect(url_for("security.login"))
    token = generate_reset_password_token(user)  # type: ignore[no-untyped-call]
    return redirect(url_for("security.reset_password", token=token))


def _sign_in_after_reset(app: Flask, user: User, **_more: Any) -> None:
    """Whoever chose a password by a link has shown the mailbox and knows the password: no need to ask again."""
    session.clear()  # someone else may have been signed in at this computer
    login_user(user, authn_via=["reset"])


def _forget_session(_app: Flask, **_more: Any) -> None:
    """Whatever else was kept for this person must not meet the next one at this computer, in the session or in the
    browser, where a quiz keeps answers until they are sent."""
    session.clear()

    @after_this_request
    def clear_device(response: Response) -> Response:
        response.headers["Clear-Site-Data"] = '"storage"'  # browsers obey where the page came over HTTPS
        return response


def _already_done(_error: StaleDataError) -> Response:
    flash(words.ALREADY_DONE, "error")
    return redirect(url_for("security.login"), 303)
