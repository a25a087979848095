"""The forms of signing in, and the rules around them: no remembering, no JSON, no way out of this site."""

from typing import Any
from urllib.parse import urlsplit

from flask import abort, redirect, request
from flask_security import ForgotPasswordForm, LoginForm, hash_password
from werkzeug.wrappers import Response


class SignInForm(LoginForm):
    """Without "remember me": our users share computers."""

    remember = None


class ForgottenForm(ForgotPasswordForm):
    """Takes as long for an address that has an account as for one that has none."""

    def validate(self, **kwargs: Any) -> bool:
        """Hash once where Flask-Security hashes for unknown addresses only."""
        valid = bool(super().validate(**kwargs))
        if valid:
            hash_password("an unknown address costs this much")
        return valid


def is_local_path(target: str) -> bool:
    """Whether a browser that follows `target` stays on this site.

    Only a path from the root is taken. Browsers drop blanks and control characters and read a backslash as a slash,
    so that `/\\t/evil.example` would leave.
    """
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return False
    if any(sign.isspace() or not sign.isprintable() for sign in target):
        return False
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def guard_request() -> Response | None:
    """Before each of Flask-Security's views: forms only, and no `next` that leads away from here."""
    if request.is_json:
        abort(415)
    targets = [*request.args.getlist("next"), *request.form.getlist("next")]
    if all(is_local_path(target) for target in targets if target):
        return None
    return redirect(request.path, 303)
