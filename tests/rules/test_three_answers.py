"""Ever achieved, valid on this day, may start now: three answers that do not follow from each other."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.standing import Standing, Status, status
from lms.rules.three_answers import Start, answer, ever_achieved, valid_on

DAY = date(2026, 12, 1)


def on(number: int | None) -> date | None:
    return None if number is None else DAY + timedelta(days=number)


def period(completed: int | None = None, expires: int | None = None, **more: Any) -> Standing:
    days = {name: on(value) for name, value in more.items()}
    return Standing(DAY, "role", completed_on=on(completed), expires_on=on(expires), **days)


@pytest.mark.parametrize(
    ("periods", "achieved", "valid", "until", "start"),
    [
        ([], None, False, None, Start.YES),
        ([period()], None, False, None, Start.YES),
        ([period(-9)], -9, True, None, Start.DONE),
        ([period(-9, 300)], -9, True, 300, Start.DONE),
        ([period(-300, 30)], -300, True, 30, Start.YES),  # it runs out soon: it may be refreshed
        ([period(-300, 30), period()], -300, True, 30, Start.YES),  # and is being refreshed
        ([period(-300, 0)], -300, False, None, Start.YES),  # it ran out
        ([period(-300, 0), period(-1, 200)], -300, True, 200, Start.DONE),
        ([period(withdrawn_on=-1, started_on=-9)], None, False, None, Start.YES),
        ([period(waived_on=-1)], None, False, None, Start.WAIVED),
        ([period(5)], None, False, None, Start.YES),  # the day lies before
    ],
)
def test_the_three_answers(periods, achieved, valid, until, start) -> None:
    found = answer("A", {"A": periods}, DAY, is_meant=True, prerequisites=[])
    assert (found.achieved_on, found.is_valid, found.valid_until) == (on(achieved), valid, on(until))
    assert found.start is start


def test_what_a_course_builds_on() -> None:
    courses = {"B": [period(-300, 0)], "C": [period(waived_on=-1)], "D": [period(-300, 10), period()]}
    found = answer("A", courses, DAY, is_meant=True, prerequisites=["B", "C", "D", "E"])
    assert (found.start, found.missing) == (Start.PREREQUISITES, ("B", "E"))


def test_whom_it_is_not_meant_for() -> None:
    def start(*periods: Standing) -> Start:
        return answer("A", {"A": periods}, DAY, is_meant=False, prerequisites=[]).start

    assert start() is start(period(withdrawn_on=-1)) is Start.NOT_OPEN
    assert start(period()) is start(period(withdrawn_on=-1, started_on=-9)) is Start.YES


DAYS = st.none() | st.integers(-400, 400)


@given(st.lists(st.builds(period, DAYS, DAYS), max_size=4), st.integers(-400, 400))
def test_what_counts_was_achieved_and_the_status_says_the_same(periods, number) -> None:
    day = DAY + timedelta(days=number)
    is_valid, until = valid_on(periods, day)
    assert not is_valid or ever_achieved(periods, day) is not None
    assert is_valid == any(status(one, day) in (Status.COMPLETED, Status.CERTIFIED) for one in periods)
    assert until is None or (is_valid and until > day)
