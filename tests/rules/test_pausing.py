"""Leave puts due dates off by its days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.pausing import MOST_DAYS, Pause, faults, put_off

DAY = date(2026, 12, 1)


def on(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("due", "pauses", "later"),
    [
        (30, [], 30),
        (30, [(10, 12)], 33),
        (30, [(30, 30)], 31),  # the due date itself
        (30, [(31, 40)], 30),  # it was due before
        (30, [(-5, 2)], 33),  # asked for on the first of December, in the midst of it
        (30, [(-9, -1)], 30),  # over before it was asked
        (30, [(10, 12), (32, 40)], 42),  # the second begins before the date that the first has moved
        (30, [(32, 40), (10, 12)], 42),
        (30, [(10, 9)], 30),  # entered and taken back
        (-3, [(-2, 20)], -3),  # late stays late
    ],
)
def test_due_dates_move_by_the_days_of_leave_before_them(due, pauses, later) -> None:
    assert put_off(on(due), DAY, [Pause(on(first), on(last)) for first, last in pauses]) == on(later)


def test_without_a_due_date_nothing_moves() -> None:
    assert put_off(None, DAY, [Pause(on(1), on(9))]) is None


@given(st.integers(0, 60), st.sets(st.integers(-10, 200), max_size=60))
def test_as_many_days_at_work_are_left_as_without_leave(due, away) -> None:
    """Day by day: somebody has as many days that are not leave until the due date."""
    pauses = [Pause(on(day), on(day)) for day in away]
    moved = put_off(on(due), DAY, pauses)
    assert moved is not None
    worked = [day for day in range((moved - DAY).days + 1) if day not in away]
    assert len(worked) == due + 1
    assert (moved - DAY).days not in away


def test_what_is_wrong_is_said_at_its_field() -> None:
    held = [Pause(on(10), on(20)), Pause(on(40), on(39))]
    assert set(faults(None, None, [])) == {"first", "last"}
    assert set(faults(on(2), on(1), [])) == {"last"}
    assert set(faults(on(0), on(MOST_DAYS), [])) == {"last"}
    assert set(faults(on(20), on(25), held)) == {"first"}
    assert faults(on(21), on(45), held) == {}
