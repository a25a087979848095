"""What a learner reads after handing in: the mark, what each answer teaches, what to read again."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Executable, ScalarSelect, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    Attempt,
    AttemptQuestion,
    AttemptResult,
    Completion,
    CompletionWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    Question,
    QuestionFeedback,
    QuestionKey,
    QuestionText,
    Section,
)
from lms.permissions import Actor, require
from lms.services.attempts import Drawn, current_answers
from lms.services.scope import LANGUAGE, ME, own
from lms.services.submitting import mark_answer


@dataclass(frozen=True)
class Reviewed:
    """A question after the attempt: what was answered, its mark and what it teaches."""

    question: Drawn
    mark: Fraction
    right: dict[str, Any] | None  # the key, only where no further attempt can use it
    feedback: dict[str, Any]


@dataclass(frozen=True)
class ResultPage:
    """An attempt's result as its learner reads it."""

    attempt: Attempt
    result: AttemptResult
    slug: str
    title: str
    code: str
    reviewed: list[Reviewed]
    read_again: list[tuple[str, str]]  # section key, title
    attempts_left: int
    completion_ref: str | None
    withdrawn: bool
    application_due_on: date | None


def get_result(session: Session, actor: Actor, *, ref: str) -> ResultPage | None:
    """The result of the actor's own attempt, or None while it is open. Three queries."""
    require(actor, "attempts.take")
    row = session.execute(_own_result(), own(actor, ref=ref)).first()
    if row is None:
        raise NotFound()
    if row.AttemptResult is None:
        return None
    left = max(0, row.attempts_allowed - row.used)
    reviewed, again = _review(session, row.Attempt, show_key=row.AttemptResult.passed or left == 0)
    return ResultPage(
        attempt=row.Attempt, result=row.AttemptResult, slug=row.slug, title=row.title, code=row.code,
        reviewed=reviewed, read_again=again, attempts_left=left, completion_ref=row.ref, withdrawn=row.withdrawn,
        application_due_on=row.application_due_on,
    )  # fmt: skip


@cache
def _own_result() -> Executable:
    current = aliased(CourseVersion)  # it says how many attempts there are now
    return (
        select(Attempt, AttemptResult, Course.slug, Course.code, CourseText.title, current.attempts_allowed)
        .add_columns(_attempts_used().label("used"), Completion.ref, Completion.application_due_on)
        .add_columns(CompletionWithdrawal.id.is_not(None).label("withdrawn"))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(CourseVersion, CourseVersion.id == Attempt.version_id)
        .join(current, and_(current.course_id == CourseVersion.course_id, current.is_current))
        .join(Course, Course.id == CourseVersion.course_id)
        .join(CourseText, and_(CourseText.version_id == CourseVersion.id, CourseText.language == Attempt.language))
        .outerjoin(AttemptResult, AttemptResult.attempt_id == Attempt.id)
        .outerjoin(Completion, Completion.attempt_id == Attempt.id)
        .outerjoin(CompletionWithdrawal, CompletionWithdrawal.completion_id == Completion.id)
        .where(Attempt.ref == bindparam("ref"), Enrolment.person_id == ME)
    )


def _attempts_used() -> ScalarSelect[int]:
    """Attempts of the same enrolment since the last withdrawal of a completion."""
    other, completion = aliased(Attempt), aliased(Completion)
    withdrawn = (
        select(func.max(CompletionWithdrawal.recorded_at))
        .join(completion, completion.id == CompletionWithdrawal.completion_id)
        .where(completion.enrolment_id == Attempt.enrolment_id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    since = or_(withdrawn.is_(None), other.started_at > withdrawn)
    count = select(func.count()).select_from(other).where(other.enrolment_id == Attempt.enrolment_id, since)
    return count.correlate(Attempt).scalar_subquery()


def _review(session: Session, attempt: Attempt, show_key: bool) -> tuple[list[Reviewed], list[tuple[str, str]]]:
    values = current_answers(session, attempt)
    reviewed, sections = [], set()
    for row in session.execute(_questions(), {"attempt": attempt.id, "language": attempt.language}):
        drawn = Drawn(row.id, row.position, row.type, row.body, row.option_order, values.get(row.id))
        mark = mark_answer(row.type, row.right, drawn.value)
        reviewed.append(Reviewed(drawn, mark, row.right if show_key else None, row.feedback))
        if mark < 1 and row.section_title:
            sections.add((row.section_position, row.section_key, row.section_title))
    return reviewed, [(key, title) for _, key, title in sorted(sections)]


@cache
def _questions() -> Executable:
    section = and_(
        Section.version_id == Question.version_id,
        Section.key == Question.section_key,
        Section.language == LANGUAGE,
    )
    return (
        select(Question.id, Question.type, Question.section_key, QuestionText.body)
        .add_columns(AttemptQuestion.position, AttemptQuestion.option_order)
        .add_columns(Section.title.label("section_title"), Section.position.label("section_position"))
        .add_columns(QuestionKey.body.label("right"), QuestionFeedback.body.label("feedback"))
        .join(AttemptQuestion, AttemptQuestion.question_id == Question.id)
        .join(QuestionText, and_(QuestionText.question_id == Question.id, QuestionText.language == LANGUAGE))
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .join(
            QuestionFeedback, and_(QuestionFeedback.question_id == Question.id, QuestionFeedback.language == LANGUAGE)
        )
        .outerjoin(Section, section)
        .where(AttemptQuestion.attempt_id == bindparam("attempt"))
        .order_by(AttemptQuestion.position)
    )
