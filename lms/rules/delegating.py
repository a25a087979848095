"""A line manager names a deputy: for how long, and where it stands on a day; pure. Days are UTC dates."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.errors import N_

MOST_DAYS = 184  # half a year: whoever is away for longer has a successor, and that is HR's to record
MOST_AHEAD = 366  # a day further away is a slip of the pen


class State(StrEnum):
    """Where a delegation stands on a day."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"
    TAKEN_BACK = "taken_back"


def state(starts_on: date, last_on: date, ended_at: datetime | None, on: date) -> State:
    """Where it stands: the first and the last day are part of it."""
    if ended_at is not None:
        return State.TAKEN_BACK
    if on < starts_on:
        return State.PLANNED
    return State.RUNNING if on <= last_on else State.OVER


def period_faults(first: date | None, last: date | None, on: date) -> dict[str, str]:
    """What is wrong with the days of a new one, at its field."""
    faults = {}
    if first is None or first < on or first > on + timedelta(days=MOST_AHEAD):
        faults["first"] = N_("Give the first day: today or later, and at most a year ahead.")
    if last is None or (first is not None and last < first):
        faults["last"] = N_("Give the last day: the first day itself, or a later one.")
    elif first is not None and last - first >= timedelta(days=MOST_DAYS):
        faults["last"] = N_("Choose an earlier day: a deputy stands in for half a year (184 days) at most.")
    return faults
