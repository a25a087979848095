"""By which key a question is marked: the published one, or what a recall says. Asked here alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from lms.models import CourseVersion, FactText, Question, QuestionFeedback, QuestionKey, QuestionRecall, ResultRecall
from lms.rules.recalling import Kind
from lms.services.scope import rows


@dataclass(frozen=True)
class Correction:
    """How a recalled question is marked."""

    recall_id: int
    question_id: int
    kind: Kind
    key_question_id: int | None  # whose key marks it, for Kind.KEY
    right: dict[str, Any] | None  # that key
    reason: str  # the author's words; "" where they are erased


Corrections = Mapping[int, Correction]  # question id -> what holds for it
NONE: Corrections = {}


def read_in_force(session: Session, version_id: int) -> dict[int, Correction]:
    """The recalls of a version's questions that hold now: what is handed in is marked by them. One query."""
    return _by_question(rows(session, _in_force(), {"version": version_id}))


def read_met(session: Session, version_id: int, result_id: int) -> tuple[dict[int, Correction], dict[int, Correction]]:
    """The recalls that a result was marked by, and those of its version that hold now. One query."""
    met = rows(session, _met(), {"version": version_id, "result": result_id})
    return _by_question(row for row in met if row.is_followed), _by_question(row for row in met if row.is_current)


def read_feedback(session: Session, corrections: Corrections, language: str) -> dict[int, dict[str, Any]]:
    """What the questions teach whose key is that of another version, by question id; one query where there are any."""
    sources = {c.key_question_id: c.question_id for c in corrections.values() if c.key_question_id is not None}
    if not sources:
        return {}
    found = session.execute(
        select(QuestionFeedback.question_id, QuestionFeedback.body, QuestionFeedback.language)
        .join(Question, Question.id == QuestionFeedback.question_id)
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .where(QuestionFeedback.question_id.in_(sources))
        .where(QuestionFeedback.language.in_([language, CourseVersion.source_language]))
    )
    # In another language rather than none, and never what belongs to the wrong key.
    ordered = sorted(found, key=lambda row: row.language == language)
    return {sources[row.question_id]: row.body for row in ordered}


def right_of(question: Any, corrections: Corrections) -> dict[str, Any]:
    """The key of a question (a row with `id` and the published `right`) that is shown and marked by."""
    correction = corrections.get(question.id)
    published: dict[str, Any] = question.right
    return correction.right if correction and correction.right is not None else published


def _by_question(recalls: Iterable[Any]) -> dict[int, Correction]:
    return {row.question_id: as_correction(row) for row in recalls}


def as_correction(row: Any) -> Correction:
    """A recall from its row (recall_id, question_id, kind, key_question_id, corrected, text)."""
    return Correction(
        row.recall_id, row.question_id, Kind(row.kind), row.key_question_id, row.corrected, row.text or ""
    )


@cache
def _in_force() -> Any:
    return _recalls().where(Question.version_id == bindparam("version"), QuestionRecall.is_current)


@cache
def _met() -> Any:
    followed = and_(ResultRecall.recall_id == QuestionRecall.id, ResultRecall.result_id == bindparam("result"))
    query = _recalls().add_columns(QuestionRecall.is_current, ResultRecall.result_id.is_not(None).label("is_followed"))
    holds = or_(QuestionRecall.is_current, ResultRecall.result_id.is_not(None))
    return query.outerjoin(ResultRecall, followed).where(Question.version_id == bindparam("version"), holds)


def _recalls() -> Any:
    return (
        select(QuestionRecall.id.label("recall_id"), QuestionRecall.question_id, QuestionRecall.kind)
        .add_columns(QuestionRecall.key_question_id)
        .add_columns(QuestionKey.body.label("corrected"), FactText.text)
        .join(Question, Question.id == QuestionRecall.question_id)
        .outerjoin(QuestionKey, QuestionKey.question_id == QuestionRecall.key_question_id)
        .outerjoin(FactText, FactText.fact_ref == QuestionRecall.ref)
        .order_by(QuestionRecall.id)
    )
