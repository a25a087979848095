"""An author recalls a question that was marked wrongly; what it would change is told in counts, never in names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import (
    Course,
    CourseText,
    CourseVersion,
    FactText,
    Question,
    QuestionKey,
    QuestionRecall,
    QuestionText,
    in_source_language,
    new_ref,
)
from lms.permissions import Actor, require
from lms.questions import TYPES
from lms.rules.recalling import Kind
from lms.rules.statistics import SMALLEST_GROUP
from lms.services.authoring import authored
from lms.services.keys import Correction
from lms.services.regrading import Effect, Regrader, affected
from lms.services.writing import audit, keep_text, reason_faults


@dataclass(frozen=True)
class Counts:
    """What a way of marking a question again would do to the attempts that met it."""

    kind: Kind
    better: int
    worse: int
    newly_passed: int
    no_longer_passed: int


@dataclass(frozen=True)
class OtherKey:
    """The same question in another version, with another key."""

    question_id: int
    number: int
    right: dict[str, Any]


@dataclass(frozen=True)
class RecallPage:
    """A question that its author may recall."""

    slug: str
    title: str
    number: int
    language: str
    key: str
    prompt: str
    ways: list[Kind]  # that are possible
    met: int | None  # attempts that met the question and are handed in; None below ten: they would tell of somebody
    counts: list[Counts]  # of each way; none below ten
    other: OtherKey | None
    recalled_at: datetime | None
    recalled_kind: str
    reason: str


def get_recall_page(session: Session, actor: Actor, *, slug: str, number: int, key: str) -> RecallPage:
    """A question of one of the actor's courses, and what a recall would change; it may take some seconds."""
    require(actor, "authoring.write")
    question = _find(session, actor, slug, number, key)
    other = _other_key(session, question)
    regrader = Regrader(session, question.version_id)
    attempts = regrader.read(affected(question.id))
    meant = [_correction(question.id, kind, other) for kind in ways(other)]
    is_few = len(attempts) < SMALLEST_GROUP
    counts = [_count(one.kind, [regrader.effect(handed, one) for handed in attempts]) for one in meant if not is_few]
    return RecallPage(
        slug, question.title, number, question.source_language, key, question.body["prompt"], ways(other),
        None if is_few else len(attempts), counts,
        other, question.recalled_at, question.recalled_kind or "", question.reason or "",
    )  # fmt: skip


def ways(other: OtherKey | None) -> list[Kind]:
    """How a question can be marked again."""
    return [Kind.KEY, Kind.CREDIT, Kind.DROP] if other else [Kind.CREDIT, Kind.DROP]


def recall_question(
    session: Session, actor: Actor, *, slug: str, number: int, key: str, kind: str, reason: str
) -> QuestionRecall:
    """Say that a question was marked wrongly; it takes the place of an earlier recall of the question.

    Raises NotFound for a course that is not the actor's, Invalid for a way that is not possible or without a reason.
    """
    require(actor, "authoring.write")
    question = _find(session, actor, slug, number, key)
    other = _other_key(session, question)
    faults = {}
    if kind not in ways(other):
        faults["kind"] = N_("Choose how the question is to be marked.")
    reason = reason.strip()
    if faults := faults | reason_faults(reason):
        raise Invalid(N_("Nothing was recalled."), faults)
    session.execute(select(Question.id).where(Question.id == question.id).with_for_update(key_share=True))
    _end(session, question.id)
    ref = new_ref()
    recall = QuestionRecall(
        ref=ref, question_id=question.id, kind=kind, recalled_by=actor.person_id, recalled_at=actor.at,
        key_question_id=other.question_id if other and kind == Kind.KEY else None,
        reason_hash=keep_text(session, ref, reason),
    )  # fmt: skip
    session.add(recall)
    audit(session, actor, "questions.recall", "recall", ref)
    return recall


def take_back(session: Session, actor: Actor, *, slug: str, number: int, key: str) -> None:
    """The published key holds again for what is handed in from now on; HR can undo what followed from the recall.

    Raises Conflict where nothing is recalled.
    """
    require(actor, "authoring.write")
    question = _find(session, actor, slug, number, key)
    ref = _end(session, question.id)
    if ref is None:
        raise Conflict(N_("This question is not recalled. Nothing was changed."))
    audit(session, actor, "questions.take_back", "recall", ref)


def _find(session: Session, actor: Actor, slug: str, number: int, key: str) -> Any:
    text = (QuestionText.question_id == Question.id) & (QuestionText.language == CourseVersion.source_language)
    row = session.execute(
        select(
            Question.id, Question.version_id, Question.key, Question.type, QuestionText.body, CourseVersion.course_id
        )
        .add_columns(CourseVersion.source_language, CourseText.title, QuestionKey.body.label("right"))
        .add_columns(
            QuestionRecall.recalled_at, QuestionRecall.kind.label("recalled_kind"), FactText.text.label("reason")
        )
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .join(CourseText, in_source_language(CourseText))
        .join(QuestionText, text)
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .outerjoin(QuestionRecall, (QuestionRecall.question_id == Question.id) & QuestionRecall.is_current)
        .outerjoin(FactText, FactText.fact_ref == QuestionRecall.ref)
        .where(Course.slug == slug, CourseVersion.number == number, Question.key == key)
        .where(authored(actor, "authoring.write"))
    ).first()
    if row is None or not TYPES[row.type].is_marked:
        raise NotFound()
    return row


def _other_key(session: Session, question: Any) -> OtherKey | None:
    """The newest version that asks the same with the same parts, and says that something else is right.

    Answers name parts by their ids, so that all but the wording of the question must be the same.
    """
    text = (QuestionText.question_id == Question.id) & (QuestionText.language == CourseVersion.source_language)
    rows = session.execute(
        select(Question.id, CourseVersion.number, QuestionText.body, QuestionKey.body.label("right"))
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .join(QuestionText, text)
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .where(CourseVersion.course_id == question.course_id, Question.key == question.key, Question.id != question.id)
        .where(Question.type == question.type)
        .order_by(CourseVersion.number.desc())
    )
    for row in rows:
        if _parts(row.body) == _parts(question.body):
            return OtherKey(row.id, row.number, row.right) if row.right != question.right else None
    return None


def _parts(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "prompt"}


def _correction(question_id: int, kind: Kind, other: OtherKey | None) -> Correction:
    """As if it were recorded; 0 is no recall's number."""
    if kind is not Kind.KEY or other is None:
        return Correction(0, question_id, kind, None, None, "")
    return Correction(0, question_id, kind, other.question_id, other.right, "")


def _count(kind: Kind, found: Sequence[Effect]) -> Counts:
    flips = [effect.after.passed for effect in found if effect.flips]
    return Counts(
        kind, sum(1 for e in found if e.change > 0), sum(1 for e in found if e.change < 0), flips.count(True),
        flips.count(False),
    )  # fmt: skip


def _end(session: Session, question_id: int) -> str | None:
    """The recall that holds, holds no more; its name, where there was one."""
    falling = update(QuestionRecall).where(QuestionRecall.question_id == question_id, QuestionRecall.is_current)
    ended: str | None = session.scalar(
        falling.values(is_current=False).returning(QuestionRecall.ref).execution_options(synchronize_session=False)
    )
    return ended
