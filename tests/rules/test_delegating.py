"""How long a deputy can be named for, and where a delegation stands on a day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.rules.delegating import MOST_AHEAD, MOST_DAYS, State, period_faults, state

DAY = timedelta(days=1)
TODAY, LATER = date(2026, 11, 23), date(2026, 12, 1)
LONGEST, FURTHEST = (MOST_DAYS - 1) * DAY, MOST_AHEAD * DAY


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (TODAY, TODAY, set()),
        (LATER, LATER + LONGEST, set()),
        (LATER, LATER + LONGEST + DAY, {"last"}),
        (TODAY + FURTHEST, TODAY + FURTHEST, set()),
        (TODAY + FURTHEST + DAY, TODAY + FURTHEST + DAY, {"first"}),
        (TODAY - DAY, LATER, {"first"}),
        (LATER, LATER - DAY, {"last"}),
        (None, LATER, {"first"}),
        (LATER, None, {"last"}),
        (None, None, {"first", "last"}),
    ],
)
def test_the_days(first, last, wrong) -> None:
    assert set(period_faults(first, last, TODAY)) == wrong


@pytest.mark.parametrize(
    ("on", "before_the_end", "taken_back"),
    [
        (TODAY - DAY, State.PLANNED, State.TAKEN_BACK),
        (TODAY, State.RUNNING, State.TAKEN_BACK),
        (LATER, State.RUNNING, State.TAKEN_BACK),
        (LATER + DAY, State.OVER, State.TAKEN_BACK),
    ],
)
def test_where_it_stands(on, before_the_end, taken_back) -> None:
    assert state(TODAY, LATER, None, on) is before_the_end
    assert state(TODAY, LATER, datetime(2026, 11, 22, tzinfo=UTC), on) is taken_back
