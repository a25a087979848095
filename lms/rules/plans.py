"""Development plans: their cycle, and when an item is closed, by what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.rules.renewal import add_months


class ClosedBy(StrEnum):
    """What closes an item."""

    COMPLETION = "completion"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class CompletionSeen:
    """A completion of the item's course."""

    ref: str
    completed_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Signature:
    """The item signed as done, or the signature taken back."""

    signed_at: datetime
    done: bool


@dataclass(frozen=True)
class ItemState:
    """Whether an item is closed, since when and by which record; or when it was opened again."""

    closed_by: ClosedBy | None = None
    closed_at: datetime | None = None
    record_ref: str | None = None
    reopened_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """Nothing is left to do."""
        return self.closed_by is not None


def course_item_state(completions: Sequence[CompletionSeen]) -> ItemState:
    """An item bound to a course is closed while a completion of it stands; the earliest one is shown."""
    standing = [seen for seen in completions if seen.withdrawn_at is None]
    if standing:
        first = min(standing, key=lambda seen: (seen.completed_at, seen.ref))
        return ItemState(ClosedBy.COMPLETION, first.completed_at, first.ref)
    return ItemState(reopened_at=max((seen.withdrawn_at for seen in completions if seen.withdrawn_at), default=None))


def signed_item_state(signatures: Sequence[Signature]) -> ItemState:
    """An item that is closed by hand follows the last signature."""
    if not signatures:
        return ItemState()
    last = max(signatures, key=lambda signature: signature.signed_at)
    return ItemState(ClosedBy.SIGNATURE, last.signed_at) if last.done else ItemState(reopened_at=last.signed_at)


def cycle(today: date, starts: str) -> tuple[date, date]:
    """First and last day of the plan year that holds `today`; `starts` is "MM-DD" (02-29: else the 28th)."""
    leap_start = date.fromisoformat(f"2000-{starts}")
    year = today.year if _in_year(leap_start, today.year) <= today else today.year - 1
    return _in_year(leap_start, year), _in_year(leap_start, year + 1) - timedelta(days=1)


def _in_year(leap_start: date, year: int) -> date:
    return add_months(leap_start, 12 * (year - leap_start.year))
