"""The host's own sign-in: flask-login's current user."""

from collections.abc import Callable
from typing import Any

from flask_login import current_user

from lms.identity import Identity

Identify = Callable[[Any], Identity]


def identify_user(user: Any) -> Identity:
    """The default for a host that gives no `identify`: flask-login's id, and `email` and `name` where they are."""
    email = getattr(user, "email", None)
    return Identity(str(user.get_id()), email, str(getattr(user, "name", "") or email or user.get_id()))


def current_identity(identify: Identify) -> Identity | None:
    """The signed-in user as the host vouches for it, or None."""
    return identify(current_user._get_current_object()) if current_user.is_authenticated else None
