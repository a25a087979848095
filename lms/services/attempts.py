"""Attempts: the server draws, keeps each answer when it is given, and marks."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, and_, bindparam, func, select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, NotFound
from lms.models import (
    AnswerEvent,
    AnswerValue,
    Attempt,
    AttemptQuestion,
    Course,
    CourseText,
    Enrolment,
    Question,
    QuestionText,
)
from lms.permissions import Actor, require
from lms.questions import Value
from lms.rules.attempting import Obstacle, counts
from lms.services import standings
from lms.services.attempt_rows import attempt_row, drawn_rows
from lms.services.courses import get_course, own_enrolment
from lms.services.scope import LANGUAGE, ME, own
from lms.services.writing import audit

OBSTACLES = {
    Obstacle.COMPLETED: N_("You have completed this course. There is nothing more to hand in."),
    Obstacle.EXPIRED: N_("What you completed no longer counts. Renew the course first: that opens a new period."),
    Obstacle.PREREQUISITES: N_("Complete first the courses that this one builds on."),
    Obstacle.SECTIONS: N_("Read all sections first: the quiz opens when each is marked as read."),
    Obstacle.NO_ATTEMPTS_LEFT: N_("You have used all attempts. Your line manager or HR can help you from here."),
}


@dataclass(frozen=True)
class Drawn:
    """A drawn question with the current answer."""

    question_id: int
    position: int
    type: str
    body: dict[str, Any]
    option_order: list[str]
    value: Value

    @property
    def chosen_places(self) -> tuple[str, ...]:
        """The current answer as the form would send it: the places of the chosen options, "1" being the first."""
        chosen = [] if self.value is None else self.value if isinstance(self.value, list) else [self.value]
        return tuple(str(self.option_order.index(i) + 1) for i in self.option_order if i in chosen)


@dataclass(frozen=True)
class QuizPage:
    """An attempt as its learner answers it."""

    attempt: Attempt
    slug: str
    code: str
    title: str
    drawn: list[Drawn]

    @property
    def unanswered(self) -> list[int]:
        """The positions of questions without an answer."""
        return [question.position for question in self.drawn if question.value is None]


def start_attempt(session: Session, actor: Actor, *, slug: str, seed: int | None = None) -> Attempt:
    """Draw an attempt, or return the open one. Conflict says what has to come first.

    What is drawn is left to chance; a demonstration gives a seed of its own, so that it can be made again.
    """
    require(actor, "attempts.take")
    # Locked before anything is read: what is open and how many were used is then true until the commit.
    session.execute(_own_enrolment_locked(), own(actor, slug=slug))
    course = get_course(session, actor, slug=slug)
    if course.enrolment_id is None:
        raise Conflict(N_("Start the course first: then what you read and answer is kept."))
    newest: Attempt | None = session.scalar(_newest(), {"enrolment": course.enrolment_id})
    if newest and newest.is_open:
        return newest
    if course.obstacle:
        raise Conflict(OBSTACLES[Obstacle(course.obstacle)])
    seed = secrets.randbits(31) if seed is None else seed
    number = newest.number + 1 if newest else 1
    row = attempt_row(actor, course.enrolment_id, course.version, number=number, language=course.language, seed=seed)
    attempt = Attempt(**row)
    session.add(attempt)
    session.flush()
    session.add_all(_draw(session, attempt))
    standings.refresh(session, [course.enrolment_id], actor.at)
    audit(session, actor, "attempts.start", "attempt", attempt.ref)
    return attempt


def _draw(session: Session, attempt: Attempt) -> Iterable[AttemptQuestion]:
    rows = session.execute(_questions(), {"version": attempt.version_id, "language": attempt.language}).all()
    met = session.execute(_met(), {"enrolment": attempt.enrolment_id})
    seen = {question_id: times for question_id, times in met}  # noqa: C416  (dict() takes a result for a mapping)
    return [AttemptQuestion(**row) for row in drawn_rows(attempt.id, attempt.seed, rows, seen)]


def get_attempt(session: Session, actor: Actor, *, ref: str) -> Attempt:
    """The actor's own attempt, locked: saving an answer and handing in wait for each other."""
    require(actor, "attempts.take")
    attempt: Attempt | None = session.scalar(_own_attempt_locked(), own(actor, ref=ref))
    if attempt is None:
        raise NotFound()
    return attempt


@cache
def _own_enrolment_locked() -> Executable:
    query = select(Enrolment.id).join(Course, own_enrolment()).where(Course.slug == bindparam("slug"))
    return query.with_for_update(of=Enrolment, key_share=True)


@cache
def _newest() -> Executable:
    """The open attempt, where there is one, is the newest."""
    of = Attempt.enrolment_id == bindparam("enrolment")
    return select(Attempt).where(of).order_by(Attempt.number.desc()).limit(1)


@cache
def _questions() -> Executable:
    return (
        select(Question.id, Question.pool, Question.pool_draw, Question.type, QuestionText.body)
        .join(QuestionText, QuestionText.question_id == Question.id)
        .where(Question.version_id == bindparam("version"), QuestionText.language == LANGUAGE)
        .order_by(Question.id)
    )


@cache
def _met() -> Executable:
    """How often each question was drawn in the enrolment."""
    return (
        select(AttemptQuestion.question_id, func.count())
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(Attempt.enrolment_id == bindparam("enrolment"))
        .group_by(AttemptQuestion.question_id)
    )


@cache
def _own_attempt_locked() -> Executable:
    return (
        select(Attempt)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.ref == bindparam("ref"), Enrolment.person_id == ME)
        .with_for_update(of=Enrolment, key_share=True)
    )


def get_quiz(session: Session, actor: Actor, *, ref: str) -> QuizPage:
    """The actor's own attempt with its course's name and its questions; three queries."""
    require(actor, "attempts.take")
    row = session.execute(_own_attempt(), own(actor, ref=ref)).first()
    if row is None:
        raise NotFound()
    return QuizPage(row.Attempt, row.slug, row.code, row.title, list_drawn(session, row.Attempt))


@cache
def _own_attempt() -> Executable:
    return (
        select(Attempt, Course.slug, Course.code, CourseText.title)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseText, and_(CourseText.version_id == Attempt.version_id, CourseText.language == Attempt.language))
        .where(Attempt.ref == bindparam("ref"), Enrolment.person_id == ME)
    )


def list_drawn(session: Session, attempt: Attempt) -> list[Drawn]:
    """The attempt's questions in their order with the current answers; two queries."""
    values = current_answers(session, attempt)
    rows = session.execute(_drawn(), {"attempt": attempt.id, "language": attempt.language})
    return [Drawn(row.id, row.position, row.type, row.body, row.option_order, values.get(row.id)) for row in rows]


@cache
def _drawn() -> Executable:
    return (
        select(Question.id, AttemptQuestion.position, Question.type, QuestionText.body, AttemptQuestion.option_order)
        .join(Question, Question.id == AttemptQuestion.question_id)
        .join(QuestionText, QuestionText.question_id == Question.id)
        .where(AttemptQuestion.attempt_id == bindparam("attempt"), QuestionText.language == LANGUAGE)
        .order_by(AttemptQuestion.position)
    )


def current_answers(session: Session, attempt: Attempt) -> dict[int, Value]:
    """Question id -> the last answer that came in time."""
    rows = session.execute(_answered(), {"attempt": attempt.id})
    return {row.question_id: row.value for row in rows if counts(row.received_at, attempt.deadline_at)}


@cache
def _answered() -> Executable:
    return (
        select(AnswerEvent.question_id, AnswerEvent.received_at, AnswerValue.value)
        .join(AnswerValue, AnswerValue.answer_id == AnswerEvent.id)
        .where(AnswerEvent.attempt_id == bindparam("attempt"))
        .order_by(AnswerEvent.id)
    )
