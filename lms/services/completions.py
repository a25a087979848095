"""Withdrawing a completion: a new record with a reason, never an edit."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import Completion, CompletionWithdrawal, Enrolment, Person, new_ref
from lms.permissions import Actor, require
from lms.services import standings
from lms.services.scope import reaches_person
from lms.services.writing import audit, insert_once, keep_text

REASON_LIMIT = 1000


def withdraw_completion(session: Session, actor: Actor, *, ref: str, reason: str) -> CompletionWithdrawal:
    """Declare that a completion does not count; levels and plan items follow, because they are derived from it.

    Raises NotFound out of scope, Forbidden for the actor's own record, Invalid without a reason, Conflict when it
    is withdrawn already.
    """
    require(actor, "completions.withdraw")
    row = session.execute(
        select(Completion, Enrolment.person_id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(and_(Completion.ref == ref, reaches_person(actor, "completions.withdraw")))
    ).first()
    if row is None:
        raise NotFound()
    if row.person_id == actor.person_id:
        raise Forbidden(N_("This is your own record. Ask a colleague in HR: nobody corrects their own."))
    reason = reason.strip()
    if not reason or len(reason) > REASON_LIMIT:
        raise Invalid(N_("Nothing was withdrawn."), {"reason": N_("Write the reason, in up to 1,000 characters.")})
    withdrawal_ref = new_ref()
    if not insert_once(
        session, CompletionWithdrawal, ref=withdrawal_ref, completion_id=row.Completion.id, effective_at=actor.at,
        withdrawn_by=actor.person_id, recorded_at=actor.at, reason_hash=keep_text(session, withdrawal_ref, reason),
    ):  # fmt: skip
        raise Conflict(N_("This completion is withdrawn already. Nothing was changed."))
    standings.refresh(session, [row.Completion.enrolment_id], actor.at)
    audit(session, actor, "completions.withdraw", "completion", ref)
    return session.scalars(select(CompletionWithdrawal).where(CompletionWithdrawal.ref == withdrawal_ref)).one()
