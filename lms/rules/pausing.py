"""Leave: while somebody is away, the clock of what they are asked stands still; pure. Days are UTC dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lms.errors import N_

MOST_DAYS = 3 * 366  # a longer one is a slip of the pen
FIRST, LAST = "first", "last"


@dataclass(frozen=True)
class Pause:
    """Leave, from the first day to the last; both are part of it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many; none where somebody was back before it began."""
        return max(0, (self.last - self.first).days + 1)


def put_off(due_on: date | None, asked_on: date, pauses: Sequence[Pause]) -> date | None:
    """The due date of what was asked on a day: as many days later as somebody was on leave before it was due.

    Pauses do not overlap. One that begins after the due date puts nothing off: what is late stays late.
    """
    for pause in sorted(pauses, key=lambda pause: pause.first):
        if due_on is None or pause.first > due_on:
            return due_on
        due_on += timedelta(days=Pause(max(pause.first, asked_on), pause.last).days)
    return due_on


def faults(first: date | None, last: date | None, others: Sequence[Pause]) -> dict[str, str]:
    """What is wrong with the days of a new one, at its field."""
    if first is None or last is None:
        missing = {FIRST: N_("Give the first day of the leave."), LAST: N_("Give the last day of the leave.")}
        return {name: text for name, text in missing.items() if (first if name == FIRST else last) is None}
    if last < first:
        return {LAST: N_("Give the last day: the first day itself, or a later one.")}
    if Pause(first, last).days > MOST_DAYS:
        return {LAST: N_("Choose an earlier day: a leave is entered for three years at most.")}
    if any(other.days and first <= other.last and last >= other.first for other in others):
        return {FIRST: N_("Some of these days are entered as leave already.")}
    return {}
