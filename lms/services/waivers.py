"""Waivers: HR declares that somebody need not take a course in a period, with a reason, and can take that back."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import Enrolment, FactText, Person, Standing, Waiver, WaiverWithdrawal, new_ref
from lms.permissions import Actor, require
from lms.rules import standing as rule
from lms.services import standings
from lms.services.scope import reaches_person, rows
from lms.services.writing import audit, insert_once, keep_text, reason_faults

OWN = N_("This is your own record. Ask a colleague in HR: nobody waives a course for themselves.")


class WaiverRow(NamedTuple):
    """A waiver of a record, with what became of it."""

    ref: str
    waived_at: datetime
    waived_by: str
    reason: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    why_withdrawn: str


def read_waivers(session: Session, enrolment_id: int) -> list[WaiverRow]:
    """The waivers of an enrolment in order; one query."""
    by, taker, why = aliased(Person), aliased(Person), aliased(FactText)
    query = (
        select(Waiver.ref, Waiver.waived_at, by.display_name, FactText.text)
        .add_columns(WaiverWithdrawal.withdrawn_at, taker.display_name, why.text)
        .outerjoin(by, by.id == Waiver.waived_by)
        .outerjoin(FactText, FactText.fact_ref == Waiver.ref)
        .outerjoin(WaiverWithdrawal, WaiverWithdrawal.waiver_id == Waiver.id)
        .outerjoin(taker, taker.id == WaiverWithdrawal.withdrawn_by)
        .outerjoin(why, why.fact_ref == WaiverWithdrawal.ref)
        .where(Waiver.enrolment_id == enrolment_id).order_by(Waiver.id)
    )  # fmt: skip
    return [
        WaiverRow(ref, at, name or "", reason or "", back_at, back_by or "", because or "")
        for ref, at, name, reason, back_at, back_by, because in rows(session, query)
    ]


def waive_course(session: Session, actor: Actor, *, ref: str, reason: str) -> None:
    """Waive the course of a record in scope. Raises NotFound, Forbidden for one's own, Invalid without a reason,
    Conflict where it is completed or waived already."""
    require(actor, "waivers.write")
    found = _find(
        session,
        actor,
        select(Enrolment.id, Enrolment.person_id.label("person_id"), Enrolment.ref).where(Enrolment.ref == ref),
    )
    reason = _reason(reason)
    standings.lock(session, [found.id])
    standing = session.scalars(select(Standing).where(Standing.enrolment_id == found.id)).one()
    if rule.status(standings.as_rule(standing), actor.today) not in rule.WAITING:
        raise Conflict(N_("There is nothing to waive: the course is completed, has run out, or is waived already."))
    fact = new_ref()
    row = {"enrolment_id": found.id, "waived_by": actor.person_id, "waived_at": actor.at}
    session.add(Waiver(ref=fact, reason_hash=keep_text(session, fact, reason), **row))
    standings.refresh(session, [found.id], actor.at, is_locked=True)
    audit(session, actor, "waivers.write", "enrolment", ref)


def withdraw_waiver(session: Session, actor: Actor, *, ref: str, reason: str) -> str:
    """Take a waiver back: the course is asked as before; returns the record's ref. Raises as `waive_course` does."""
    require(actor, "waivers.write")
    query = select(Enrolment.id, Enrolment.person_id.label("person_id"), Enrolment.ref, Waiver.id.label("waiver_id"))
    found = _find(session, actor, query.join(Waiver, Waiver.enrolment_id == Enrolment.id).where(Waiver.ref == ref))
    reason, fact = _reason(reason), new_ref()
    row = {"waiver_id": found.waiver_id, "withdrawn_by": actor.person_id, "withdrawn_at": actor.at}
    if not insert_once(session, WaiverWithdrawal, ref=fact, reason_hash=keep_text(session, fact, reason), **row):
        raise Conflict(N_("This waiver is taken back already. Nothing was changed."))
    standings.refresh(session, [found.id], actor.at)
    audit(session, actor, "waivers.withdraw", "enrolment", found.ref)
    return str(found.ref)


def _find(session: Session, actor: Actor, query: Any) -> Any:
    reached = query.join(Person, Person.id == Enrolment.person_id).where(reaches_person(actor, "waivers.write"))
    found = session.execute(reached).first()
    if found is None:
        raise NotFound()
    if found.person_id == actor.person_id:
        raise Forbidden(OWN)
    return found


def _reason(reason: str) -> str:
    written = reason.strip()
    if faults := reason_faults(written):
        raise Invalid(N_("Nothing was changed."), faults)
    return written
