"""The same act several times at once, and acts that meet half done: on both databases one outcome."""

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict, LmsError
from lms.models import (
    AnswerEvent,
    Assignment,
    Attempt,
    AttemptResult,
    Completion,
    CompletionWithdrawal,
    DevelopmentPlan,
    Enrolment,
    Evidence,
)
from lms.permissions import operator
from lms.services import standings
from lms.services.answers import Answer, record_answers
from lms.services.assignments import assign_course, withdraw_assignment
from lms.services.attempts import start_attempt
from lms.services.completions import withdraw_completion
from lms.services.enrolments import start_course
from lms.services.plans import start_plan
from lms.services.submitting import submit_attempt
from tests import world
from tests.services import steps
from tests.services.at_once import meeting, together


def count(database, model) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model))


def assert_standings_hold(database) -> None:
    """What is stored equals what the facts say."""
    before = steps.contents(database)["lms_standings"]
    with database.transaction() as session:
        standings.rebuild(session, operator(world.NOW))
    assert steps.contents(database)["lms_standings"] == before


def test_starting_at_once_gives_one_attempt(database, who) -> None:
    steps.read(database, who("amina"))
    refs = together(database, lambda session: start_attempt(session, who("amina"), slug="basics").ref)
    assert len(set(refs)) == 1, refs
    assert count(database, Attempt) == 1


def test_handing_in_at_once_gives_one_completion(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    steps.answer(database, who("amina"), ref)
    results = together(database, lambda session: submit_attempt(session, who("amina"), ref=ref).percent)
    assert results == [100] * 6
    assert [count(database, model) for model in (AttemptResult, Completion, Evidence)] == [1, 1, 1]


def test_attempts_allowed_hold_under_threads(database, who) -> None:
    amina = who("amina")
    steps.read(database, amina)

    def try_once(session):
        return submit_attempt(session, amina, ref=start_attempt(session, amina, slug="basics").ref).percent

    results = together(database, try_once, times=8)
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(result, Conflict) for result in refused), refused
    assert count(database, Attempt) == 3


def test_the_last_attempt_is_not_given_twice(database, who) -> None:
    """The second start begins while the third attempt is being handed in."""
    amina = who("amina")
    for _ in range(2):
        steps.take(database, amina, right=False)
    ref = steps.begin(database, amina)
    told = meeting(
        database,
        lambda session: submit_attempt(session, amina, ref=ref),
        lambda session: start_attempt(session, amina, slug="basics"),
    )
    assert isinstance(told, Conflict), told
    assert count(database, Attempt) == 3


def test_opening_a_course_at_once_enrols_once(database, who) -> None:
    refs = together(database, lambda session: start_course(session, who("amina"), slug="basics").ref)
    assert len(set(refs)) == 1, refs
    assert count(database, Enrolment) == 1


def test_assigning_at_once_enrols_once_and_keeps_every_demand(database, who) -> None:
    kofi = who("kofi")
    with database.read() as session:
        refs = [steps.person(session, name).ref for name in ("amina", "wei")]

    def assign(session):
        assign_course(session, kofi, course_slug="basics", people=refs, due_on=world.DUE, mandatory=False)

    assert together(database, assign) == [None] * 6
    assert (count(database, Enrolment), count(database, Assignment)) == (2, 12)
    assert_standings_hold(database)


def test_starting_a_plan_at_once_starts_one(database, who) -> None:
    assert together(database, lambda session: start_plan(session, who("amina"), cycle_start="01-01")) == [None] * 6
    assert count(database, DevelopmentPlan) == 1


def test_withdrawing_at_once_withdraws_once(database, who) -> None:
    steps.take(database, who("amina"))
    with database.read() as session:
        ref = steps.completions(session, "amina")[0].ref
    results = together(database, lambda s: withdraw_completion(s, who("ingrid"), ref=ref, reason="Wrong").ref)
    refused = [result for result in results if not isinstance(result, str)]
    assert len(refused) == 5, results
    assert all(isinstance(result, Conflict) for result in refused), refused
    assert count(database, CompletionWithdrawal) == 1


def test_taking_an_assignment_back_at_once_is_refused_politely(database, who) -> None:
    (ref,) = steps.assign(database, who("kofi"), "amina")
    results = together(database, lambda session: withdraw_assignment(session, who("kofi"), ref=ref))
    assert results.count(None) == 1, results
    assert all(isinstance(result, Conflict) for result in results if result is not None), results


def test_an_answer_that_meets_the_handing_in_is_kept_and_does_not_count(database, who) -> None:
    amina, ref = who("amina"), steps.begin(database, who("amina"))
    told = meeting(
        database,
        lambda session: submit_attempt(session, amina, ref=ref),
        lambda session: record_answers(session, amina, ref=ref, answers=[Answer("late", 1, ("1",))]),
    )
    assert told.is_closed, told
    with database.read() as session:
        assert session.scalars(select(AnswerEvent.takes_effect)).all() == [False]


def test_handing_in_counts_an_answer_that_is_being_stored(database, who) -> None:
    amina, ref = who("amina"), steps.begin(database, who("amina"))
    percent = meeting(
        database,
        lambda session: record_answers(session, amina, ref=ref, answers=steps.chosen(session, ref, right=True)),
        lambda session: submit_attempt(session, amina, ref=ref).percent,
    )
    assert percent == 100


def test_saving_the_same_answers_at_once_stores_them_once(database, who) -> None:
    amina, ref = who("amina"), steps.begin(database, who("amina"))
    answers = [Answer("one", 1, ("1",)), Answer("two", 1, ("2",))]
    results = together(database, lambda session: record_answers(session, amina, ref=ref, answers=answers))
    assert [list(result.numbers) for result in results] == [["one", "two"]] * 6
    assert len({tuple(result.numbers.values()) for result in results}) == 1
    assert count(database, AnswerEvent) == 2


@pytest.mark.parametrize("begins_first", [True, False])
def test_beginning_while_the_assignment_is_taken_back(database, who, begins_first) -> None:
    (ref,) = steps.assign(database, who("kofi"), "amina")
    acts = [
        lambda session: start_course(session, who("amina"), slug="basics"),
        lambda session: withdraw_assignment(session, who("kofi"), ref=ref),
    ]
    told = meeting(database, *(acts if begins_first else reversed(acts)))
    assert not isinstance(told, (LmsError, RuntimeError)), told
    assert_standings_hold(database)


def test_being_assigned_while_handing_in(database, who) -> None:
    amina, ref = who("amina"), steps.begin(database, who("amina"))
    steps.answer(database, amina, ref)
    with database.read() as session:
        person = steps.person(session, "amina").ref
    meeting(
        database,
        lambda session: submit_attempt(session, amina, ref=ref),
        lambda s: assign_course(
            s, who("kofi"), course_slug="basics", people=[person], due_on=world.DUE, mandatory=True
        ),
    )
    assert_standings_hold(database)
