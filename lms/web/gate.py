"""Every view comes in through here: registered with a policy entry, and let through by it or refused."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms.validators import ValidationError

from lms.errors import N_, ConfigurationError, Forbidden, Invalid
from lms.identity.host import current_identity
from lms.permissions import ACTIONS, require
from lms.services.actors import find_actor
from lms.services.writing import first_time
from lms.web.language import gettext
from lms.web.plugin import plugin, reading
from lms.web.routes import LINK, PUBLIC, ROUTES, SIGNED_IN

DRAWN_ANEW = ("csrf_token", "form_id")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# The token is bound to the session; the session's own life is what ends it.
CSRF_SECONDS = 31 * 24 * 3600
MOST_BYTES = 1_000_000  # of a form; the longest text is four thousand characters
# With files, from people who are signed in alone: more than is taken, so that what is too large is said at its field.
MOST_BYTES_OF = {"hand_in": 64_000_000, "enter_evidence": 64_000_000, "people_files": 64_000_000}


@dataclass(frozen=True)
class View:
    """A registered view."""

    rule: str
    endpoint: str
    methods: tuple[str, ...]
    function: Callable[..., ResponseReturnValue]


VIEWS: list[View] = []


def view(
    rule: str, *methods: str
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Register a view under its function's name; the methods are GET unless named."""

    def register(function: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        VIEWS.append(View(rule, function.__name__, methods or ("GET",), function))
        return function

    return register


def add_views(blueprint: Blueprint) -> None:
    """Add every view; refuse to start when a view has no policy entry or an entry has no view or action."""
    endpoints = {entry.endpoint for entry in VIEWS}
    gaps = [f"view {name!r} has no entry in lms.web.routes" for name in sorted(endpoints - set(ROUTES))]
    gaps += [f"lms.web.routes names {name!r}, which is no view" for name in sorted(set(ROUTES) - endpoints)]
    actions = {action for action in ROUTES.values() if action not in (PUBLIC, LINK, SIGNED_IN)}
    gaps += [f"lms.web.routes names the unknown action {name!r}" for name in sorted(actions - set(ACTIONS))]
    if gaps:
        raise ConfigurationError("\n".join(gaps))
    for entry in VIEWS:
        blueprint.add_url_rule(entry.rule, entry.endpoint, entry.function, methods=list(entry.methods))


def admit() -> ResponseReturnValue | None:
    """The blueprint's before_request: who is it, may they, and does the form come from our own page."""
    endpoint = (request.endpoint or "").rpartition(".")[2]
    policy = ROUTES.get(endpoint)
    if policy is None:
        raise Forbidden(N_("This address has no rule of access, so it is closed."))
    if policy == PUBLIC:
        return None
    g.lms_identity = identity = current_identity(plugin().identify)
    _check_content(endpoint if identity else "")
    if identity is None and policy != LINK:
        return _ask_to_sign_in()
    g.lms_actor = identity and find_actor(
        reading(), provider=identity.provider, subject=identity.subject, email=identity.email, at=plugin().clock()
    )
    if endpoint != "stop_mails":  # a mail program posts there for its user (RFC 8058): the link is the proof
        _check_csrf()
    if policy in (SIGNED_IN, LINK):
        return None
    if g.lms_actor is None:
        return redirect(url_for("lms.welcome"))
    require(g.lms_actor, policy)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    """Reading: the host's way to sign in. Writing: nothing that was entered may be lost on the way."""
    if request.method in SAFE_METHODS and not wants_json():
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined, no-any-return]
    raise SignedOut(N_("You were signed out before this was sent. What you entered is kept below."))


class SignedOut(Forbidden):
    """A form arrived without a signed-in user."""

    status = 401


class StaleForm(Forbidden):
    """A form arrived that this session did not make, or that is too old."""

    status = 400


def _check_content(endpoint: str) -> None:
    """Refuse, before anything is read from it, what no form of ours sends: too much, or what no database keeps."""
    request.max_content_length = MOST_BYTES_OF.get(endpoint, MOST_BYTES)
    given = [value for values in (request.args, request.form) for _, value in values.items(multi=True)]
    if any("\0" in text for text in (request.path, *given)):
        raise Invalid(N_("This holds a character that cannot be kept (NUL). Type the text anew and send it again."))


def _check_csrf() -> None:
    if request.method in SAFE_METHODS:
        return
    token = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    try:
        validate_csrf(token, time_limit=CSRF_SECONDS)
    except ValidationError as error:
        raise StaleForm(N_("This page was open for too long, or was opened in another sign-in. "
                           "What you entered is kept below: look at it and send it again.")) from error  # fmt: skip


def wants_json() -> bool:
    """Whether the request comes from our own script."""
    return request.is_json


def kept_fields() -> MultiDict[str, str]:
    """What a refused form held, without what every page draws anew."""
    return MultiDict((name, value) for name, value in request.form.items(multi=True) if name not in DRAWN_ANEW)


def is_repeated(session: Session) -> bool:
    """Whether this very form, with these very words and files, was taken before: somebody clicked twice.

    Who went back and changed a word sends another form, and it is taken.
    """
    form_id = request.form.get("form_id", "")
    files = [_digest(file) for _, file in request.files.items(multi=True)]
    sent = repr([g.lms_actor.person_id, request.path, form_id, list(kept_fields().items(multi=True)), files])
    return not first_time(session, g.lms_actor, form_id and hashlib.sha256(sent.encode()).hexdigest())


def _digest(file: FileStorage) -> str:
    file.stream.seek(0)
    return hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]


def say(message: str, **params: Any) -> None:
    """A message on the next page; `message` is translated there."""
    flash(gettext(message, **params), "success")
