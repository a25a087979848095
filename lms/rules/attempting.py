"""Whether an attempt may start, how long it lasts, and which answers count."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

GRACE = timedelta(seconds=60)
# What HR may grant a person for every time limit; None is no limit at all. The first is the ordinary time.
FACTORS: dict[str, Fraction | None] = {
    "1": Fraction(1), "1.25": Fraction(5, 4), "1.5": Fraction(3, 2), "2": Fraction(2), "none": None,
}  # fmt: skip
ORDINARY = "1"


class Obstacle(StrEnum):
    """Why an attempt may not start now."""

    OPEN_ATTEMPT = "open_attempt"
    COMPLETED = "completed"
    EXPIRED = "expired"
    PREREQUISITES = "prerequisites"
    SECTIONS = "sections"
    NO_ATTEMPTS_LEFT = "no_attempts_left"
    NOT_YET_OPEN = "not_yet_open"
    CLOSED = "closed"
    TOO_SOON = "too_soon"


@dataclass(frozen=True)
class Readiness:
    """What bears on starting an attempt."""

    has_open_attempt: bool
    is_completed: bool
    prerequisites_missing: int
    sections_left: int
    attempts_used: int  # since the last withdrawal of a completion, if any
    attempts_allowed: int  # with those that HR granted
    at: datetime  # the moment of asking
    is_expired: bool = False
    retry_at: datetime | None = None
    opens_on: date | None = None
    closes_on: date | None = None


def obstacle(ready: Readiness) -> Obstacle | None:
    """The first obstacle, or None when an attempt may start."""
    if ready.has_open_attempt:
        return Obstacle.OPEN_ATTEMPT
    if ready.is_completed:
        return Obstacle.COMPLETED
    if ready.is_expired:
        return Obstacle.EXPIRED
    if ready.attempts_used >= ready.attempts_allowed:
        return Obstacle.NO_ATTEMPTS_LEFT
    if ready.prerequisites_missing:
        return Obstacle.PREREQUISITES
    if ready.sections_left:
        return Obstacle.SECTIONS
    return _not_now(ready)


def _not_now(ready: Readiness) -> Obstacle | None:
    if ready.opens_on and ready.at.date() < ready.opens_on:
        return Obstacle.NOT_YET_OPEN
    if ready.closes_on and ready.at.date() > ready.closes_on:
        return Obstacle.CLOSED
    return Obstacle.TOO_SOON if ready.retry_at and ready.at < ready.retry_at else None


def retry_at(last_finished_at: datetime | None, delay_hours: int) -> datetime | None:
    """When the next attempt may start; None where nothing has to be waited for."""
    return last_finished_at + timedelta(hours=delay_hours) if last_finished_at and delay_hours else None


def minutes_for(limit_minutes: int | None, factor: str = ORDINARY) -> int | None:
    """The time limit with what HR granted the person, rounded up to whole minutes; None for no limit."""
    share = FACTORS[factor]
    return None if limit_minutes is None or share is None else -(-limit_minutes * share // 1)


def deadline(
    started_at: datetime, limit_minutes: int | None, factor: str = ORDINARY, closes_on: date | None = None
) -> datetime | None:
    """When answers stop to count, fixed at the start: after the time limit, or at the end of the quiz's last day.

    Extra time is for the limit: the last day is the same for everybody, and said before the start.
    """
    minutes = minutes_for(limit_minutes, factor)
    ends = [] if minutes is None else [started_at + timedelta(minutes=minutes)]
    if closes_on:
        midnight = datetime(closes_on.year, closes_on.month, closes_on.day, tzinfo=UTC)
        ends.append(midnight + timedelta(days=1))
    return min(ends, default=None)


def counts(received_at: datetime, deadline_at: datetime | None) -> bool:
    """Whether an answer came in time, with 60 seconds of grace; a later one is kept but does not count."""
    return deadline_at is None or received_at <= deadline_at + GRACE
