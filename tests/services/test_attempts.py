"""Attempts: what must come first, which answers are kept, which count."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict, Invalid, NotFound
from lms.models import AnswerEvent, Attempt, AttemptQuestion, Question
from lms.rules.attempting import GRACE
from lms.services.answers import Answer, record_answers
from lms.services.attempts import OBSTACLES, get_quiz, start_attempt
from lms.services.courses import get_course
from lms.services.enrolments import finish_section, start_course
from lms.services.results import get_result
from lms.services.submitting import submit_attempt
from tests import world
from tests.services import steps

LIMIT = timedelta(minutes=30)


def obstacle(database, actor, slug="basics"):
    with database.read() as session:
        return get_course(session, actor, slug=slug).obstacle


def refusal(database, actor, slug="basics") -> str:
    with pytest.raises(Conflict) as refused, database.transaction() as session:
        start_attempt(session, actor, slug=slug)
    return refused.value.message


def save(database, actor, ref, *answers):
    with database.transaction() as session:
        return record_answers(session, actor, ref=ref, answers=answers)


def saved(database, actor, ref, *answers) -> list[str]:
    """The ids for which there is a receipt."""
    return list(save(database, actor, ref, *answers).numbers)


def events(database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(AnswerEvent))


def test_obstacles_on_the_way_to_the_first_attempt(database, who) -> None:
    amina = who("amina")
    assert "Start the course first" in refusal(database, amina)
    with database.transaction() as session:
        start_course(session, amina, slug="basics")
    for key in ("why-we-partner", "listen-first"):
        assert refusal(database, amina) == OBSTACLES["sections"]
        with database.transaction() as session:
            finish_section(session, amina, slug="basics", key=key)
    assert obstacle(database, amina) is None
    ref = steps.begin(database, amina)
    assert obstacle(database, amina) == "open_attempt"
    steps.answer(database, amina, ref)
    steps.submit(database, amina, ref)
    assert refusal(database, amina) == OBSTACLES["completed"]


def test_all_attempts_used(database, who) -> None:
    for number in range(3):
        assert obstacle(database, who("amina")) in (None, "sections"), number
        steps.take(database, who("amina"), right=False)
    assert refusal(database, who("amina")) == OBSTACLES["no_attempts_left"]


def test_a_prerequisite_comes_before_the_sections(database, who) -> None:
    with database.transaction() as session:
        start_course(session, who("amina"), slug="other")
    assert refusal(database, who("amina"), "other") == OBSTACLES["prerequisites"]
    steps.take(database, who("amina"))
    assert obstacle(database, who("amina"), "other") == "sections"


def test_a_withdrawn_prerequisite_is_missing_again(database, who) -> None:
    steps.take(database, who("amina"))
    steps.withdraw(database, who("ingrid"), "amina")
    steps.read(database, who("amina"), "other")
    assert obstacle(database, who("amina"), "other") == "prerequisites"


def test_starting_again_returns_the_open_attempt(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    assert steps.begin(database, steps.later(who("amina"), minutes=5)) == ref


def test_the_deadline_is_fixed_at_the_start(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    with database.read() as session:
        assert get_quiz(session, who("amina"), ref=ref).attempt.deadline_at == world.NOW + LIMIT


def test_the_least_seen_question_is_drawn_next(database, who) -> None:
    for _ in range(2):
        steps.take(database, who("amina"), right=False)
    with database.read() as session:
        assert len(set(session.scalars(select(AttemptQuestion.question_id)))) == 2


def test_an_answer_sent_twice_is_stored_once(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    answers = steps.answer(database, who("amina"), ref)
    with steps.unchanged(database):
        assert saved(database, steps.later(who("amina"), minutes=1), ref, *answers) == [a.event_id for a in answers]


def test_an_id_is_good_for_one_answer_only(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    first = Answer(str(uuid4()), 1, ("1",))
    save(database, who("amina"), ref, first)
    with steps.unchanged(database), pytest.raises(Invalid, match="used for another answer"):
        save(database, who("amina"), ref, replace(first, values=("2",)))


def test_one_save_may_not_give_an_id_two_meanings(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    first = Answer(str(uuid4()), 1, ("1",))
    with steps.unchanged(database), pytest.raises(Invalid, match="used for another answer"):
        save(database, who("amina"), ref, first, replace(first, values=("2",)))
    assert saved(database, who("amina"), ref, first, first) == [first.event_id]
    assert events(database) == 1


def test_of_many_answers_in_one_save_the_last_counts(database, who) -> None:
    """As when a link comes back after somebody has changed their mind a few times."""
    ref = steps.begin(database, who("amina"))
    places = [str(1 + number % 2) for number in range(40)]
    save(database, who("amina"), ref, *(Answer(str(uuid4()), 1, (place,)) for place in places))
    with database.read() as session:
        assert get_quiz(session, who("amina"), ref=ref).drawn[0].sent == (places[-1],)
    assert events(database) == 40


def test_an_id_of_somebody_else_is_refused(database, who) -> None:
    refs = {name: steps.begin(database, who(name)) for name in ("amina", "wei")}
    first = Answer(str(uuid4()), 1, ("1",))
    save(database, who("amina"), refs["amina"], first)
    with pytest.raises(Invalid):
        save(database, who("wei"), refs["wei"], first)


UNSOUND = {
    "no such question": Answer("e1", 2, ("1",)),
    "question zero": Answer("e1", 0, ("1",)),
    "no such option": Answer("e1", 1, ("9",)),
    "option zero": Answer("e1", 1, ("0",)),
    "negative": Answer("e1", 1, ("-1",)),
    "a name of the key": Answer("e1", 1, ("a",)),
    "digits of another script": Answer("e1", 1, ("١",)),
    "superscript": Answer("e1", 1, ("²",)),
    "zeros before": Answer("e1", 1, ("00012",)),
    "long": Answer("e1", 1, ("1" * 5000,)),
}


@pytest.mark.parametrize("fault", UNSOUND)
def test_an_unsound_answer_is_refused_with_all_that_came_with_it(sqlite, who, fault) -> None:
    ref = steps.begin(sqlite, who("amina"))
    with pytest.raises(Invalid):
        save(sqlite, who("amina"), ref, Answer("good", 1, ("1",)), UNSOUND[fault])
    assert events(sqlite) == 0


def test_an_answer_can_be_taken_back(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    save(database, who("amina"), ref, Answer("one", 1, ("1",)), Answer("two", 1, ()))
    with database.read() as session:
        assert get_quiz(session, who("amina"), ref=ref).unanswered == [1]
    assert events(database) == 2


def test_the_last_of_several_answers_in_one_save_counts(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    with database.read() as session:
        wrong, right = (steps.chosen(session, ref, kind)[0] for kind in (False, True))
    assert saved(database, who("amina"), ref, wrong, right) == [wrong.event_id, right.event_id]
    assert steps.submit(database, who("amina"), ref).passed


@pytest.mark.parametrize(("late", "percent"), [(GRACE, 100), (GRACE + timedelta(seconds=1), 0)])
def test_answers_after_the_grace_are_kept_and_do_not_count(database, who, late, percent) -> None:
    ref = steps.begin(database, who("amina"))
    after = replace(who("amina"), at=world.NOW + LIMIT + late)
    steps.answer(database, after, ref)
    assert events(database) == 1
    result = steps.submit(database, steps.later(after, minutes=1), ref)
    assert (result.percent, result.finished_at) == (percent, world.NOW + LIMIT)


def test_a_late_answer_does_not_replace_one_in_time(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    steps.answer(database, who("amina"), ref, right=True)
    steps.answer(database, steps.later(who("amina"), hours=2), ref, right=False)
    assert steps.submit(database, steps.later(who("amina"), hours=3), ref).passed


def test_an_answer_after_handing_in_is_kept_and_changes_nothing(database, who) -> None:
    ref = steps.take(database, who("amina"), right=False)
    with database.read() as session:
        before = get_result(session, who("amina"), ref=ref)
        right = steps.chosen(session, ref, right=True)
    receipt = save(database, who("amina"), ref, *right)
    assert receipt.is_closed
    assert events(database) == 2
    with database.read() as session:
        after = get_result(session, who("amina"), ref=ref)
    assert [item.question.sent for item in after.reviewed] == [item.question.sent for item in before.reviewed]
    assert steps.submit(database, who("amina"), ref).percent == 0


def test_an_attempt_of_somebody_else_reads_like_an_absent_one(database, who) -> None:
    own = steps.begin(database, who("amina"))
    for act in (get_quiz, get_result, submit_attempt):
        for ref in (own, "no-such-attempt"):
            with pytest.raises(NotFound), database.transaction() as session:
                act(session, who("wei"), ref=ref)
    with pytest.raises(NotFound):
        save(database, who("wei"), own, Answer("e1", 1, ("1",)))


def test_a_missed_critical_question_fails_whatever_the_mark(database, who) -> None:
    """The two questions take turns; only late-form is critical."""
    for number in range(2):
        ref = steps.take(database, steps.later(who("amina"), hours=number), right=False)
        with database.read() as session:
            result = get_result(session, who("amina"), ref=ref)
            key = session.scalar(select(Question.key).where(Question.id == result.reviewed[0].question.question_id))
        assert result.result.critical_missed == (1 if key == "late-form" else 0)


def test_the_key_is_shown_only_where_no_attempt_can_use_it(database, who) -> None:
    shown = []
    for number in range(3):
        ref = steps.take(database, steps.later(who("amina"), hours=number), right=False)
        with database.read() as session:
            result = get_result(session, who("amina"), ref=ref)
            shown.append((result.attempts_left, result.reviewed[0].right is not None))
    assert shown == [(2, False), (1, False), (0, True)]


def test_an_open_attempt_has_no_result_yet(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    with database.read() as session:
        assert get_result(session, who("amina"), ref=ref) is None
        assert session.scalar(select(func.count()).select_from(Attempt).where(Attempt.is_open)) == 1
