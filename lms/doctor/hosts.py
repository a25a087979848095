"""What the plugin needs of the application that it is mounted in, and what a guest host may lack."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import Environment, TemplateSyntaxError, nodes

from lms.delivery.host import invited
from lms.doctor.finding import Finding, advise, fine, wrong
from lms.identity.host import identify_user

ENOUGH = 32
FRAME, BLOCKS = "lms/layout.html", {"lms_title", "lms_content", "lms_scripts"}
MAKE_KEY = "This makes one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
# Words of keys that stand in examples, and so are known to everybody.
# Only where a word begins: inside a long random key a short one stands by chance.
KNOWN_WORDS = re.compile(r"(?i)(?<![a-z0-9])(secret|change|dev|example|test|password|random characters)")


def check_sign_in(app: Flask) -> list[Finding]:
    """flask-login's manager: can it load a user, and where does it send whoever is not signed in?"""
    manager: Any = app.login_manager  # type: ignore[attr-defined]  # without one the plugin is not mounted
    found = []
    if manager._user_callback is None and manager._request_callback is None:
        text = "flask-login has no user_loader, so every page of a signed-in person fails."
        found.append(wrong("sign-in", text, "Add @login_manager.user_loader; docs/integrators.md shows the lines."))
    if not manager.login_view and not manager.blueprint_login_views and manager.unauthorized_callback is None:
        text = "whoever is not signed in gets a bare 401, because flask-login has no login_view."
        found.append(wrong("sign-in", text, 'Set login_manager.login_view = "..." (the endpoint of the sign-in page).'))
    elif manager.login_view and manager.login_view not in app.view_functions:
        text = f"login_view is {manager.login_view!r}, and the application has no such endpoint."
        found.append(wrong("sign-in", text, "Name the endpoint of the sign-in page."))
    if app.extensions["lms"].identify is identify_user:
        text = "users are known by flask-login's id, `email` and `name`, because the host gave no identify()."
        what = "Right only if every e-mail is verified and no id is ever given to somebody else: docs/integrators.md"
        found.append(advise("sign-in", text, what))
    return found or [
        fine("sign-in", "strangers are sent to the sign-in, and users are known by the host's identify().")
    ]


def check_secret_key(key: str | bytes | None) -> list[Finding]:
    """The key that signs sessions and forms; it is never repeated."""
    if not key:
        return [wrong("secret key", "the application has none, so nobody can sign in or send a form.", MAKE_KEY)]
    text = key.decode("latin-1") if isinstance(key, bytes) else key
    if len(text) < ENOUGH:
        return [wrong("secret key", f"it has {len(text)} characters; {ENOUGH} are needed.", MAKE_KEY)]
    if len(set(text)) < 10 or KNOWN_WORDS.search(text):
        text = "it can be guessed: it is made of words, repeats itself or stands in examples."
        return [wrong("secret key", text, MAKE_KEY)]
    return [fine("secret key", f"{len(text)} characters.")]


def check_cookies(config: Mapping[str, Any], base_url: str) -> list[Finding]:
    """Whether the session's cookie travels over HTTPS alone, and is kept from scripts and other sites."""
    found = []
    serves_https = "https" in (urlsplit(base_url).scheme, config.get("PREFERRED_URL_SCHEME"))
    if not config["SESSION_COOKIE_SECURE"]:
        what = "Set LMS_COOKIE_SECURE=1 in the first host, SESSION_COOKIE_SECURE = True in your own."
        if serves_https:
            text = "the site is served over HTTPS, and the session's cookie may travel over HTTP too."
            found.append(wrong("cookies", text, what))
        else:
            text = "the session's cookie may travel over HTTP. That is right on this machine alone."
            found.append(advise("cookies", text, f"{what} Give LMS_BASE_URL its https:// address."))
    if not config["SESSION_COOKIE_HTTPONLY"]:
        text = "scripts can read the session's cookie."
        found.append(wrong("cookies", text, "Set SESSION_COOKIE_HTTPONLY = True."))
    if config["SESSION_COOKIE_SAMESITE"] not in ("Lax", "Strict"):
        text = "other sites can send requests with the session's cookie."
        found.append(advise("cookies", text, 'Set SESSION_COOKIE_SAMESITE = "Lax".'))
    return found or [fine("cookies", "over HTTPS alone, out of reach for scripts and other sites.")]


def check_frame(app: Flask) -> list[Finding]:
    """Whether the host dresses the pages, and with a frame that shows them; a plain frame is fine too."""
    loader = app.jinja_loader
    if loader is None or FRAME not in loader.list_templates():
        return [fine("frame", f"the pages wear the plugin's plain frame; templates/{FRAME} would dress them.")]
    overlay = app.jinja_env.overlay()
    overlay.globals = dict(app.jinja_env.globals)  # the extension writes into those that it finds
    overlay.add_extension("jinja2.ext.i18n")
    try:
        missing = sorted(BLOCKS - _blocks(overlay, FRAME))
    except TemplateSyntaxError as error:
        return [wrong("frame", f"{error.name}, line {error.lineno}: {error.message}", "No page is shown before that.")]
    if missing:
        text = f"{FRAME} has no block {' and no '.join(missing)}, so what the pages say there is not shown."
        what = f"Put {{% block {missing[0]} %}}{{% endblock %}} where it belongs, inside a block that your frame has."
        return [wrong("frame", text, what)]
    return [fine("frame", f"the pages wear the host's {FRAME}.")]


def _blocks(environment: Environment, name: str) -> set[str]:
    """The blocks of a template and of those that it extends."""
    assert environment.loader is not None
    parsed = environment.parse(environment.loader.get_source(environment, name)[0], name)
    blocks = {block.name for block in parsed.find_all(nodes.Block)}
    for extends in parsed.find_all(nodes.Extends):
        if isinstance(extends.template, nodes.Const):
            blocks |= _blocks(environment, extends.template.value)
    return blocks


def check_organisation(name: str, default: str) -> list[Finding]:
    """Whose name pages and certificates carry."""
    if name == default:
        text = f'pages and certificates say "{name}", the name of the example.'
        return [advise("organisation", text, "Set LMS_ORGANISATION to yours.")]
    return [fine("organisation", f'pages and certificates say "{name}".')]


def check_invitations(app: Flask) -> list[Finding]:
    """Whether the host invites the people whom HR's file brings."""
    if list(invited.receivers_for(app)):
        return [fine("invitations", "the host invites new people.")]
    text = "the host invites nobody: people of HR's file come in when they have an account with the same e-mail."
    return [advise("invitations", text, "Connect to lms.delivery.host.invited if the host makes accounts.")]
