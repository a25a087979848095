"""Recalls beside other acts: open attempts, late answers, later attempts, judgements, hand-ins under a wrong one."""

from sqlalchemy import select

from lms.models import Attempt, CompletionWithdrawal
from lms.services.late_answers import decide_late
from tests import world
from tests.many_attempts import SLUG, take_twice
from tests.services import recalling as act
from tests.services import steps


def completed_on(database, email):
    with database.read() as session:
        return steps.standing(session, email, SLUG).completed_on


def live(database, email) -> int:
    """How many completions count."""
    with database.read() as session:
        gone = set(session.scalars(select(CompletionWithdrawal.completion_id).where(CompletionWithdrawal.is_current)))
        return sum(1 for completion in steps.completions(session, email, SLUG) if completion.id not in gone)


def test_an_attempt_that_was_open_meanwhile_completes_nothing_twice(wide, who) -> None:
    act.take(wide, who("amina"), 1, "b")
    second = steps.begin(wide, steps.later(who("amina"), hours=1), SLUG)
    recall = act.recall(wide, who("olga"), "credit")
    act.decide(wide, who("ingrid"), recall)
    assert completed_on(wide, "amina") == world.TODAY
    steps.answer(wide, steps.later(who("amina"), hours=2), second)
    assert steps.submit(wide, steps.later(who("amina"), hours=2), second).passed
    assert live(wide, "amina") == 1
    act.decide(wide, steps.later(who("ingrid"), hours=3), recall, "undone")
    assert live(wide, "amina") == 1  # the second attempt completes the course now


def test_of_many_with_two_attempts_each_nobody_is_left(wide, who) -> None:
    take_twice(wide, 120)
    recall = act.recall(wide, who("olga"), "credit")
    assert act.decide(wide, who("ingrid"), recall) == 2
    assert [(row.waiting, row.decided) for row in act.listed(wide, who("ingrid"))] == [(0, 240)]


def test_late_answers_after_a_recall_that_took_the_completion_away(wide, who, mended) -> None:
    ref = act.take(wide, who("wei"), 1, "a")
    with wide.transaction() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.ref == ref)).one()
        act.late_answer(session, attempt, "q1", "a")
    mended()
    act.decide(wide, who("ingrid"), act.recall(wide, who("olga")), policy="as_marked")
    assert (act.percent(wide, ref), completed_on(wide, "wei")) == ((66, False), None)
    with wide.transaction() as session:
        decide_late(session, steps.later(who("ingrid"), hours=2), ref=ref, accepted=True, reason="The line was down")
    assert (act.percent(wide, ref), live(wide, "wei")) == ((83, True), 1)


def test_what_was_handed_in_under_a_wrong_recall_can_be_put_right(wide, who) -> None:
    recall = act.recall(wide, who("olga"), "drop")
    ref = act.take(wide, who("amina"), 1, "a")
    assert act.percent(wide, ref) == (80, True)  # four of five
    act.take_back(wide, who("olga"))
    assert [(row.waiting, row.decided) for row in act.listed(wide, who("ingrid"))] == [(0, 1)]
    act.decide(wide, who("ingrid"), recall, "undone")
    assert act.percent(wide, ref) == (83, True)
    assert [(row.waiting, row.decided) for row in act.listed(wide, who("ingrid"))] == [(0, 0)]


def test_the_first_completion_comes_back_where_a_later_attempt_stood_in(wide, who, mended) -> None:
    act.take(wide, who("wei"), 1, "a")
    mended()
    recall = act.recall(wide, who("olga"))
    act.decide(wide, who("ingrid"), recall, policy="as_marked")
    act.take(wide, steps.later(who("wei"), days=9), 0, "b")
    assert completed_on(wide, "wei") > world.TODAY
    act.decide(wide, steps.later(who("ingrid"), days=10), recall, "undone")
    assert (completed_on(wide, "wei"), live(wide, "wei")) == (world.TODAY, 1)


def test_a_judgement_stands_above_a_recall(wide, who, mended) -> None:
    act.take(wide, who("wei"), 1, "a")
    mended()
    recall = act.recall(wide, who("olga"))
    act.decide(wide, who("ingrid"), recall, policy="as_marked")
    steps.withdraw(wide, steps.later(who("ingrid"), hours=1), "wei", SLUG)
    act.decide(wide, steps.later(who("ingrid"), hours=2), recall, "undone")
    assert live(wide, "wei") == 0


def test_what_is_decided_elsewhere_is_told_there(wide, who) -> None:
    act.take(wide, who("jose"), 1, "b")
    act.take(wide, who("amina"), 1, "b")
    recall = act.recall(wide, who("olga"), "credit")
    act.decide(wide, who("nadia"), recall, reason="The east")
    act.decide(wide, who("ingrid"), recall, reason="Jose is a special case")
    assert [row.text for row in act.detail(wide, who("nadia"), recall).decisions] == ["The east"]
    assert len(act.detail(wide, who("ingrid"), recall).decisions) == 2
