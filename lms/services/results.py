"""What a learner reads after handing in: the mark, what each answer teaches, what to read again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Executable, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_RESULT,
    CURRENT_WITHDRAWAL,
    Attempt,
    AttemptQuestion,
    AttemptResult,
    Completion,
    CompletionWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    FactText,
    LateDecision,
    Question,
    QuestionFeedback,
    QuestionKey,
    QuestionReport,
    QuestionText,
    RecallDecision,
    RecallOutcome,
    ReportReply,
    Section,
    is_unmade,
)
from lms.permissions import Actor, require
from lms.questions import Value
from lms.services import keys
from lms.services.attempts import Drawn, read_answers
from lms.services.keys import Correction
from lms.services.question_reports import Report, is_last_report, report_of
from lms.services.scope import LANGUAGE, ME, own, rows
from lms.services.submitting import mark_question
from lms.services.tries import read_tries


@dataclass(frozen=True)
class Reviewed:
    """A question after the attempt: what was answered, its mark and what it teaches."""

    question: Drawn
    mark: Fraction | None  # None where there is none
    right: dict[str, Any] | None  # the key, only where no further attempt can use it
    feedback: dict[str, Any]
    report: Report | None = None  # what the learner said is wrong with it, and the author's reply
    recalled: Correction | None = None  # what the author says of a question that was marked wrongly
    follows: bool = False  # the mark follows a recall


@dataclass(frozen=True)
class ReadAgain:
    """A section of which not every drawn question was right."""

    key: str
    title: str
    right: int  # how many questions were, in full
    questions: int
    competencies: list[str]  # for which these questions speak, in the order of their codes


@dataclass(frozen=True)
class MarkedAgain:
    """HR let an attempt be marked again, or undid that."""

    at: datetime
    undone: bool
    percent: int  # before
    passed: bool  # before
    reason: str


@dataclass(frozen=True)
class ResultPage:
    """An attempt's result as its learner reads it."""

    attempt: Attempt
    result: AttemptResult
    slug: str
    title: str
    code: str
    reviewed: list[Reviewed]
    read_again: list[ReadAgain]  # in the order of the sections
    attempts_left: int
    completion_ref: str | None
    withdrawn: bool
    application_due_on: date | None
    retry_at: datetime | None  # when the next attempt may start, where that has to be waited for
    help_asked_at: datetime | None
    waits: bool  # whether retry_at is still to come
    held: int  # answers that came late
    late_accepted: bool | None  # whether HR lets them count; None until HR has decided
    late_reason: str
    again: MarkedAgain | None
    completes_by: str  # what completes the course


def get_result(session: Session, actor: Actor, *, ref: str) -> ResultPage | None:
    """The result of the actor's own attempt, or None while it is open. Five queries, or six (keys.read_feedback)."""
    require(actor, "attempts.take")
    row = session.execute(_own_result(), own(actor, ref=ref)).first()
    if row is None:
        raise NotFound()
    if row.AttemptResult is None:
        return None
    tries = read_tries(session, row.Attempt.enrolment_id)
    retry_at = tries.retry_at(row.retry_delay_hours)
    left = max(0, row.attempts_allowed + tries.extra - tries.used)
    log = read_answers(session, row.Attempt)
    values = log.standing(late_count=bool(row.accepted))
    show_key = row.AttemptResult.passed or left == 0
    reviewed, again = _review(session, actor, row.Attempt, row.AttemptResult.id, values, show_key=show_key)
    return ResultPage(
        attempt=row.Attempt, result=row.AttemptResult, slug=row.slug, title=row.title, code=row.code,
        reviewed=reviewed, read_again=again, attempts_left=left, completion_ref=row.ref, withdrawn=row.withdrawn,
        application_due_on=row.application_due_on, retry_at=retry_at, waits=bool(retry_at and retry_at > actor.at),
        help_asked_at=tries.help_asked_at, held=log.held, late_accepted=row.accepted, late_reason=row.text or "",
        again=_again(row), completes_by=row.completes_by,
    )  # fmt: skip


def _again(row: Any) -> MarkedAgain | None:
    if row.before_percent is None:
        return None
    result = row.AttemptResult
    return MarkedAgain(
        result.recorded_at, result.cause == "undone", row.before_percent, row.before_passed, row.decided or ""
    )


@cache
def _own_result() -> Executable:
    current = aliased(CourseVersion)  # it says how many attempts there are now
    before, words = aliased(AttemptResult), aliased(FactText)
    return (
        select(Attempt, AttemptResult, Course.slug, Course.code, CourseText.title, current.attempts_allowed)
        .add_columns(current.retry_delay_hours, current.completes_by, Completion.ref, Completion.application_due_on)
        .add_columns(CompletionWithdrawal.id.is_not(None).label("withdrawn"), LateDecision.accepted, FactText.text)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(CourseVersion, CourseVersion.id == Attempt.version_id)
        .join(current, and_(current.course_id == CourseVersion.course_id, current.is_current))
        .join(Course, Course.id == CourseVersion.course_id)
        .join(CourseText, and_(CourseText.version_id == CourseVersion.id, CourseText.language == Attempt.language))
        .outerjoin(AttemptResult, CURRENT_RESULT)
        .add_columns(before.percent.label("before_percent"), before.passed.label("before_passed"))
        .add_columns(words.text.label("decided"))
        .outerjoin(RecallOutcome, RecallOutcome.after_id == AttemptResult.id)
        .outerjoin(before, before.id == RecallOutcome.before_id)
        .outerjoin(RecallDecision, RecallDecision.id == RecallOutcome.decision_id)
        .outerjoin(words, words.fact_ref == RecallDecision.ref)
        .outerjoin(Completion, and_(Completion.attempt_id == Attempt.id, ~is_unmade(Completion)))
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .outerjoin(LateDecision, LateDecision.attempt_id == Attempt.id)
        .outerjoin(FactText, FactText.fact_ref == LateDecision.ref)
        .where(Attempt.ref == bindparam("ref"), Enrolment.person_id == ME)
    )


def _review(
    session: Session, actor: Actor, attempt: Attempt, result_id: int, values: Mapping[int, Value], show_key: bool
) -> tuple[list[Reviewed], list[ReadAgain]]:
    reviewed = []
    followed, in_force = keys.read_met(session, attempt.version_id, result_id)
    teaches = keys.read_feedback(session, followed, attempt.language)
    sections: dict[tuple[int, str, str], list[tuple[bool, str]]] = {}
    for row in rows(session, _questions(), own(actor, attempt=attempt.id) | {"language": attempt.language}):
        drawn = Drawn(
            row.id, row.position, row.type, row.body, row.option_order, values.get(row.id), language=attempt.language
        )
        mark = mark_question(row, drawn.value, followed)
        report = report_of(row) if row.report_ref else None
        right = keys.right_of(row, followed) if show_key else None
        reviewed.append(
            Reviewed(
                drawn, mark, right, teaches.get(row.id, row.feedback), report, in_force.get(row.id), row.id in followed
            )
        )
        if mark is not None and row.section_title:
            section = (row.section_position, row.section_key, row.section_title)
            sections.setdefault(section, []).append((mark == 1, row.competency))
    again = [_read_again(key, title, sections[position, key, title]) for position, key, title in sorted(sections)]
    return reviewed, [section for section in again if section.right < section.questions]


def _read_again(key: str, title: str, asked: Sequence[tuple[bool, str]]) -> ReadAgain:
    competencies = sorted({competency for _, competency in asked})
    return ReadAgain(key, title, sum(is_right for is_right, _ in asked), len(asked), competencies)


@cache
def _questions() -> Executable:
    section = and_(
        Section.version_id == Question.version_id,
        Section.key == Question.section_key,
        Section.language == LANGUAGE,
    )
    words, reply = aliased(FactText), aliased(FactText)
    return (
        select(Question.id, Question.type, Question.section_key, Question.competency, QuestionText.body)
        .add_columns(AttemptQuestion.position, AttemptQuestion.option_order)
        .add_columns(Section.title.label("section_title"), Section.position.label("section_position"))
        .add_columns(QuestionKey.body.label("right"), QuestionFeedback.body.label("feedback"))
        .join(AttemptQuestion, AttemptQuestion.question_id == Question.id)
        .join(QuestionText, and_(QuestionText.question_id == Question.id, QuestionText.language == LANGUAGE))
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .join(
            QuestionFeedback, and_(QuestionFeedback.question_id == Question.id, QuestionFeedback.language == LANGUAGE)
        )
        .add_columns(QuestionReport.ref.label("report_ref"), QuestionReport.reason, QuestionReport.reported_at)
        .add_columns(words.text.label("report_text"), ReportReply.id.label("reply_id"), reply.text.label("reply"))
        .outerjoin(Section, section)
        .outerjoin(QuestionReport, is_last_report(ME))
        .outerjoin(words, words.fact_ref == QuestionReport.ref)
        .outerjoin(ReportReply, ReportReply.report_id == QuestionReport.id)
        .outerjoin(reply, reply.fact_ref == ReportReply.ref)
        .where(AttemptQuestion.attempt_id == bindparam("attempt"))
        .order_by(AttemptQuestion.position)
    )
