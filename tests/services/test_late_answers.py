"""Answers that came late: held, told to HR as a number, and counted only where HR says so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import AttemptResult, Completion
from lms.permissions import operator
from lms.services import standings
from lms.services.answers import record_answers
from lms.services.attempts import get_quiz
from lms.services.late_answers import decide_late, list_held
from lms.services.results import get_result
from tests import world
from tests.services import steps


def come_late(database, who, person="amina", right=True) -> str:
    """Answer an hour after the start of thirty minutes; the attempt stays open."""
    ref = steps.begin(database, who(person))
    steps.answer(database, steps.later(who(person), hours=1), ref, right=right)
    return ref


def decide(database, actor, ref, accepted=True, reason="The line was down") -> None:
    with database.transaction() as session:
        decide_late(session, actor, ref=ref, accepted=accepted, reason=reason)


def held(database, actor) -> list:
    with database.read() as session:
        return list_held(session, actor)


def test_hr_is_told_how_many_and_how_late(database, who) -> None:
    come_late(database, who)
    (row,) = held(database, who("ingrid"))
    assert (row.name, row.answers, row.late_by) == ("Amina Diallo", 1, timedelta(minutes=30))
    assert held(database, who("nadia")) == [row]
    assert not hasattr(row, "values")


def test_in_time_and_out_of_scope_nothing_is_told(database, who) -> None:
    steps.take(database, who("amina"))
    come_late(database, who, "jose")
    assert held(database, who("nadia")) == []
    with pytest.raises(Forbidden):
        held(database, who("kofi"))


def test_accepted_they_count_as_if_they_had_come_in_time(database, who) -> None:
    ref = come_late(database, who)
    assert not steps.submit(database, steps.later(who("amina"), hours=1), ref).passed
    decide(database, steps.later(who("ingrid"), hours=2), ref)
    with database.read() as session:
        result = get_result(session, who("amina"), ref=ref)
        assert (result.result.passed, result.result.cause, result.late_accepted) == (True, "late_answers", True)
        assert result.result.finished_at == world.NOW + timedelta(minutes=30)
        assert result.reviewed[0].question.value is not None
        assert [row.is_current for row in session.scalars(select(AttemptResult).order_by(AttemptResult.id))] == [
            False,
            True,
        ]
        assert steps.standing(session, "amina").completed_on == world.TODAY
    assert held(database, who("ingrid")) == []


def test_refused_they_stay_and_do_not_count(database, who) -> None:
    ref = come_late(database, who)
    decide(database, steps.later(who("ingrid"), hours=2), ref, accepted=False)
    with database.read() as session:
        result = get_result(session, who("amina"), ref=ref)  # handed in by the decision
        assert (result.result.passed, result.late_accepted, result.late_reason) == (False, False, "The line was down")
        assert result.held == 1
        assert session.scalars(select(Completion)).all() == []


def test_a_result_never_becomes_worse(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    steps.answer(database, who("amina"), ref, right=True)
    steps.answer(database, steps.later(who("amina"), hours=1), ref, right=False)
    decide(database, steps.later(who("ingrid"), hours=2), ref)
    with database.read() as session:
        assert get_result(session, who("amina"), ref=ref).result.passed
        assert len(session.scalars(select(AttemptResult)).all()) == 1


def test_it_is_decided_once_with_a_reason_and_not_on_ones_own(database, who) -> None:
    ref = come_late(database, who)
    with steps.unchanged(database), pytest.raises(Invalid):
        decide(database, who("ingrid"), ref, reason="  ")
    decide(database, who("ingrid"), ref)
    with steps.unchanged(database), pytest.raises(Conflict):
        decide(database, who("nadia"), ref, accepted=False)
    own = come_late(database, who, "nadia")
    with steps.unchanged(database), pytest.raises(Forbidden):
        decide(database, who("nadia"), own)
    west = come_late(database, who, "jose")
    with steps.unchanged(database), pytest.raises(NotFound):
        decide(database, who("nadia"), west)


def test_there_has_to_be_something_to_decide(database, who) -> None:
    ref = steps.take(database, who("amina"))
    with steps.unchanged(database), pytest.raises(Conflict):
        decide(database, who("ingrid"), ref)


def test_somebody_who_completed_meanwhile_is_not_completed_twice(database, who) -> None:
    ref = come_late(database, who)
    steps.submit(database, steps.later(who("amina"), hours=1), ref)
    steps.take(database, steps.later(who("amina"), hours=2))
    decide(database, steps.later(who("ingrid"), hours=3), ref)
    with database.read() as session:
        assert len(session.scalars(select(Completion)).all()) == 1


def test_what_is_stored_afterwards_equals_what_the_facts_say(database, who) -> None:
    decide(database, steps.later(who("ingrid"), hours=2), come_late(database, who))
    before = steps.contents(database)["lms_standings"]
    with database.transaction() as session:
        standings.rebuild(session, operator(world.NOW))
    assert steps.contents(database)["lms_standings"] == before


def test_the_page_shows_a_late_answer_and_the_mark_leaves_it_out(database, who) -> None:
    ref = come_late(database, who)
    late = steps.later(who("amina"), hours=1)
    with database.read() as session:
        quiz = get_quiz(session, late, ref=ref)
    assert (quiz.drawn[0].is_late, quiz.unanswered, quiz.log.held) == (True, [], 1)
    assert steps.submit(database, late, ref).percent == 0


def test_an_answer_that_came_in_time_is_not_late_when_it_is_sent_again(database, who) -> None:
    """Its receipt was lost, and the time is over meanwhile."""
    ref = steps.begin(database, who("amina"))
    answers = steps.answer(database, who("amina"), ref)
    with database.transaction() as session:
        receipt = record_answers(session, steps.later(who("amina"), hours=1), ref=ref, answers=answers)
    assert not receipt.is_late
