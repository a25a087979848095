"""What the values of a column are, where they are no text: for the formats that know more, and for the schemas."""

from collections.abc import Callable, Sequence
from typing import Any

# Column -> kind; every other column is text.
_INTEGERS = "course_version score_percent pass_mark attempts renewal_months position people mean_percent grade_percent"
_DECIMALS = "learning_hours total_hours hours"
_DATES = (
    "version_date assigned_on due_on started_on completed_on application_due_on certified_on valid_from expires_on "
    "revision_date completion_date"
)
_INSTANTS = "last_changed_at effective_at recorded_at"
_FLAGS = "mandatory idp_linked critical"
KINDS = {
    name: kind
    for kind, names in {
        "integer": _INTEGERS, "number": _DECIMALS, "date": _DATES, "date-time": _INSTANTS, "flag": _FLAGS,
    }.items()
    for name in names.split()
}  # fmt: skip
_MAKE: dict[str, Callable[[Any], Any]] = {"integer": int, "number": float}


def makers(names: Sequence[str]) -> list[Callable[[Any], Any]]:
    """What makes the value of each column out of the text that the database gives; None stays None."""
    return [_maker(_MAKE.get(KINDS.get(name, ""))) for name in names]


def _maker(make: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    return (lambda value: None if value is None else make(value)) if make else (lambda value: value)
