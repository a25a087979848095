"""When a job is tried again, counted, given up; in which slot a moment lies."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.working import LONGEST_WAIT, MOST_TRIES, Outcome, State, slot, state, tries, wait_after

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
ENDED = st.lists(st.sampled_from([*Outcome, None]))


@pytest.mark.parametrize(
    ("outcomes", "used"),
    [
        ([], 0), ([None], 1), (["error"], 1), (["error", "silent", None], 3), (["given_back", "given_back"], 0),
        (["given_back", None], 1), (["error", "gave_up"], 0), (["error", "gave_up", "error"], 1),
    ],
)  # fmt: skip
def test_tries_are_counted(outcomes, used) -> None:
    assert tries(outcomes) == used


@given(ENDED)
def test_being_stopped_never_counts_and_giving_up_begins_anew(outcomes) -> None:
    assert tries(outcomes) == tries([outcome for outcome in outcomes if outcome != Outcome.GIVEN_BACK])
    assert tries([*outcomes, Outcome.GAVE_UP, *outcomes]) == tries(outcomes)
    assert tries([*outcomes, None]) == tries(outcomes) + 1


def test_waits_grow_up_to_half_a_day_and_are_two_days_and_a_quarter_together() -> None:
    waits = [wait_after(number) for number in range(1, MOST_TRIES)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert max(waits) == LONGEST_WAIT
    assert timedelta(days=2) < sum(waits, timedelta(0)) < timedelta(days=2.5)


@pytest.mark.parametrize(
    ("claimable_at", "started", "outcome", "found"),
    [
        (NOW, False, None, State.WAITING), (NOW + timedelta(days=1), False, None, State.WAITING),
        (NOW + timedelta(minutes=1), True, None, State.RUNNING), (NOW, True, None, State.WAITING),
        (NOW + timedelta(minutes=1), True, "error", State.WAITING), (None, True, "done", State.DONE),
        (None, True, "gave_up", State.FAILED),
    ],
)  # fmt: skip
def test_the_state_follows_from_the_last_attempt(claimable_at, started, outcome, found) -> None:
    assert state(claimable_at, started, outcome, NOW) == found


@given(MOMENTS, st.sampled_from([timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)]))
def test_a_slot_follows_the_other(moment, every) -> None:
    assert slot(moment + every, every) == slot(moment, every) + 1
    assert slot(moment, every) <= slot(moment + every / 2, every) <= slot(moment, every) + 1


def test_a_days_slot_begins_at_midnight() -> None:
    day = timedelta(days=1)
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert slot(midnight, day) == slot(midnight + day - timedelta(microseconds=1), day) != slot(midnight + day, day)
