"""The standing that follows from an enrolment's history: with withdrawals, second tries, demands taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.standing import (
    AssignmentFact,
    AttemptFact,
    CompletionFact,
    EnrolmentFacts,
    Status,
    derive,
    is_overdue,
    status,
)

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def at(day: int) -> datetime:
    """Eight in the morning, so many days after the enrolment."""
    return START + timedelta(days=day)


def on(day: int) -> date:
    return at(day).date()


def asked(day: int, *, due: int | None = None, back: int | None = None, **more: Any) -> AssignmentFact:
    values = {"mandatory": False, "reason": "role", **more}
    due_on, withdrawn_at = None if due is None else on(due), None if back is None else at(back)
    return AssignmentFact(assigned_at=at(day), due_on=due_on, withdrawn_at=withdrawn_at, **values)


def done(day: int, *, percent: int = 90, back: int | None = None, **more: Any) -> CompletionFact:
    return CompletionFact(at(day), 1, percent, withdrawn_at=None if back is None else at(back), **more)


def failed(day: int, percent: int = 40) -> AttemptFact:
    return AttemptFact(at(day), percent, passed=False)


def passed(day: int, percent: int = 90) -> AttemptFact:
    return AttemptFact(at(day), percent, passed=True)


def chosen(**more: Any) -> EnrolmentFacts:
    return EnrolmentFacts(enrolled_at=START, own_choice=True, **more)


def demanded(*assignments: AssignmentFact, **more: Any) -> EnrolmentFacts:
    return EnrolmentFacts(enrolled_at=START, own_choice=False, assignments=assignments or (asked(0),), **more)


PASSED_AND_WITHDRAWN = {"started_at": at(1), "attempts": (passed(2),), "completions": (done(2, back=5),)}

HISTORIES: dict[str, tuple[EnrolmentFacts, dict[str, Any], Status]] = {
    "chosen, untouched": (chosen(), {"assigned_on": on(0), "reason": "own_choice"}, Status.ASSIGNED),
    "asked": (demanded(asked(3, due=30)), {"assigned_on": on(3), "due_on": on(30), "reason": "role"}, Status.ASSIGNED),
    "asked twice: the first says why, the nearest date counts": (
        demanded(asked(3, due=30), asked(4, due=20, reason="campaign", mandatory=True)),
        {"assigned_on": on(3), "reason": "role", "due_on": on(20), "mandatory": True},
        Status.ASSIGNED,
    ),
    "one of two demands is taken back": (
        demanded(asked(3, due=20, back=6, mandatory=True), asked(4, due=30, reason="campaign")),
        {"assigned_on": on(4), "reason": "campaign", "due_on": on(30), "mandatory": False, "withdrawn_on": None},
        Status.ASSIGNED,
    ),
    "the only demand is taken back": (
        demanded(asked(3, due=20, back=6)),
        {"withdrawn_on": on(6), "due_on": None, "mandatory": False},
        Status.WITHDRAWN,
    ),
    "both demands are taken back: the later day counts": (
        demanded(asked(3, back=9), asked(4, back=6)),
        {"withdrawn_on": on(9)},
        Status.WITHDRAWN,
    ),
    "taken back from somebody who has begun": (
        demanded(asked(3, due=20, back=6), started_at=at(4)),
        {"withdrawn_on": None, "started_on": on(4), "reason": "own_choice", "due_on": None},
        Status.IN_PROGRESS,
    ),
    "taken back and asked again": (
        demanded(asked(3, back=6), asked(8, due=30)),
        {"withdrawn_on": None, "assigned_on": on(8), "due_on": on(30)},
        Status.ASSIGNED,
    ),
    "own choice, and a demand beside it that is taken back": (
        chosen(assignments=(asked(3, back=6),)),
        {"withdrawn_on": None, "reason": "own_choice", "assigned_on": on(0)},
        Status.ASSIGNED,
    ),
    "an attempt is open": (
        demanded(attempts=(AttemptFact(at(5)),)),
        {"started_on": on(5), "attempts": 1, "score_percent": None},
        Status.IN_PROGRESS,
    ),
    "failed twice: the last score is shown": (
        demanded(started_at=at(1), attempts=(failed(5, 40), failed(7, 35))),
        {"started_on": on(1), "attempts": 2, "score_percent": 35},
        Status.IN_PROGRESS,
    ),
    "failed, then an open attempt": (
        demanded(started_at=at(1), attempts=(failed(5, 40), AttemptFact(at(7)))),
        {"attempts": 2, "score_percent": 40},
        Status.IN_PROGRESS,
    ),
    "passed at the second try": (
        demanded(
            started_at=at(1),
            attempts=(failed(5), passed(7, 85)),
            completions=(done(7, percent=85, language="fr", expires_on=on(800), application_due_on=on(35)),),
        ),
        {
            "completed_on": on(7), "score_percent": 85, "attempts": 2, "version_id": 1, "language": "fr",
            "expires_on": on(800), "application_due_on": on(35), "withdrawn_on": None,
        },
        Status.COMPLETED,
    ),
    "passed and withdrawn": (
        chosen(**PASSED_AND_WITHDRAWN),
        {
            "completed_on": None, "withdrawn_on": on(5), "version_id": None, "language": "", "started_on": on(1),
            "score_percent": None, "attempts": 1,
        },
        Status.WITHDRAWN,
    ),
    "passed and withdrawn, the demand stands": (
        demanded(asked(0, due=30), **PASSED_AND_WITHDRAWN),
        {"completed_on": None, "withdrawn_on": on(5), "due_on": on(30)},
        Status.WITHDRAWN,
    ),
    "withdrawn, and begun anew": (
        chosen(**{**PASSED_AND_WITHDRAWN, "attempts": (passed(2), AttemptFact(at(8)))}),
        {"withdrawn_on": None, "completed_on": None, "attempts": 2, "score_percent": None},
        Status.IN_PROGRESS,
    ),
    "withdrawn, and failed then: only the new mark is shown": (
        chosen(**{**PASSED_AND_WITHDRAWN, "attempts": (passed(2), failed(8, 30))}),
        {"withdrawn_on": None, "completed_on": None, "attempts": 2, "score_percent": 30},
        Status.IN_PROGRESS,
    ),
    "withdrawn, and asked for anew": (
        demanded(asked(0), asked(8, due=30), **PASSED_AND_WITHDRAWN),
        {"withdrawn_on": None, "completed_on": None, "due_on": on(30)},
        Status.IN_PROGRESS,
    ),
    "withdrawn, asked for anew, and that taken back": (
        demanded(asked(0), asked(8, back=9), **PASSED_AND_WITHDRAWN),
        {"withdrawn_on": on(5), "completed_on": None},
        Status.WITHDRAWN,
    ),
    "withdrawn, and passed again": (
        chosen(attempts=(passed(2), passed(8, 75)), completions=(done(2, back=5), done(8, percent=75))),
        {"completed_on": on(8), "score_percent": 75, "withdrawn_on": None, "attempts": 2},
        Status.COMPLETED,
    ),
    "passed twice, both withdrawn: the later withdrawal counts": (
        chosen(attempts=(passed(2), passed(8)), completions=(done(2, back=20), done(8, back=10))),
        {"completed_on": None, "withdrawn_on": on(20)},
        Status.WITHDRAWN,
    ),
    "completed while the demand is taken back": (
        demanded(asked(0, back=9), attempts=(passed(2),), completions=(done(2),)),
        {"completed_on": on(2), "reason": "own_choice"},
        Status.COMPLETED,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "expected", "shown"), HISTORIES.values(), ids=HISTORIES)
def test_history(facts: EnrolmentFacts, expected: dict[str, Any], shown: Status) -> None:
    found = derive(facts)
    assert {name: getattr(found, name) for name in expected} == expected
    assert status(found, on(40)) is shown


def test_asked_anew_after_a_withdrawal_can_be_overdue() -> None:
    facts, _expected, _shown = HISTORIES["withdrawn, and asked for anew"]
    assert is_overdue(derive(facts), on(31))


MOMENTS = st.integers(0, 400).map(at)
BACK = st.none() | MOMENTS
ASSIGNMENTS = st.builds(
    AssignmentFact, MOMENTS, st.none() | st.integers(0, 400).map(on), st.booleans(),
    st.sampled_from(["role", "campaign"]), BACK,
)  # fmt: skip
ATTEMPTS = st.builds(AttemptFact, MOMENTS, st.none() | st.integers(0, 100))
COMPLETIONS = st.builds(
    CompletionFact, MOMENTS, st.integers(1, 3), st.integers(0, 100), st.sampled_from(["en", "fr"]),
    st.none() | st.integers(401, 900).map(on), withdrawn_at=BACK,
)  # fmt: skip
# One person cannot have two attempts, or two completions, of one course at the same moment.
FACTS = st.builds(
    EnrolmentFacts, MOMENTS, st.booleans(), st.none() | MOMENTS, st.lists(ASSIGNMENTS, max_size=4).map(tuple),
    st.lists(ATTEMPTS, max_size=4, unique_by=lambda fact: fact.started_at).map(tuple),
    st.lists(COMPLETIONS, max_size=3, unique_by=lambda fact: fact.effective_at).map(tuple),
)  # fmt: skip


@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_is_irrelevant(facts: EnrolmentFacts, random: Random) -> None:
    mixed = {name: list(getattr(facts, name)) for name in ("assignments", "attempts", "completions")}
    for part in mixed.values():
        random.shuffle(part)
    assert derive(replace(facts, **{name: tuple(part) for name, part in mixed.items()})) == derive(facts)


@given(FACTS)
def test_a_standing_completion_is_never_withdrawn(facts: EnrolmentFacts) -> None:
    found = derive(facts)
    live = [fact for fact in facts.completions if fact.withdrawn_at is None]
    assert (found.completed_on is not None) == bool(live)
    assert not (live and found.withdrawn_on)
    assert status(found, date(2030, 1, 1)) is not Status.WITHDRAWN or found.withdrawn_on


@given(FACTS)
def test_demands_taken_back_ask_for_nothing(facts: EnrolmentFacts) -> None:
    taken_back = tuple(replace(fact, withdrawn_at=at(400)) for fact in facts.assignments)
    found = derive(replace(facts, assignments=taken_back))
    assert (found.due_on, found.mandatory) == (None, False)
    # Who began goes on by own choice; who never began was asked, and that stays the reason.
    chose = facts.own_choice or facts.started_at or facts.attempts or not facts.assignments
    assert (found.reason == "own_choice") == bool(chose)
