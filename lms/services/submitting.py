"""Handing in: mark, result, completion, evidence, standing and trace in one transaction; all or nothing."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, select, update
from sqlalchemy.orm import Session

from lms.models import (
    Attempt,
    AttemptQuestion,
    AttemptResult,
    Completion,
    CourseVersion,
    Evidence,
    Question,
    QuestionKey,
)
from lms.permissions import Actor
from lms.questions import TYPES
from lms.rules.grading import Grade, Marked, grade
from lms.rules.levels import Kind
from lms.rules.renewal import expires_on
from lms.services import standings
from lms.services.attempts import current_answers, get_attempt
from lms.services.writing import audit


def submit_attempt(session: Session, actor: Actor, *, ref: str) -> AttemptResult:
    """Mark the attempt and record what follows from it. Handing in again returns the stored result."""
    attempt = get_attempt(session, actor, ref=ref)
    stored = session.scalar(select(AttemptResult).where(AttemptResult.attempt_id == attempt.id))
    if stored:
        return stored
    grades = grade(_mark(session, attempt), attempt.pass_percent)
    result = AttemptResult(**result_row(actor, attempt.id, attempt.deadline_at, grades))
    session.add(result)
    session.execute(update(Attempt).where(Attempt.id == attempt.id).values(is_open=False))
    if result.passed:
        _complete(session, actor, attempt, result.finished_at)
    standings.refresh(session, [attempt.enrolment_id], actor.at)
    audit(session, actor, "attempts.submit", "attempt", attempt.ref)
    return result


def result_row(actor: Actor, attempt_id: int, deadline_at: datetime | None, grades: Grade) -> dict[str, Any]:
    """How an attempt that is handed in now ends; past its deadline it ended there."""
    return {
        "attempt_id": attempt_id, "submitted_at": actor.at,
        "finished_at": min(actor.at, deadline_at) if deadline_at else actor.at, "score": grades.score,
        "possible": grades.possible, "percent": grades.percent, "critical_missed": grades.critical_missed,
        "passed": grades.passed,
    }  # fmt: skip


def _mark(session: Session, attempt: Attempt) -> list[Marked]:
    values = current_answers(session, attempt)
    rows = session.execute(_keys(), {"attempt": attempt.id})
    return [Marked(mark_answer(row.type, row.body, values.get(row.id)), row.critical) for row in rows]


@cache
def _keys() -> Executable:
    return (
        select(Question.id, Question.type, Question.critical, QuestionKey.body)
        .join(AttemptQuestion, AttemptQuestion.question_id == Question.id)
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .where(AttemptQuestion.attempt_id == bindparam("attempt"))
        .order_by(AttemptQuestion.position)
    )


def mark_answer(kind: str, right: dict[str, Any], value: Any) -> Fraction:
    """The mark of one answer; no answer earns nothing."""
    return Fraction(0) if value is None else TYPES[kind].mark(right, value)


def _complete(session: Session, actor: Actor, attempt: Attempt, finished: datetime) -> None:
    version = session.scalar(select(CourseVersion).where(CourseVersion.id == attempt.version_id))
    assert version is not None
    completion = Completion(**completion_row(actor, attempt.enrolment_id, attempt.id, version, finished))
    session.add(completion)
    session.flush()
    rows = evidence_rows(actor, completion.id, version, finished, completion.expires_on)
    session.add_all(Evidence(**row) for row in rows)


def completion_row(
    actor: Actor, enrolment_id: int, attempt_id: int, version: CourseVersion, finished: datetime
) -> dict[str, Any]:
    """A completion by an attempt that was finished then, with what the version says of its term and its task."""
    application = finished.date() + timedelta(days=version.application_days) if version.requires_application else None
    return {
        "enrolment_id": enrolment_id, "version_id": version.id, "attempt_id": attempt_id, "effective_at": finished,
        "recorded_at": actor.at, "expires_on": expires_on(finished.date(), version.renewal_months),
        "application_due_on": application,
    }  # fmt: skip


def evidence_rows(
    actor: Actor, completion_id: int, version: CourseVersion, finished: datetime, lapses: date | None
) -> Iterable[dict[str, Any]]:
    """What a completion speaks for: a piece of evidence for each competency of the version."""
    for competency, level in version.competencies.items():
        yield {
            "person_id": actor.person_id, "competency": competency, "kind": Kind.COURSE.value,
            "level_aimed_at": level, "completion_id": completion_id, "effective_at": finished,
            "recorded_at": actor.at, "expires_on": lapses,
        }  # fmt: skip
