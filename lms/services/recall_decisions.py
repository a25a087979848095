"""HR decides, for the people of its scope, what follows from a recalled question; every step can be undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import (
    CURRENT_RESULT,
    Attempt,
    AttemptQuestion,
    AttemptResult,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    FactText,
    Person,
    Question,
    QuestionRecall,
    QuestionText,
    RecallDecision,
    RecallOutcome,
    ResultRecall,
    in_source_language,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.mails import Kind
from lms.rules.recalling import Act, Policy, takes_its_place
from lms.services import standings
from lms.services.completions import follow_results
from lms.services.mails import News, add_mails
from lms.services.regrading import SLICE, Effect, Handed, Regrader, affected, by_result, waits
from lms.services.scope import reaches_person
from lms.services.submitting import replace_results
from lms.services.writing import audit, insert_all, keep_text, reason_faults

MOST_LISTED = 50
ACTION = "attempts.oversee"
AUDITED = {Act.APPLIED: "recalls.apply", Act.REFUSED: "recalls.refuse", Act.UNDONE: "recalls.undo"}


@dataclass(frozen=True)
class Recalled:
    """A recalled question with what of it lies in the actor's scope."""

    ref: str
    course: str
    version: int
    kind: str
    recalled_at: datetime
    is_current: bool
    reason: str
    waiting: int  # attempts that nobody has decided on
    decided: int


@dataclass(frozen=True)
class RecallDetail:
    """A recall as HR decides on it: people with their results before and after."""

    recalled: Recalled
    prompt: str
    language: str
    changed: list[Effect]  # those whose result would change, who would flip first; at most MOST_LISTED
    changes: int
    better: int
    worse: int
    own: int  # attempts of the actor's own, which a colleague decides on
    decisions: Sequence[Any]  # act, policy, decided_at, display_name, text


def list_recalls(session: Session, actor: Actor) -> list[Recalled]:
    """The recalls that concern people in the actor's scope, the newest first; one query."""
    require(actor, ACTION)
    return [_recalled(row) for row in session.execute(_recalls(actor).limit(MOST_LISTED))]


def get_recall(session: Session, actor: Actor, *, ref: str) -> RecallDetail:
    """One of them, with the people whose results would change. It may take some seconds."""
    require(actor, ACTION)
    row = _find(session, actor, QuestionRecall.ref == ref)
    regrader = Regrader(session, row.version_id)
    reached = reaches_person(actor, ACTION) | (Person.id == actor.person_id)
    handed = regrader.read(affected(row.question_id, *waits(row.id), reached)) if row.is_current else []
    others = [one for one in handed if one.attempt.person_id != actor.person_id]
    effects = [regrader.effect(one, regrader.recalls[row.id]) for one in others]
    changed = sorted((e for e in effects if e.change), key=lambda e: (not e.flips, e.attempt.display_name))
    by = aliased(Person)
    decisions = session.execute(
        select(RecallDecision.act, RecallDecision.policy, RecallDecision.decided_at, by.display_name, FactText.text)
        .join(by, by.id == RecallDecision.decided_by)
        .outerjoin(FactText, FactText.fact_ref == RecallDecision.ref)
        .where(RecallDecision.recall_id == row.id, or_(by.id == actor.person_id, _touches(actor)))
        .order_by(RecallDecision.id)
    ).all()  # fmt: skip
    return RecallDetail(
        _recalled(row), row.body["prompt"], row.source_language, changed[:MOST_LISTED], len(changed),
        sum(1 for e in changed if e.change > 0), sum(1 for e in changed if e.change < 0),
        len(handed) - len(others), decisions,
    )  # fmt: skip


def decide_recall(session: Session, actor: Actor, *, ref: str, act: str, policy: str, reason: str) -> str:
    """Record what is decided for everybody in scope but the actor; `carry_out` then does it. Returns its name.

    Raises NotFound out of scope, Invalid without a reason, Conflict where there is nothing to decide or to undo.
    """
    require(actor, ACTION)
    row = _find(session, actor, QuestionRecall.ref == ref)
    faults = {}
    if act not in list(Act):
        faults["act"] = N_("Choose what is to happen.")
    if act == Act.APPLIED and policy not in list(Policy):
        faults["policy"] = N_("Choose for whom the new mark counts.")
    reason = reason.strip()
    if faults := faults | reason_faults(reason):
        raise Invalid(N_("Nothing was decided."), faults)
    if act == Act.APPLIED and not row.is_current:
        raise Conflict(N_("The author has taken this recall back. Nothing was changed."))
    if session.execute(_slice(actor, row, Act(act)).limit(1)).first() is None:
        raise Conflict(N_("There is nothing to decide any more. Nothing was changed."))
    own = new_ref()
    decision = RecallDecision(
        ref=own, recall_id=row.id, act=act, policy=policy if act == Act.APPLIED else Policy.NEVER_WORSEN,
        decided_by=actor.person_id, decided_at=actor.at, reason_hash=keep_text(session, own, reason),
    )  # fmt: skip
    session.add(decision)
    audit(session, actor, AUDITED[Act(act)], "recall", ref)
    return own


def carry_out(session: Session, actor: Actor, *, ref: str) -> bool:
    """Do what was decided for the next SLICE of attempts; True while there are more.

    Each slice is whole in itself: what a cut leaves undone waits for the next decision.
    """
    require(actor, ACTION)
    decision, reason = session.execute(
        select(RecallDecision, FactText.text).join(FactText, FactText.fact_ref == RecallDecision.ref)
        .where(RecallDecision.ref == ref, RecallDecision.decided_by == actor.person_id)
    ).one()  # fmt: skip
    recall = _find(session, actor, QuestionRecall.id == decision.recall_id)
    if decision.act == Act.APPLIED and not recall.is_current:
        return False  # taken back between two slices
    chosen = _slice(actor, recall, Act(decision.act)).limit(SLICE)
    first = session.execute(chosen).all()
    enrolments = sorted({row.enrolment_id for row in first})
    standings.lock(session, enrolments)
    regrader = Regrader(session, recall.version_id)
    attempts = regrader.read(chosen.where(Attempt.enrolment_id.in_(enrolments)))
    DOING[Act(decision.act)](session, actor, regrader, decision, attempts)
    session.flush()
    follow_results(session, actor, enrolments, reason)
    standings.refresh(session, enrolments, actor.at, is_locked=True)
    return len(first) == SLICE  # whom another decision took meanwhile is behind us as well


def _apply(
    session: Session, actor: Actor, regrader: Regrader, decision: RecallDecision, attempts: Sequence[Handed]
) -> None:
    effects = [regrader.effect(handed, regrader.recalls[decision.recall_id]) for handed in attempts]
    standing = [e for e in effects if takes_its_place(e.attempt, e.after, Policy(decision.policy))]
    after = replace_results(session, actor, by_result(standing), "recall")
    _note(session, decision, attempts, after)
    _tell(session, actor, standing, after)


def _refuse(
    session: Session, _actor: Actor, _regrader: Regrader, decision: RecallDecision, attempts: Sequence[Handed]
) -> None:
    _note(session, decision, attempts, {})


def _undo(
    session: Session, actor: Actor, regrader: Regrader, decision: RecallDecision, attempts: Sequence[Handed]
) -> None:
    falling = update(RecallOutcome).where(RecallOutcome.recall_id == decision.recall_id, RecallOutcome.is_current)
    ids = [handed.attempt.attempt_id for handed in attempts]
    fallen = session.execute(
        falling.where(RecallOutcome.attempt_id.in_(ids)).values(is_current=False)
        .returning(RecallOutcome.attempt_id, RecallOutcome.after_id).execution_options(synchronize_session=False)
    )  # fmt: skip
    stayed = {row.attempt_id for row in fallen if row.after_id is None}
    marked = [handed for handed in attempts if handed.attempt.attempt_id not in stayed]
    effects = list(regrader.anew(marked, decision.recall_id))
    after = replace_results(session, actor, by_result(effects), "undone")
    _note(session, decision, marked, after, is_current=False)
    _tell(session, actor, effects, after)


def _tell(session: Session, actor: Actor, effects: Sequence[Effect], after: dict[int, int]) -> None:
    """A mail to everybody whose result has changed."""
    results = [(e.attempt.person_id, after[e.attempt.attempt_id]) for e in effects if e.change]
    news = [News(person, f"{Kind.MARKED_AGAIN}:{result}", {"result": result}) for person, result in results]
    add_mails(session, Kind.MARKED_AGAIN, news, actor.at)


DOING: dict[Act, Callable[..., None]] = {Act.APPLIED: _apply, Act.REFUSED: _refuse, Act.UNDONE: _undo}


def _note(
    session: Session, decision: RecallDecision, attempts: Sequence[Handed], after: dict[int, int],
    is_current: bool = True,
) -> None:  # fmt: skip
    rows = [
        {
            "recall_id": decision.recall_id, "decision_id": decision.id, "attempt_id": handed.attempt.attempt_id,
            "before_id": handed.attempt.result_id, "after_id": after.get(handed.attempt.attempt_id),
            "is_current": is_current,
        }
        for handed in attempts
    ]  # fmt: skip
    if rows:
        insert_all(session, RecallOutcome, rows)


def _in_scope(actor: Actor) -> list[ColumnElement[bool]]:
    """Nobody decides on their own."""
    return [reaches_person(actor, ACTION), Person.id != actor.person_id]


def _waiting(actor: Actor, recall: Any) -> Any:
    return affected(recall.question_id, *waits(recall.id), *_in_scope(actor))


def _touches(actor: Actor) -> ColumnElement[bool]:
    """Whether a decision concerned somebody in scope: what was decided elsewhere, and why, is told there."""
    return exists().where(
        RecallOutcome.decision_id == RecallDecision.id, Attempt.id == RecallOutcome.attempt_id,
        Enrolment.id == Attempt.enrolment_id, Person.id == Enrolment.person_id, reaches_person(actor, ACTION),
    )  # fmt: skip


def _slice(actor: Actor, recall: Any, act: Act) -> Any:
    """The attempts that an act concerns."""
    if act is not Act.UNDONE:
        return _waiting(actor, recall)
    decided = (RecallOutcome.attempt_id == Attempt.id) & (RecallOutcome.recall_id == recall.id)
    undoable: ColumnElement[bool] = exists().where(decided, RecallOutcome.is_current)
    if not recall.is_current:  # what was handed in while it held
        undoable |= exists().where(ResultRecall.result_id == AttemptResult.id, ResultRecall.recall_id == recall.id)
    return affected(recall.question_id, *_in_scope(actor), undoable)


def _recalled(row: Any) -> Recalled:
    return Recalled(
        row.ref, row.title, row.number, row.kind, row.recalled_at, row.is_current, row.text or "", row.waiting,
        row.decided,
    )  # fmt: skip


def _find(session: Session, actor: Actor, which: ColumnElement[bool]) -> Any:
    row = session.execute(_recalls(actor).where(which)).first()
    if row is None:
        raise NotFound()
    return row


def _recalls(actor: Actor) -> Any:
    """The recalls of questions that somebody in scope met before, with how many attempts wait and are decided on."""
    source = aliased(CourseText)
    text = (QuestionText.question_id == Question.id) & (QuestionText.language == CourseVersion.source_language)
    decided = (RecallOutcome.attempt_id == Attempt.id) & (RecallOutcome.recall_id == QuestionRecall.id)
    followed = exists().where(ResultRecall.result_id == AttemptResult.id, ResultRecall.recall_id == QuestionRecall.id)
    undoable = or_(RecallOutcome.id.is_not(None), ~QuestionRecall.is_current & followed)
    counts = (
        select(QuestionRecall.id, func.count().filter(undoable).label("decided"))
        .add_columns(func.count().filter(RecallOutcome.id.is_(None), QuestionRecall.is_current).label("waiting"))
        .select_from(QuestionRecall)
        .join(AttemptQuestion, AttemptQuestion.question_id == QuestionRecall.question_id)
        .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
        .join(AttemptResult, CURRENT_RESULT)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(RecallOutcome, decided & RecallOutcome.is_current)
        .where(*_in_scope(actor), or_(RecallOutcome.id.is_not(None), ~followed, ~QuestionRecall.is_current))
        .group_by(QuestionRecall.id)
        .subquery()
    )
    return (
        select(QuestionRecall.id, QuestionRecall.ref, QuestionRecall.kind, QuestionRecall.recalled_at)
        .add_columns(QuestionRecall.is_current, QuestionRecall.question_id, Question.version_id, QuestionText.body)
        .add_columns(CourseVersion.number, CourseVersion.source_language, source.title, FactText.text)
        .add_columns(counts.c.waiting, counts.c.decided)
        .join(counts, counts.c.id == QuestionRecall.id)
        .join(Question, Question.id == QuestionRecall.question_id)
        .join(CourseVersion, CourseVersion.id == Question.version_id)
        .join(QuestionText, text)
        .join(Course, Course.id == CourseVersion.course_id)
        .join(source, in_source_language(source))
        .outerjoin(FactText, FactText.fact_ref == QuestionRecall.ref)
        .order_by(QuestionRecall.id.desc())
    )
