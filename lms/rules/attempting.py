"""Whether an attempt may start, and which answers count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(seconds=60)


class Obstacle(StrEnum):
    """Why an attempt may not start now."""

    OPEN_ATTEMPT = "open_attempt"
    COMPLETED = "completed"
    EXPIRED = "expired"
    PREREQUISITES = "prerequisites"
    SECTIONS = "sections"
    NO_ATTEMPTS_LEFT = "no_attempts_left"


@dataclass(frozen=True)
class Readiness:
    """What bears on starting an attempt."""

    has_open_attempt: bool
    is_completed: bool
    prerequisites_missing: int
    sections_left: int
    attempts_used: int  # since the last withdrawal of a completion, if any
    attempts_allowed: int
    is_expired: bool = False


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
    return Obstacle.SECTIONS if ready.sections_left else None


def deadline(started_at: datetime, limit_minutes: int | None) -> datetime | None:
    """When answers stop to count, fixed at the start."""
    return None if limit_minutes is None else started_at + timedelta(minutes=limit_minutes)


def counts(received_at: datetime, deadline_at: datetime | None) -> bool:
    """Whether an answer came in time, with 60 seconds of grace; a later one is kept but does not count."""
    return deadline_at is None or received_at <= deadline_at + GRACE
