"""What can go wrong, as values: a message in English with its parameters, translated where it is shown.

Every message says what happened, what is known and what to do next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


def N_(message: str) -> str:
    """Mark a message for translation without translating it here."""
    return message


class LmsError(Exception):
    """The base of all errors that the plugin raises on purpose; `status` is its HTTP meaning."""

    status = 500

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class NotFound(LmsError):
    """Absent, or not yours: the two look the same on purpose."""

    status = 404

    def __init__(self, message: str = N_("There is nothing here, or it is not yours to see."), **params: Any) -> None:
        super().__init__(message, **params)


class Forbidden(LmsError):
    """In your sight, but not yours to do."""

    status = 403


class Conflict(LmsError):
    """The state of things does not allow this act (any more)."""

    status = 409


class Invalid(LmsError):
    """What was given cannot be taken; `fields` says which fields and why."""

    status = 422

    def __init__(self, message: str, fields: dict[str, str] | None = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.fields = fields or {}


class ConfigurationError(LmsError):
    """The installation is not set up in a way that can work."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a file: `file:line:column: message`."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


@dataclass(frozen=True, order=True)
class CellFault(Fault):
    """A fault that pages can say in their language: `template` with its `params`, in the column `cell`."""

    cell: str = field(default="", compare=False)
    template: str = field(default="", compare=False)
    params: dict[str, str] = field(default_factory=dict, compare=False)


class FaultyFile(Invalid):
    """A file cannot be taken; every fault in it is listed at once."""

    def __init__(self, message: str, faults: Sequence[Fault], **params: Any) -> None:
        super().__init__(message, **params)
        self.faults = sorted(faults)
