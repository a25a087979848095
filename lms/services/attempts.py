"""Attempts: the server draws, keeps each answer when it is given, and marks."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, NotFound
from lms.models import (
    AnswerEvent,
    AnswerValue,
    Attempt,
    AttemptQuestion,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    Post,
    Question,
    QuestionText,
)
from lms.permissions import Actor, require
from lms.questions import TYPES, Value
from lms.rules.attempting import Obstacle
from lms.services import standings
from lms.services.answers import parse_value, sent_values
from lms.services.attempt_rows import Met, attempt_row, drawn_rows
from lms.services.courses import CoursePage, get_course, own_enrolment
from lms.services.scope import LANGUAGE, ME, own, rows
from lms.services.writing import audit, insert_all

OBSTACLES = {
    Obstacle.COMPLETED: N_("You have completed this course. There is nothing more to hand in."),
    Obstacle.EXPIRED: N_("What you completed no longer counts. Renew the course first: that opens a new period."),
    Obstacle.PREREQUISITES: N_("Complete first the courses that this one builds on."),
    Obstacle.SECTIONS: N_("Read all sections first: the quiz opens when each is marked as read."),
    Obstacle.NO_ATTEMPTS_LEFT: N_("You have used all attempts. Your line manager or HR can help you from here."),
    Obstacle.NOT_YET_OPEN: N_("The quiz is not open yet. The course's page says from which day."),
    Obstacle.CLOSED: N_("The last day of this quiz is over. Ask your line manager or HR what you can do."),
    Obstacle.TOO_SOON: N_("You may try again a little later: the course's page says when. Until then, read again."),
}


NO_ANSWER: tuple[Value, int, bool] = (None, 0, False)


@dataclass(frozen=True)
class Drawn:
    """A drawn question with the current answer."""

    question_id: int
    position: int
    type: str
    body: dict[str, Any]
    option_order: list[str]
    value: Value
    answer_id: int = 0  # the number of the answer in the log; 0 where there is none
    is_late: bool = False  # the answer came after the time was over: HR decides whether it counts
    language: str = ""  # that of the question's texts

    @property
    def sent(self) -> tuple[str, ...]:
        """The current answer as the form would send it."""
        return sent_values(self.type, self.body, self.option_order, self.value)

    @property
    def is_marked(self) -> bool:
        """Whether the answer earns anything; a self-rating does not."""
        return TYPES[self.type].is_marked

    def parse(self, values: Sequence[str]) -> Value:
        """The answer behind what a form sends; raises Invalid."""
        return parse_value(self.type, self.body, self.option_order, values)


@dataclass(frozen=True)
class AnswerLog:
    """The answers of an attempt that took effect, in the order of arrival (see `_answered`)."""

    rows: Sequence[Any]

    def standing(self, *, late_count: bool = False) -> dict[int, Value]:
        """Question id -> the answer that stands (rules.answering.standing_answer)."""
        return {row.question_id: row.value for row in self.rows if late_count or not row.is_late}

    @property
    def held(self) -> int:
        """How many came late: HR decides whether they count."""
        return sum(1 for row in self.rows if row.is_late)


@dataclass(frozen=True)
class QuizPage:
    """An attempt as its learner answers it."""

    attempt: Attempt
    person_id: int
    slug: str
    code: str
    title: str
    drawn: list[Drawn]  # with the newest answers, late ones too
    log: AnswerLog

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
    rows(session, _own_enrolment_locked(), own(actor, slug=slug))
    course = get_course(session, actor, slug=slug)
    if course.enrolment_id is None:
        raise Conflict(N_("Start the course first: then what you read and answer is kept."))
    if course.open_attempt:
        return session.scalars(select(Attempt).where(Attempt.ref == course.open_attempt)).one()
    if course.obstacle:
        raise Conflict(OBSTACLES[Obstacle(course.obstacle)])
    seed = secrets.randbits(31) if seed is None else seed
    attempt = Attempt(**_row(actor, course, seed))
    session.add(attempt)
    session.flush()
    insert_all(session, AttemptQuestion, list(_draw(session, attempt, course.version)))
    standings.refresh(session, [attempt.enrolment_id], actor.at, is_locked=True)
    audit(session, actor, "attempts.start", "attempt", attempt.ref)
    return attempt


def _row(actor: Actor, course: CoursePage, seed: int) -> dict[str, Any]:
    assert course.enrolment_id is not None
    return attempt_row(
        actor, course.enrolment_id, course.version, number=course.attempts_made + 1, language=course.language,
        seed=seed, factor=course.time_factor,
    )  # fmt: skip


def _draw(session: Session, attempt: Attempt, version: CourseVersion) -> Iterable[dict[str, Any]]:
    asked = {"version": attempt.version_id, "language": attempt.language, "enrolment": attempt.enrolment_id}
    found = rows(session, _questions(), asked)
    last = {row.id for row in found if row.last == attempt.number - 1}
    met = Met({row.id: row.times for row in found}, last, found[0].function or "" if found else "")
    return drawn_rows(attempt.id, attempt.seed, version, found, met)


@cache
def _own_enrolment_locked() -> Executable:
    query = select(Enrolment.id).join(Course, own_enrolment()).where(Course.slug == bindparam("slug"))
    return query.with_for_update(of=Enrolment, key_share=True)


@cache
def _questions() -> Executable:
    """All questions of a version, each with how often it was drawn in the enrolment, and in which attempt last; and
    the function in which the learner works.

    A question is the same in every version of its course that has its key.
    """
    before = aliased(Question)
    met = (
        select(before.key, func.count().label("times"), func.max(Attempt.number).label("last"))
        .join(AttemptQuestion, AttemptQuestion.question_id == before.id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .where(Attempt.enrolment_id == bindparam("enrolment"))
        .group_by(before.key)
        .subquery()
    )
    works = select(Post.function).join(Enrolment, Enrolment.person_id == Post.person_id)
    function = works.where(Enrolment.id == bindparam("enrolment"), Post.is_latest).scalar_subquery()
    return (
        select(Question.id, Question.pool, Question.pool_draw, Question.type, QuestionText.body)
        .add_columns(Question.tags, Question.competency, Question.difficulty)
        .add_columns(func.coalesce(met.c.times, 0).label("times"), met.c.last, function.label("function"))
        .join(QuestionText, QuestionText.question_id == Question.id)
        .outerjoin(met, met.c.key == Question.key)
        .where(Question.version_id == bindparam("version"), QuestionText.language == LANGUAGE)
        .order_by(Question.id)
    )


def read_answers(session: Session, attempt: Attempt) -> AnswerLog:
    """One query."""
    return AnswerLog(rows(session, _answered(), {"attempt": attempt.id}))


@cache
def _answered() -> Executable:
    return (
        select(AnswerEvent.question_id, AnswerEvent.id, AnswerEvent.is_late, AnswerValue.value)
        .join(AnswerValue, AnswerValue.answer_id == AnswerEvent.id)
        .where(AnswerEvent.attempt_id == bindparam("attempt"), AnswerEvent.takes_effect)
        .order_by(AnswerEvent.id)
    )


def get_quiz(session: Session, actor: Actor, *, ref: str, for_update: bool = False) -> QuizPage:
    """The actor's own attempt with its course's name and its questions; three queries.

    `for_update` lets nobody else save or hand in until the commit.
    """
    require(actor, "attempts.take")
    row = session.execute(_own_attempt_locked() if for_update else _own_attempt(), own(actor, ref=ref)).first()
    if row is None:
        raise NotFound()
    log = read_answers(session, row.Attempt)
    drawn = list_drawn(session, row.Attempt, log)
    return QuizPage(row.Attempt, row.person_id, row.slug, row.code, row.title, drawn, log)


@cache
def _own_attempt_locked() -> Executable:
    return (
        _own_attempt()
        .with_for_update(of=(Enrolment, Attempt), key_share=True)
        .execution_options(populate_existing=True)
    )


@cache
def _own_attempt() -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(Attempt, Enrolment.person_id.label("person_id"), Course.slug, Course.code, CourseText.title)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseText, and_(CourseText.version_id == Attempt.version_id, CourseText.language == Attempt.language))
        .where(Attempt.ref == bindparam("ref"), Enrolment.person_id == ME)
    )
    return query


def list_drawn(session: Session, attempt: Attempt, log: AnswerLog) -> list[Drawn]:
    """The attempt's questions in their order with the newest answers; one query."""
    newest = {row.question_id: (row.value, row.id, row.is_late) for row in log.rows}
    drawn = rows(session, _drawn(), {"attempt": attempt.id, "language": attempt.language})
    return [
        Drawn(
            row.id,
            row.position,
            row.type,
            row.body,
            row.option_order,
            *newest.get(row.id, NO_ANSWER),
            language=attempt.language,
        )
        for row in drawn
    ]


@cache
def _drawn() -> Executable:
    return (
        select(Question.id, AttemptQuestion.position, Question.type, QuestionText.body, AttemptQuestion.option_order)
        .join(Question, Question.id == AttemptQuestion.question_id)
        .join(QuestionText, QuestionText.question_id == Question.id)
        .where(AttemptQuestion.attempt_id == bindparam("attempt"), QuestionText.language == LANGUAGE)
        .order_by(AttemptQuestion.position)
    )
