"""Withdrawing and reinstating completions: new records with a reason, never an edit."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    CURRENT_RESULT,
    CURRENT_WITHDRAWAL,
    UNMADE,
    Attempt,
    AttemptResult,
    Completion,
    CompletionReinstatement,
    CompletionWithdrawal,
    Enrolment,
    Person,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.recalling import Completed, Follow, Tried, follow
from lms.services import standings, stored_levels
from lms.services.scope import reaches_person
from lms.services.submitting import complete
from lms.services.writing import audit, insert_once, keep_text, reason_faults


def withdraw_completion(session: Session, actor: Actor, *, ref: str, reason: str) -> CompletionWithdrawal:
    """Declare that a completion does not count; levels and plan items follow, because they are derived from it.

    Raises NotFound out of scope, Forbidden for the actor's own record, Invalid without a reason, Conflict when it
    is withdrawn already.
    """
    require(actor, "completions.withdraw")
    row = session.execute(
        select(Completion, Enrolment.person_id.label("person_id"))
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(and_(Completion.ref == ref, reaches_person(actor, "completions.withdraw")))
    ).first()
    if row is None:
        raise NotFound()
    if row.person_id == actor.person_id:
        raise Forbidden(N_("This is your own record. Ask a colleague in HR: nobody corrects their own."))
    reason = reason.strip()
    if faults := reason_faults(reason):
        raise Invalid(N_("Nothing was withdrawn."), faults)
    withdrawal_ref = new_ref()
    # Somebody's judgement stands above that the attempt was marked again.
    withdrawn = CompletionWithdrawal.completion_id == row.Completion.id, CompletionWithdrawal.is_current
    unmade = update(CompletionWithdrawal).where(*withdrawn, CompletionWithdrawal.cause == UNMADE)
    session.execute(unmade.values(is_current=False).execution_options(synchronize_session=False))
    if not insert_once(
        session, CompletionWithdrawal, ref=withdrawal_ref, completion_id=row.Completion.id, effective_at=actor.at,
        withdrawn_by=actor.person_id, recorded_at=actor.at, reason_hash=keep_text(session, withdrawal_ref, reason),
    ):  # fmt: skip
        raise Conflict(N_("This completion is withdrawn already. Nothing was changed."))
    standings.refresh(session, [row.Completion.enrolment_id], actor.at)
    stored_levels.refresh(session, [row.person_id], actor.today)
    audit(session, actor, "completions.withdraw", "completion", ref)
    return session.scalars(select(CompletionWithdrawal).where(CompletionWithdrawal.ref == withdrawal_ref)).one()


def follow_results(session: Session, actor: Actor, enrolment_ids: Sequence[int], reason: str) -> None:
    """Bring the completions of locked enrolments in line with their results, where those were marked again.

    The stored levels follow; the standings are the caller's to refresh.
    """
    tried: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_tried().where(Attempt.enrolment_id.in_(enrolment_ids))):
        tried[row.Attempt.enrolment_id].append(row)
    moved = set[int]()
    for rows in tried.values():
        attempts = [Tried(row.Attempt.id, row.Attempt.started_at, row.passed) for row in rows]
        todo = follow(attempts, [_completed(row) for row in rows if row.completion_id])
        for completion_id in todo.withdraw:
            _unmake(session, actor, completion_id, reason)
        by_attempt = {row.Attempt.id: row for row in rows}
        if todo.complete is not None:
            row = by_attempt[todo.complete]
            complete(session, actor, row.Attempt, row.person_id, row.finished_at)
        if todo.reinstate is not None:
            gone = next(row.withdrawal_id for row in rows if row.completion_id == todo.reinstate)
            _reinstate(session, actor, gone, reason)
        if todo != Follow():
            moved.add(rows[0].person_id)
    stored_levels.refresh(session, sorted(moved), actor.today)


def _tried() -> Any:
    return (
        select(Attempt, Enrolment.person_id.label("person_id"), AttemptResult.passed, AttemptResult.finished_at)
        .add_columns(Completion.id.label("completion_id"), CompletionWithdrawal.id.label("withdrawal_id"))
        .add_columns(CompletionWithdrawal.cause, CompletionWithdrawal.effective_at.label("withdrawn_at"))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(AttemptResult, CURRENT_RESULT)
        .outerjoin(Completion, Completion.attempt_id == Attempt.id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .order_by(Attempt.id)
    )


def _completed(row: Any) -> Completed:
    withdrawn = row.withdrawal_id is not None
    return Completed(row.completion_id, row.Attempt.id, withdrawn, row.cause == UNMADE, row.withdrawn_at)


def _unmake(session: Session, actor: Actor, completion_id: int, reason: str) -> None:
    ref = new_ref()
    session.add(
        CompletionWithdrawal(
            ref=ref, completion_id=completion_id, cause=UNMADE, withdrawn_by=actor.person_id, effective_at=actor.at,
            recorded_at=actor.at, reason_hash=keep_text(session, ref, reason),
        )
    )  # fmt: skip
    session.flush()


def _reinstate(session: Session, actor: Actor, withdrawal_id: int, reason: str) -> None:
    ref = new_ref()
    falling = update(CompletionWithdrawal).where(CompletionWithdrawal.id == withdrawal_id).values(is_current=False)
    session.execute(falling.execution_options(synchronize_session=False))
    session.add(
        CompletionReinstatement(
            ref=ref, withdrawal_id=withdrawal_id, reinstated_by=actor.person_id, recorded_at=actor.at,
            reason_hash=keep_text(session, ref, reason),
        )
    )  # fmt: skip
