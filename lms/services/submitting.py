"""Handing in: mark, result, completion, evidence, standing and trace in one transaction; all or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
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
    ResultRecall,
    Standing,
    new_ref,
)
from lms.permissions import Actor
from lms.questions import TYPES, Value
from lms.rules.grading import Grade, Marked, grade
from lms.rules.recalling import Kind
from lms.rules.renewal import expires_on
from lms.services import keys, standings, stored_levels
from lms.services.attempts import QuizPage, get_quiz
from lms.services.evidence import course_evidence
from lms.services.keys import Corrections
from lms.services.scope import rows, run
from lms.services.writing import audit, insert_all

BY_QUIZ, BY_ATTENDANCE = "quiz", "attendance"  # what completes a course


def submit_attempt(session: Session, actor: Actor, *, ref: str) -> AttemptResult:
    """Mark the actor's attempt and record what follows from it. Handing in again returns the stored result."""
    return finish_quiz(session, actor, get_quiz(session, actor, ref=ref, for_update=True))


def finish_quiz(session: Session, actor: Actor, quiz: QuizPage) -> AttemptResult:
    """Hand in a quiz that was read for update, with its answers that came in time."""
    return finish_attempt(session, actor, quiz.attempt, quiz.person_id, quiz.log.standing())


def finish_attempt(
    session: Session, actor: Actor, attempt: Attempt, person_id: int, answers: Mapping[int, Value]
) -> AttemptResult:
    """Result, completion, evidence, standing and trace of a locked attempt; the stored result where it has one."""
    if not attempt.is_open:
        stored: AttemptResult = session.scalars(_stored(), {"attempt": attempt.id}).one()
        return stored
    corrections = keys.read_in_force(session, attempt.version_id)
    questions = read_questions(session, attempt)
    grades = grade(list(marks(questions, answers, corrections)), attempt.pass_percent)
    result = AttemptResult(**result_row(actor, attempt.id, attempt.deadline_at, grades))
    session.add(result)
    note_recalls(session, [(result, [corrections[q.id].recall_id for q in questions if q.id in corrections])])
    run(session, _close(), {"attempt": attempt.id})
    # An attempt that was open meanwhile may follow one that completes the course since it was marked again.
    if result.passed and not is_completed(session, attempt.enrolment_id):
        complete(session, actor, attempt, person_id, result.finished_at)
        stored_levels.refresh(session, [person_id], actor.today)
    standings.refresh(session, [attempt.enrolment_id], actor.at, is_locked=True)
    audit(session, actor, "attempts.submit", "attempt", attempt.ref)
    return result


def is_completed(session: Session, enrolment_id: int) -> bool:
    """Whether a locked enrolment has a completion that counts; one query."""
    return run(session, _completed_on(), {"enrolment": enrolment_id}).scalar() is not None


@cache
def _completed_on() -> Executable:
    return select(Standing.completed_on).where(Standing.enrolment_id == bindparam("enrolment"))


@cache
def _stored() -> Executable:
    return select(AttemptResult).where(AttemptResult.attempt_id == bindparam("attempt"), AttemptResult.is_current)


@cache
def _close() -> Executable:
    return update(Attempt).where(Attempt.id == bindparam("attempt")).values(is_open=False)


def result_row(actor: Actor, attempt_id: int, deadline_at: datetime | None, grades: Grade) -> dict[str, Any]:
    """How an attempt that is handed in now ends; past its deadline it ended there."""
    return {
        "attempt_id": attempt_id, "submitted_at": actor.at, "recorded_at": actor.at, "recorded_by": actor.person_id,
        "finished_at": min(actor.at, deadline_at) if deadline_at else actor.at, **vars(grades),
    }  # fmt: skip


def replace_results(
    session: Session, actor: Actor, after: Mapping[int, tuple[Grade, Sequence[int]]], cause: str
) -> dict[int, int]:
    """New results in the place of those that stand, of attempts that are locked: `after` holds, by the number of the
    result that falls, the grade and the recalls that it was marked by. Returns attempt id -> the new result's id."""
    if not after:
        return {}
    falling = update(AttemptResult).where(AttemptResult.id.in_(after)).values(is_current=False)
    fallen = session.execute(
        falling.returning(
            AttemptResult.id, AttemptResult.attempt_id, AttemptResult.submitted_at, AttemptResult.finished_at
        ).execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    results = {
        row.id: AttemptResult(
            attempt_id=row.attempt_id, cause=cause, submitted_at=row.submitted_at, finished_at=row.finished_at,
            recorded_at=actor.at, recorded_by=actor.person_id, **vars(after[row.id][0]),
        )
        for row in sorted(fallen)
    }  # fmt: skip
    session.add_all(results.values())
    session.flush()
    note_recalls(session, [(result, after[number][1]) for number, result in results.items()])
    return {result.attempt_id: result.id for result in results.values()}


def note_recalls(session: Session, marked: Iterable[tuple[AttemptResult, Sequence[int]]]) -> None:
    """Record by which recalls new results were marked."""
    followed = [(result, recall_id) for result, recall_ids in marked for recall_id in recall_ids]
    if followed:
        session.flush()
        marked_by = [{"result_id": result.id, "recall_id": recall_id} for result, recall_id in followed]
        insert_all(session, ResultRecall, marked_by)


def read_questions(session: Session, attempt: Attempt) -> Sequence[Any]:
    """The questions of an attempt in their order (id, type, critical, and right: the published key); one query."""
    return rows(session, _keys(), {"attempt": attempt.id})


def marks(
    questions: Sequence[Any], answers: Mapping[int, Value], corrections: Corrections = keys.NONE
) -> Iterable[Marked]:
    """The mark of each question (id, type, critical, right) that has one; `answers` by question id.

    A dropped question is left out, but an attempt of nothing else earns them: something has to be marked.
    """
    found = [(question, mark_question(question, answers.get(question.id), corrections)) for question in questions]
    dropped = [question for question, _ in found if is_dropped(question, corrections)]
    if len(dropped) == sum(1 for question in questions if TYPES[question.type].is_marked):
        found = [(question, Fraction(1)) for question in dropped]
    yield from (Marked(earned, question.critical) for question, earned in found if earned is not None)


def is_dropped(question: Any, corrections: Corrections) -> bool:
    """Whether a question that has a mark is left out of the total."""
    correction = corrections.get(question.id)
    return correction is not None and correction.kind is Kind.DROP and TYPES[question.type].is_marked


def mark_question(question: Any, value: Value, corrections: Corrections) -> Fraction | None:
    """The mark of an answer as the recalls say; None where there is none."""
    correction = corrections.get(question.id)
    if is_dropped(question, corrections):
        return None
    if correction and correction.kind is Kind.CREDIT and TYPES[question.type].is_marked:
        return Fraction(1)
    return mark_answer(question.type, keys.right_of(question, corrections), value)


@cache
def _keys() -> Executable:
    return (
        select(Question.id, Question.type, Question.critical, QuestionKey.body.label("right"))
        .join(AttemptQuestion, AttemptQuestion.question_id == Question.id)
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .where(AttemptQuestion.attempt_id == bindparam("attempt"))
        .order_by(AttemptQuestion.position)
    )


def mark_answer(kind: str, right: dict[str, Any], value: Any) -> Fraction | None:
    """The mark of one answer; no answer earns nothing, and a question without a mark has None."""
    if not TYPES[kind].is_marked:
        return None
    return Fraction(0) if value is None else TYPES[kind].mark(right, value)


def complete(session: Session, actor: Actor, attempt: Attempt, person_id: int, finished: datetime) -> None:
    """Record that the attempt completes its course, and what that is evidence of; nothing where attendance does.

    The stored levels are the caller's to refresh, once for all that it completes."""
    version = session.scalar(select(CourseVersion).where(CourseVersion.id == attempt.version_id))
    assert version is not None
    if version.completes_by != BY_QUIZ:
        return
    row = completion_row(actor, attempt.enrolment_id, attempt.id, version, finished)
    completion = Completion(**row)
    session.add(completion)
    session.flush()
    insert_all(session, Evidence, list(course_evidence(actor, person_id, {**row, "id": completion.id}, version)))


def completion_row(
    actor: Actor, enrolment_id: int, attempt_id: int | None, version: CourseVersion, finished: datetime
) -> dict[str, Any]:
    """A completion (by an attempt) that was finished then, with what the version says of its term and its task."""
    application = finished.date() + timedelta(days=version.application_days) if version.requires_application else None
    return {
        "ref": new_ref(), "enrolment_id": enrolment_id, "version_id": version.id, "attempt_id": attempt_id,
        "effective_at": finished, "recorded_at": actor.at,
        "expires_on": expires_on(finished.date(), version.renewal_months), "application_due_on": application,
    }  # fmt: skip
