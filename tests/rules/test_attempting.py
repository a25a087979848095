"""Whether an attempt may start, and which answers count: to the second."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from lms.rules.attempting import Obstacle, Readiness, counts, deadline, minutes_for, obstacle, retry_at

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
READY = {
    "has_open_attempt": False,
    "is_completed": False,
    "prerequisites_missing": 0,
    "sections_left": 0,
    "attempts_used": 0,
    "attempts_allowed": 3,
    "at": START,
}
# In the order in which they are named when several stand in the way.
IN_THE_WAY: dict[Obstacle, dict[str, Any]] = {
    Obstacle.OPEN_ATTEMPT: {"has_open_attempt": True},
    Obstacle.COMPLETED: {"is_completed": True},
    Obstacle.EXPIRED: {"is_expired": True},
    Obstacle.NO_ATTEMPTS_LEFT: {"attempts_used": 3},
    Obstacle.PREREQUISITES: {"prerequisites_missing": 1},
    Obstacle.SECTIONS: {"sections_left": 2},
    Obstacle.NOT_YET_OPEN: {"opens_on": START.date() + DAY},
    Obstacle.CLOSED: {"closes_on": START.date() - DAY},
    Obstacle.TOO_SOON: {"retry_at": START + SECOND},
}


def test_the_table_has_every_obstacle() -> None:
    assert set(IN_THE_WAY) == set(Obstacle)


@pytest.mark.parametrize("chosen", list(product([False, True], repeat=len(IN_THE_WAY))))
def test_the_first_obstacle_is_named(chosen: tuple[bool, ...]) -> None:
    present = [name for name, is_there in zip(IN_THE_WAY, chosen, strict=True) if is_there]
    state = dict(READY)
    for name in present:
        state |= IN_THE_WAY[name]
    assert obstacle(Readiness(**state)) == (present[0] if present else None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("used", "allowed", "is_left"), [(0, 1, True), (2, 3, True), (3, 3, False), (4, 3, False)])
def test_attempts_are_counted(used: int, allowed: int, is_left: bool) -> None:
    found = obstacle(Readiness(**{**READY, "attempts_used": used, "attempts_allowed": allowed}))  # type: ignore[arg-type]
    assert (found is None) is is_left


def test_the_deadline_is_fixed_at_the_start() -> None:
    assert deadline(START, None) is None
    assert deadline(START, 30) == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(("factor", "minutes"), [("1", 30), ("1.25", 38), ("1.5", 45), ("2", 60), ("none", None)])
def test_extra_time(factor: str, minutes: int | None) -> None:
    assert minutes_for(30, factor) == minutes
    assert minutes_for(None, factor) is None
    assert deadline(START, 30, factor) == (None if minutes is None else START + timedelta(minutes=minutes))


def test_the_last_day_ends_an_attempt_for_everybody() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    assert deadline(START, None, closes_on=START.date()) == midnight
    assert deadline(START, 30, closes_on=START.date()) == START + timedelta(minutes=30)
    assert deadline(midnight - SECOND, 30, "2", closes_on=START.date()) == midnight


def test_the_delay_runs_from_the_end_of_the_last_attempt() -> None:
    assert retry_at(START, 24) == START + DAY
    assert retry_at(START, 0) is None
    assert retry_at(None, 24) is None


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (-30 * 60 * SECOND, True),
        (0 * SECOND, True),
        (1 * SECOND, True),
        (60 * SECOND, True),
        (60 * SECOND + timedelta(microseconds=1), False),
        (61 * SECOND, False),
        (timedelta(days=1), False),
    ],
)
def test_a_minute_of_grace(late: timedelta, expected: bool) -> None:
    until = START + timedelta(minutes=30)
    assert counts(until + late, until) is expected


def test_without_a_limit_every_answer_counts() -> None:
    assert counts(START + timedelta(days=365), None)
