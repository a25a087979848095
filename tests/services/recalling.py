"""People with chosen answers to the quiz of six questions, and what authors and HR do about its sixth."""

from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import Database
from lms.models import AnswerEvent, AnswerValue, Attempt, AttemptQuestion, AttemptResult, Question
from lms.permissions import Actor
from lms.services import recall_decisions as decisions
from lms.services import recalls
from lms.services.answers import Answer, record_answers
from tests.many_attempts import SLUG
from tests.services import steps

QUESTION = "q6"  # its published key says a, and b is right


def take(database: Database, actor: Actor, wrong: int, sixth: str) -> str:
    """Hand in the quiz with so many wrong answers to q1 to q5, and this option for q6; returns the attempt's ref."""
    ref = steps.begin(database, actor, SLUG)
    with database.transaction() as session:
        rows = session.execute(
            select(AttemptQuestion.position, AttemptQuestion.option_order, Question.key)
            .join(Question, Question.id == AttemptQuestion.question_id)
            .join(Attempt, Attempt.id == AttemptQuestion.attempt_id).where(Attempt.ref == ref)
        )  # fmt: skip
        answers = []
        for position, order, key in rows:
            option = sixth if key == QUESTION else "b" if int(key[1:]) <= wrong else "a"
            answers.append(Answer(str(uuid4()), position, (str(order.index(option) + 1),)))
        record_answers(session, actor, ref=ref, answers=answers)
    steps.submit(database, actor, ref)
    return ref


def recall(database: Database, author: Actor, kind: str = "key", question: str = QUESTION, number: int = 1) -> str:
    """Returns the recall's ref."""
    with database.transaction() as session:
        made = recalls.recall_question(
            session, author, slug=SLUG, number=number, key=question, kind=kind, reason="Option b is right"
        )
        session.flush()
        return made.ref


def page(database: Database, author: Actor, question: str = QUESTION) -> recalls.RecallPage:
    with database.read() as session:
        return recalls.get_recall_page(session, author, slug=SLUG, number=1, key=question)


def take_back(database: Database, author: Actor) -> None:
    with database.transaction() as session:
        recalls.take_back(session, author, slug=SLUG, number=1, key=QUESTION)


def decide(
    database: Database, actor: Actor, ref: str, act: str = "applied", policy: str = "never_worsen", reason: str = "Fair"
) -> int:
    """Decide and carry it out as the page does; returns in how many slices."""
    with database.transaction() as session:
        decision = decisions.decide_recall(session, actor, ref=ref, act=act, policy=policy, reason=reason)
    slices, is_more = 0, True
    while is_more:
        with database.transaction() as session:
            is_more = decisions.carry_out(session, actor, ref=decision)
        slices += 1
    return slices


def listed(database: Database, actor: Actor) -> list[decisions.Recalled]:
    with database.read() as session:
        return decisions.list_recalls(session, actor)


def detail(database: Database, actor: Actor, ref: str) -> decisions.RecallDetail:
    with database.read() as session:
        return decisions.get_recall(session, actor, ref=ref)


def percent(database: Database, ref: str) -> tuple[int, bool]:
    """What an attempt earned, as its result that stands says."""
    with database.read() as session:
        row = session.execute(
            select(AttemptResult.percent, AttemptResult.passed).join(Attempt, Attempt.id == AttemptResult.attempt_id)
            .where(Attempt.ref == ref, AttemptResult.is_current)
        ).one()  # fmt: skip
        return row.percent, row.passed


def follows(database: Database) -> dict[str, list[Any]]:
    """What is derived from results, and must be as before when all is undone."""
    found = steps.contents(database)
    return {name: found[name] for name in ("lms_standings", "lms_evidence", "lms_completions")}


def late_answer(session: Session, attempt: Attempt, key: str, option: str) -> None:
    """An answer that came after the time was over, as it is held for HR."""
    query = select(Question.id).where(Question.version_id == attempt.version_id, Question.key == key)
    event = AnswerEvent(
        event_id=str(uuid4()), attempt_id=attempt.id, question_id=session.scalar(query), value_hash="0" * 64,
        received_at=attempt.started_at, tab="tab", sequence=99, is_late=True,
    )  # fmt: skip
    session.add(event)
    session.flush()
    session.add(AnswerValue(answer_id=event.id, salt="salt", value=option))
