"""What follows from what was handed in and said of it, in whatever order the facts arrive; whom a day reminds."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.applying import (
    FALLBACK,
    Application,
    DecisionFact,
    HandInFact,
    Step,
    apply,
    next_step,
    reminder_on,
)
from lms.rules.standing import CompletionFact, EnrolmentFacts, Status, application_state, derive, status

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def on(day: int) -> date:
    return at(day).date()


def said(day: int, decision: str = "seen", back: int | None = None, role: str = "line_manager") -> DecisionFact:
    return DecisionFact(at(day), decision, role, None if back is None else at(back))


def given_in(number: int, day: int, *decisions: DecisionFact) -> HandInFact:
    return HandInFact(number, at(day), decisions)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], Application()),
        ([given_in(1, 3)], Application(handed_in_on=on(3))),
        ([given_in(1, 3, said(4, "passed_on"))], Application(handed_in_on=on(3))),
        ([given_in(1, 3, said(4, "not_yet"))], Application(returned_on=on(4))),
        ([given_in(1, 3, said(4, "not_yet")), given_in(2, 6)], Application(handed_in_on=on(6))),
        ([given_in(1, 3, said(5))], Application(on(3), None, on(5), "line_manager")),
        ([given_in(1, 3, said(4, "passed_on"), said(5, role="peer"))], Application(on(3), None, on(5), "peer")),
        ([given_in(1, 3, said(5, back=9))], Application(returned_on=on(9))),
        ([given_in(1, 3, said(5, back=9)), given_in(2, 10)], Application(handed_in_on=on(10))),
        (
            [given_in(1, 3, said(5, back=9)), given_in(2, 10, said(11))],
            Application(on(10), None, on(11), "line_manager"),
        ),
    ],
)
def test_what_follows(facts, expected) -> None:
    for order in permutations(facts):
        assert apply(order) == expected


MOMENTS = st.integers(0, 60 * 24 * 90).map(lambda minutes: START + timedelta(minutes=minutes))
DECISIONS = st.builds(
    DecisionFact, MOMENTS, st.sampled_from(["seen", "not_yet", "passed_on"]),
    st.sampled_from(["line_manager", "reviewer", "peer"]), st.none() | MOMENTS,
)  # fmt: skip


@settings(max_examples=300)
@given(data=st.data(), decisions=st.lists(st.lists(DECISIONS, max_size=4), max_size=4))
def test_the_order_of_arrival_does_not_matter(data, decisions) -> None:
    facts = [HandInFact(number, data.draw(MOMENTS), tuple(said)) for number, said in enumerate(decisions, 1)]
    shuffled = [
        HandInFact(fact.number, fact.handed_in_at, tuple(data.draw(st.permutations(fact.decisions))))
        for fact in data.draw(st.permutations(facts))
    ]
    found = apply(facts)
    assert apply(shuffled) == found
    assert [found.returned_on, found.certified_on].count(None) >= 1
    assert (found.certified_on is None) == (found.confirmed_as == "")
    assert (found.handed_in_on is None) or (found.returned_on is None)
    is_confirmed = any(d.decision == "seen" and d.withdrawn_at is None for said in decisions for d in said)
    assert (found.certified_on is not None) == is_confirmed


@pytest.mark.parametrize(
    ("hand_ins", "day", "expected"),
    [
        ((), 10, ("completed", "due")), ((), 28, ("completed", "due")), ((), 29, ("completed", "overdue")),
        ((given_in(1, 3),), 40, ("completed", "handed_in")),
        ((given_in(1, 3, said(4, "not_yet")),), 40, ("completed", "returned")),
        ((given_in(1, 3, said(4)),), 4, ("certified", "confirmed")),
        ((given_in(1, 3, said(4)),), 400, ("expired", "none")),
        ((given_in(1, 3, said(4, back=6)),), 10, ("completed", "returned")),
    ],
)  # fmt: skip
def test_the_standing_follows(hand_ins, day, expected) -> None:
    done = CompletionFact(at(0), 1, 90, expires_on=on(365), application_due_on=on(28), hand_ins=hand_ins)
    standing = derive(EnrolmentFacts(at(0), True, completions=(done,)))
    assert (status(standing, on(day)), application_state(standing, on(day))) == expected


def test_a_withdrawn_completion_is_neither_certified_nor_asked_for_a_task() -> None:
    gone = CompletionFact(
        at(0), 1, 90, application_due_on=on(28), withdrawn_at=at(9), hand_ins=(given_in(1, 3, said(4)),)
    )
    standing = derive(EnrolmentFacts(at(0), True, completions=(gone,)))
    assert (standing.certified_on, status(standing, on(9))) == (None, Status.WITHDRAWN)
    assert application_state(standing, on(9)) == "none"


@pytest.mark.parametrize(
    ("day", "days"), [(0, 0), (6, 0), (7, 7), (20, 7), (21, 21), (34, 21), (35, 0), (400, 0)]
)  # fmt: skip
def test_reminders_at_seven_and_at_twenty_one(day, days) -> None:
    assert reminder_on(on(0), on(day)) == days


@pytest.mark.parametrize(
    ("day", "holds", "expected"),
    [
        (1, True, (Step.NOTHING, 0)), (7, True, (Step.REMIND, 7)), (21, True, (Step.REMIND, 21)),
        (44, True, (Step.NOTHING, 0)), (FALLBACK, True, (Step.FALLBACK, 0)), (60, True, (Step.FALLBACK, 0)),
        (1, False, (Step.MOVE, 0)), (60, False, (Step.MOVE, 0)),
    ],
)  # fmt: skip
def test_what_a_day_brings_to_a_request(day, holds, expected) -> None:
    assert next_step(on(0), on(day), still_holds=holds) == expected
