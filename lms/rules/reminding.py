"""Which step of the ladder of reminders a due date has reached, and when a mail may go to a person; pure.

A step is a number of days: -7 is seven days before the due date (or before what was completed runs out), 14 is two
weeks after it. What was missed, because an office was closed or no worker ran, is told later with the days as they are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum


class Audience(StrEnum):
    """In which role somebody is told."""

    LEARNER = "learner"
    MANAGER = "manager"
    HR = "hr"


LADDER: dict[Audience, tuple[int, ...]] = {
    Audience.LEARNER: (-30, -14, -7, -1, 1, 7, 14, 30),
    Audience.MANAGER: (14,),
    Audience.HR: (30,),
}
TOLD_FOR = 14  # days after the last step of a ladder: later it is told to nobody
BEGINS, ENDS = 8, 18  # hours of the office's own time
URGENT = -1  # the step that waits for no weekly mail
WEEKEND = frozenset({6, 7})  # ISO days of the week
# CLDR 46, supplemental data, weekData: where people rest on Friday and Saturday.
FRIDAY_SATURDAY = frozenset(["BH", "DZ", "EG", "IQ", "JO", "KW", "LY", "QA", "SA", "SD", "SY", "YE"])


def reach(audience: Audience) -> tuple[int, int]:
    """From how many days after the due date (negative: before it) until how many somebody is told of it."""
    steps = LADDER[audience]
    return steps[0], steps[-1] + TOLD_FOR


def step_on(audience: Audience, target: date, begun: date, today: date) -> int | None:
    """The step that was reached last; None before the first, long after the last, and where nothing was asked yet when
    it was reached: who is asked on the tenth day before the due date is not told of the fourteenth."""
    days = (today - target).days
    first, last = reach(audience)
    if not first <= days <= last:
        return None
    step = max(step for step in LADDER[audience] if step <= days)
    return step if target + timedelta(days=step) > begun else None


@dataclass(frozen=True)
class Office:
    """When people of an office are at work: its time zone, its days of rest each week, the days when it is closed."""

    zone: tzinfo = UTC
    weekend: frozenset[int] = WEEKEND
    closed: frozenset[date] = frozenset()

    def local(self, at: datetime) -> datetime:
        """The moment by the office's clock."""
        return at.astimezone(self.zone)

    def is_open(self, at: datetime) -> bool:
        """Whether a mail may go to its people at this moment."""
        here = self.local(at)
        works = here.isoweekday() not in self.weekend and here.date() not in self.closed
        return works and BEGINS <= here.hour < ENDS


def may_tell(*, weekly: bool, last: date | None, today: date, urgent: bool) -> bool:
    """Whether somebody gets a mail today: one a day at most, or one a week from Monday on, unless urgent."""
    if last == today:
        return False
    return not weekly or urgent or last is None or last.isocalendar()[:2] != today.isocalendar()[:2]


def weekend_of(country: str) -> frozenset[int]:
    """The days of rest of a country (ISO 3166-1 alpha-2)."""
    return frozenset({5, 6}) if country in FRIDAY_SATURDAY else WEEKEND


def ticks(since: datetime, until: date) -> list[datetime]:
    """The moments to look at for what the days bring: every six hours, so that no office's day is missed."""
    after = until + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=UTC)
    found = []
    while since < end:
        found.append(since)
        since += timedelta(hours=6)
    return found
