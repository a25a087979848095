"""Bad questions: reported by those who met them, read by the author without names, dealt with in a sentence."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import (
    Attempt,
    AttemptQuestion,
    Course,
    CourseVersion,
    Enrolment,
    FactText,
    Question,
    QuestionReport,
    ReportReply,
    new_ref,
)
from lms.permissions import Actor, require
from lms.services.authoring import authored
from lms.services.writing import audit, insert_once, keep_text

REASONS = ("several_right", "unclear", "wrong_key", "other")
TEXT_LIMIT, REPLY_LIMIT = 500, 300


@dataclass(frozen=True)
class Report:
    """What somebody says is wrong with a question, and what the author answered; without who it was."""

    ref: str
    reason: str
    text: str
    reported_at: datetime
    reply: str | None


def report_question(session: Session, actor: Actor, *, ref: str, position: int, reason: str, text: str) -> None:
    """Say what is wrong with a question of the actor's own attempt that is handed in; a later report follows it."""
    require(actor, "attempts.take")
    found = session.execute(
        select(AttemptQuestion.question_id, Attempt.is_open)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.ref == ref, AttemptQuestion.position == position, Enrolment.person_id == actor.person_id)
    ).first()
    if found is None:
        raise NotFound()
    if found.is_open:
        raise Conflict(N_("Hand in first: then you can say what is wrong with a question."))
    text = text.strip()
    if reason not in REASONS:
        raise Invalid(N_("Nothing was sent."), {"reason": N_("Choose what is wrong.")})
    if len(text) > TEXT_LIMIT:
        raise Invalid(N_("Nothing was sent."), {"text": N_("Write up to 500 characters.")})
    own = new_ref()
    session.add(
        QuestionReport(
            ref=own,
            person_id=actor.person_id,
            question_id=found.question_id,
            reason=reason,
            reported_at=actor.at,
            text_hash=keep_text(session, own, text),
        )
    )
    audit(session, actor, "questions.report", "report", own)


def settle_report(session: Session, actor: Actor, *, slug: str, number: int, ref: str, reply: str) -> None:
    """The author has dealt with a report on a version's question, and says so in a sentence.

    Raises NotFound for a course that is not the actor's, Conflict where it was dealt with or followed by another.
    """
    require(actor, "authoring.write")
    later = aliased(QuestionReport)
    newest = _newest(later, QuestionReport.person_id, QuestionReport.question_id)
    row = session.execute(
        select(QuestionReport.id, newest.label("newest"))
        .join(Question, Question.id == QuestionReport.question_id)
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(QuestionReport.ref == ref, Course.slug == slug, CourseVersion.number == number)
        .where(authored(actor, "authoring.write"))
    ).first()
    if row is None:
        raise NotFound()
    reply = " ".join(reply.split())
    if not reply or len(reply) > REPLY_LIMIT:
        raise Invalid(N_("Nothing was sent."), {"reply": N_("Write one sentence, in up to 300 characters.")})
    if row.newest != row.id:
        raise Conflict(N_("The report was changed in the meantime. Read it again, then answer."))
    own = new_ref()
    if not insert_once(
        session, ReportReply, ref=own, report_id=row.id, replied_by=actor.person_id, replied_at=actor.at,
        text_hash=keep_text(session, own, reply),
    ):  # fmt: skip
        raise Conflict(N_("This report is dealt with already. Nothing was changed."))
    audit(session, actor, "questions.settle", "report", ref)


def _newest(report: Any, person_id: Any, question_id: Any) -> Any:
    """The number of a person's last report on a question."""
    last = select(func.max(report.id)).where(report.person_id == person_id, report.question_id == question_id)
    return last.scalar_subquery()


def is_last_report(person_id: Any) -> ColumnElement[bool]:
    """A join condition: the person's last report on `Question`, where there is one."""
    found: ColumnElement[bool] = QuestionReport.id == _newest(aliased(QuestionReport), person_id, Question.id)
    return found


def list_reports(session: Session, actor: Actor, *, version_id: int) -> dict[int, list[Report]]:
    """Question id -> the reports that hold, those that wait for an answer first, then the newest; one query."""
    require(actor, "authoring.read")
    words, answer = aliased(FactText), aliased(FactText)
    last = _newest(aliased(QuestionReport), QuestionReport.person_id, QuestionReport.question_id)
    rows = session.execute(
        select(QuestionReport.question_id, QuestionReport.ref.label("report_ref"), QuestionReport.reason)
        .add_columns(words.text.label("report_text"), QuestionReport.reported_at)
        .add_columns(ReportReply.id.label("reply_id"), answer.text.label("reply"))
        .join(Question, Question.id == QuestionReport.question_id)
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .outerjoin(words, words.fact_ref == QuestionReport.ref)
        .outerjoin(ReportReply, ReportReply.report_id == QuestionReport.id)
        .outerjoin(answer, answer.fact_ref == ReportReply.ref)
        .where(Question.version_id == version_id, QuestionReport.id == last, authored(actor))
        .order_by(ReportReply.id.is_not(None), QuestionReport.id.desc())
    )
    found: dict[int, list[Report]] = defaultdict(list)
    for row in rows:
        found[row.question_id].append(report_of(row))
    return found


def report_of(row: Any) -> Report:
    """The report in a row (report_ref, reason, report_text, reported_at, reply_id, reply)."""
    reply = None if row.reply_id is None else row.reply or ""  # its words may be erased
    return Report(row.report_ref, row.reason, row.report_text or "", row.reported_at, reply)
