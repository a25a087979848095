"""What a password must be, and how many are hashed at once."""

import threading
from typing import Any

from flask import Flask, current_app
from flask_security import PasswordUtil
from werkzeug.exceptions import ServiceUnavailable

MINIMUM = 10
MAXIMUM = 128
SCORE = 3  # of 4: zxcvbn's "safely unguessable"
AT_ONCE = 2
WAIT_SECONDS = 10

# argon2id as RFC 9106 recommends it for less memory: 3 passes, 4 lanes, 64 MiB
ARGON2 = {"argon2__type": "ID", "argon2__time_cost": 3, "argon2__memory_cost": 65536, "argon2__parallelism": 4}


class PasswordRules(PasswordUtil):
    """Length and guessability, said so that one knows what to do."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """Return what is wrong with the password, or None, and the password as it is to be hashed."""
        normal = self.normalize(password)
        fault = find_fault(normal, kwargs.get("user"))
        return ([fault] if fault else None), normal


def find_fault(password: str, user: Any) -> str | None:
    """What is wrong with a password, in words; None when it will do."""
    if len(password) < MINIMUM:
        return f"Use at least {MINIMUM} characters. This password has {len(password)}."
    if len(password) > MAXIMUM:
        return f"Use at most {MAXIMUM} characters. This password has {len(password)}."
    import zxcvbn  # type: ignore[import-untyped]  # here: its word lists take 12 MiB, and few requests choose a password

    # zxcvbn raises above 72 characters; what is strong in 72 stays strong in more
    result = zxcvbn.zxcvbn(_without_known_words(password, user)[:72])
    if result["score"] >= SCORE:
        return None
    warning = result["feedback"]["warning"].strip().rstrip(".")
    why = f" {warning}." if warning else ""
    return f"This password is easy to guess.{why} Add more unrelated words."


def _without_known_words(password: str, user: Any) -> str:
    """What is left to guess for someone who knows the person: zxcvbn's own list takes "aminadiallo1" for strong."""
    known = [current_app.config.get("HOST_ORGANISATION", ""), "partnership learning"]
    known += [user.email, user.email.partition("@")[0], *user.name.split()] if user else []
    rest = password.casefold()
    for word in sorted({word.casefold() for word in known if len(word) > 2}, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest or "a"  # zxcvbn raises for nothing


class BoundedHashing:
    """A passlib context that lets only `AT_ONCE` threads hash at a time.

    Each argon2 run takes 64 MiB and a whole processor for a fifth of a second. Without a bound a few dozen sign-ins
    at once would end a small server for want of memory; with it they queue, and give way after ten seconds.
    """

    def __init__(self, context: Any) -> None:
        self._context = context
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def hash(self, *args: Any, **kwargs: Any) -> str:
        """Hash when there is a place."""
        return str(self._run(self._context.hash, *args, **kwargs))

    def verify(self, *args: Any, **kwargs: Any) -> bool:
        """Verify when there is a place."""
        return bool(self._run(self._context.verify, *args, **kwargs))

    def _run(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise ServiceUnavailable(retry_after=WAIT_SECONDS)
        try:
            return function(*args, **kwargs)
        finally:
            self._places.release()


def set_defaults(app: Flask) -> None:
    """Write the password settings; what is set already (cheaper hashes in tests) stays."""
    app.config.setdefault("SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", ARGON2)
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # a method, not a password
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        # No HMAC under LMS_SECRET_KEY: a new key would make every password unusable.
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_LENGTH_MIN=MINIMUM,
        SECURITY_PASSWORD_CHECK_BREACHED=False,  # it would ask an outside service
        # Binds a reset link to the present hash; Flask-Security's default spends half a second on it.
        SECURITY_HASHING_SCHEMES=["hex_sha256"],
        SECURITY_DEPRECATED_HASHING_SCHEMES=[],
    )
