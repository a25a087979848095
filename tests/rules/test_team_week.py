"""A manager's week: what is shown how soon, in which order, and what a shared plan asks of the manager."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.plan_stages import Act, Kind, Side, Stage, plan_state
from lms.rules.team_week import AHEAD, WAITING, Thing, What, When, in_order, plan_asks, when

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 7, 1), date(2027, 6, 30)


def day(ahead: int) -> date:
    return TODAY + timedelta(days=ahead)


@pytest.mark.parametrize(
    ("what", "ahead", "soon"),
    [
        (What.REVIEW, -40, When.NOW),
        (What.REVIEW, 0, When.NOW),
        (What.HELP, None, When.NOW),
        (What.COURSE, -400, When.NOW),
        (What.COURSE, -1, When.NOW),
        (What.COURSE, 0, When.WEEK),
        (What.COURSE, 7, When.WEEK),
        (What.COURSE, 8, When.AHEAD),
        (What.COURSE, 60, When.AHEAD),
        (What.COURSE, 61, None),
        (What.TASK, -1, When.NOW),
        (What.EXPIRES, -60, None),
        (What.EXPIRES, -59, When.NOW),
        (What.EXPIRES, 0, When.NOW),
        (What.EXPIRES, 1, When.WEEK),
        (What.EXPIRES, 60, When.AHEAD),
        (What.EXPIRES, 61, None),
        (What.CLOSE, 5, When.WEEK),
        (What.NOTE, -90, When.NOW),
        (What.SHARE, None, When.AHEAD),
    ],
)
def test_how_soon(what: What, ahead: int | None, soon: When | None) -> None:
    assert when(Thing(what, None if ahead is None else day(ahead), "Amina"), TODAY) is soon


def test_what_waits_longest_comes_first_and_of_one_day_what_waits_for_the_manager() -> None:
    things = [
        Thing(What.SHARE, None, "Amina"),
        Thing(What.EXPIRES, day(50), "Wei"),
        Thing(What.COURSE, day(-3), "Wei"),
        Thing(What.TASK, day(-3), "Wei"),
        Thing(What.RATE, day(-3), "Wei"),
        Thing(What.RATE, day(-3), "Amina"),
        Thing(What.HELP, None, "Wei"),
        Thing(What.REVIEW, day(-9), "Wei"),
        Thing(What.COURSE, day(2), "Wei"),
        Thing(What.CLOSE, day(300), "Wei"),
    ]
    found = {soon: [(one.what, one.name) for one in some] for soon, some in in_order(things, TODAY).items()}
    assert found == {
        When.NOW: [
            (What.REVIEW, "Wei"), (What.RATE, "Amina"), (What.RATE, "Wei"), (What.TASK, "Wei"), (What.COURSE, "Wei"),
            (What.HELP, "Wei"),
        ],
        When.WEEK: [(What.COURSE, "Wei")],
        When.AHEAD: [(What.EXPIRES, "Wei"), (What.SHARE, "Amina")],
    }  # fmt: skip


THINGS = st.lists(
    st.builds(Thing, st.sampled_from(What), st.none() | st.integers(-90, 90).map(day), st.sampled_from("ABC"))
)


@given(THINGS, st.randoms(use_true_random=False))
def test_nothing_is_lost_and_the_order_does_not_depend_on_the_queries(things: list[Thing], random) -> None:
    found = in_order(things, TODAY)
    kept = [one for some in found.values() for one in some]
    left = [one for one in things if one not in kept]
    assert len(kept) + len(left) == len(things)
    assert not [one for one in left if one.what in WAITING or one.day is None or abs(one.day - TODAY) < AHEAD]
    random.shuffle(things)
    assert in_order(things, TODAY) == found


def act(kind: Kind, side: Side, ago: int, words: str = "a", *, holds: bool = True) -> Act:
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC) - timedelta(days=ago)
    return Act(1000 - ago, kind, side, moment, holds, words)


SHARED = act(Kind.SHARED, Side.LEARNER, 30)
MINE, THEIRS = act(Kind.AGREED, Side.MANAGER, 20), act(Kind.AGREED, Side.LEARNER, 25)
MIDDLE = FIRST + (LAST - FIRST) / 2


@pytest.mark.parametrize(
    ("acts", "words", "expected"),
    [
        ([SHARED], "a", [(What.AGREE, day(-30))]),
        ([SHARED, THEIRS], "a", [(What.AGREE, day(-25))]),
        ([SHARED, MINE], "a", []),
        ([SHARED, MINE, act(Kind.AGREED, Side.MANAGER, 5, holds=False)], "a", [(What.AGREE, day(-30))]),
        ([SHARED, MINE], "b", []),  # the learner has not agreed: it is their turn
        ([SHARED, MINE, act(Kind.AGREED, Side.LEARNER, 9, "b")], "b", [(What.AGREE_AGAIN, day(-20))]),
        ([SHARED, THEIRS, act(Kind.AGREED, Side.MANAGER, 9, "b")], "b", []),
        ([SHARED, MINE, THEIRS], "b", [(What.AGREE_AGAIN, day(-20))]),
        ([SHARED, MINE, THEIRS], "a", [(What.NOTE, MIDDLE)]),
        ([SHARED, MINE, THEIRS, act(Kind.NOTED, Side.LEARNER, 4)], "a", [(What.NOTE, day(-4))]),
        ([SHARED, MINE, THEIRS, act(Kind.NOTED, Side.MANAGER, 4)], "a", [(What.CLOSE, LAST)]),
        ([SHARED, MINE, THEIRS, act(Kind.CLOSED, Side.LEARNER, 2)], "a", [(What.SIGN, day(-2))]),
        ([SHARED, MINE, THEIRS, act(Kind.CLOSED, Side.MANAGER, 2)], "a", []),
    ],
)
def test_what_a_shared_plan_asks_of_the_manager(acts: list[Act], words: str, expected) -> None:
    stage = plan_state(acts, words).stage
    assert plan_asks(stage, acts[::-1], FIRST, LAST, TODAY) == expected


def test_near_the_end_of_its_year_a_plan_asks_to_be_closed() -> None:
    acts = [SHARED, MINE, THEIRS]
    assert plan_asks(Stage.AGREED, acts, FIRST, LAST, LAST - timedelta(days=20)) == [(What.CLOSE, LAST)]
    assert plan_asks(Stage.AGREED, acts, FIRST, LAST, LAST + timedelta(days=20)) == [(What.CLOSE, LAST)]
    assert plan_asks(Stage.CLOSED, acts, FIRST, LAST, LAST) == []
