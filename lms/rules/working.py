"""When a job is tried again, and when it is given up; pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MOST_TRIES = 10
LONGEST_WAIT = timedelta(hours=12)
# Together the waits take two days and a quarter, so that a mail server may be away over a weekend's end.
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Outcome(StrEnum):
    """How an attempt at a job ended."""

    DONE = "done"
    ERROR = "error"  # it will be tried again
    SILENT = "silent"  # the worker's lease ran out: it was killed, or its machine died
    GIVEN_BACK = "given_back"  # the worker was asked to stop; not the job's fault, so no try
    GAVE_UP = "gave_up"  # the last try; an administrator may have it tried again


class State(StrEnum):
    """What a job is at a moment."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


def tries(outcomes: Sequence[str | None]) -> int:
    """How many tries a job has used, of the outcomes of its attempts in order (None: without one). Each time that it
    was given up, counting begins anew."""
    used = 0
    for outcome in outcomes:
        used = 0 if outcome == Outcome.GAVE_UP else used + (outcome != Outcome.GIVEN_BACK)
    return used


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many failed tries: 1 minute, 4, 16, 64, ... up to half a day."""
    return min(timedelta(minutes=4 ** (tries - 1)), LONGEST_WAIT)


def state(claimable_at: datetime | None, last_started: bool, last_outcome: str | None, now: datetime) -> State:
    """The state of a job by its last attempt."""
    if claimable_at is None:
        return State.DONE if last_outcome == Outcome.DONE else State.FAILED
    is_under_way = last_started and last_outcome is None and claimable_at > now
    return State.RUNNING if is_under_way else State.WAITING


def slot(now: datetime, every: timedelta) -> int:
    """The number of the period in which a moment lies."""
    return (now - _EPOCH) // every
