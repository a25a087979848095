"""Two records of one human being: HR says so, a second person agrees, and they can be parted again.

No fact is touched. Whose it is today follows from the unions that hold, and is written beside it (models.base.Held),
so that records, levels, plans, exports and rules find in one place what is somebody's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    DevelopmentPlan,
    Enrolment,
    Evidence,
    EvidenceEntry,
    FactText,
    Person,
    Post,
    Union,
    UnionDecision,
    UnionEnd,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.unions import carried_by, holder_of
from lms.services import standings, stored_levels
from lms.services.scope import reaches_person
from lms.services.writing import audit, insert_once, keep_text, reason_faults

UNITE = "people.unite"
HELD: tuple[Any, ...] = (Enrolment, Evidence, EvidenceEntry, DevelopmentPlan)
_OWN = N_("Nobody decides about their own records. Ask a colleague.")


@dataclass(frozen=True)
class UnionRow:
    """Two records that are said to be one person's, and how far it has come."""

    ref: str
    person: str
    person_keys: str  # number, reference or e-mail, to tell people of one name apart
    into: str
    into_keys: str
    proposed_at: datetime
    proposed_by: str
    reason: str
    accepted: bool | None  # None: nobody has decided
    decided_at: datetime | None
    decided_by: str
    ended_at: datetime | None
    ended_by: str
    end_reason: str
    still_works: bool  # whoever would go into the other holds a post of their own
    may_decide: bool
    may_end: bool


def propose_union(session: Session, actor: Actor, *, person: str, into: str, reason: str) -> str:
    """Say that two records are one human being's: `person` goes into the other, who goes on. Each is an employee
    number, a reference or an e-mail. Returns the ref; raises Invalid with a text for each field, Forbidden."""
    require(actor, UNITE)
    fields = reason_faults(reason.strip())
    found = {name: _find(session, actor, key) for name, key in (("person", person), ("into", into))}
    for name, row in found.items():
        if row is None:
            fields[name] = N_("Nobody in your scope has this number, reference or e-mail.")
        elif row.holder_id is not None:
            fields[name] = N_("This record has gone into another already: name the other one.")
    first, second = found["person"], found["into"]
    if first and second and first.id == second.id:
        fields["into"] = N_("This is the same record.")
    if fields or first is None or second is None:
        raise Invalid(N_("Nothing was sent."), fields)
    if actor.person_id is None or actor.person_id in (first.id, second.id):
        raise Forbidden(_OWN)
    ref = new_ref()
    session.add(
        Union(
            ref=ref, person_id=first.id, into_id=second.id, proposed_by=actor.person_id, proposed_at=actor.at,
            reason_hash=keep_text(session, ref, reason.strip()),
        )
    )  # fmt: skip
    audit(session, actor, "people.propose_union", "union", ref)
    return ref


def _find(session: Session, actor: Actor, key: str) -> Any:
    named = select(Person.id, Person.holder_id).where(Person.is_named_by(key.strip()), reaches_person(actor, UNITE))
    return session.execute(named).first()


def list_unions(session: Session, actor: Actor, *, size: int = 100) -> list[UnionRow]:
    """The newest unions of which both people are in scope, those first that wait for the actor. One query."""
    require(actor, UNITE)
    person, into, by, decider, ender = (aliased(Person) for _ in range(5))
    why, why_end = aliased(FactText), aliased(FactText)
    query = (
        select(Union, UnionDecision, UnionEnd, person.display_name.label("person"), into.display_name.label("into"))
        .add_columns(_keys(person).label("person_keys"), _keys(into).label("into_keys"))
        .add_columns(by.display_name.label("by"), decider.display_name.label("decider"))
        .add_columns(ender.display_name.label("ender"), why.text.label("why"), why_end.text.label("why_end"))
        .add_columns(_works(actor, Union.person_id).label("works"))
        .join(person, person.id == Union.person_id).join(into, into.id == Union.into_id)
        .join(by, by.id == Union.proposed_by)
        .outerjoin(UnionDecision, UnionDecision.union_id == Union.id)
        .outerjoin(decider, decider.id == UnionDecision.decided_by)
        .outerjoin(UnionEnd, UnionEnd.union_id == Union.id).outerjoin(ender, ender.id == UnionEnd.ended_by)
        .outerjoin(why, why.fact_ref == Union.ref).outerjoin(why_end, why_end.fact_ref == UnionEnd.ref)
        .where(_in_scope(actor)).order_by(Union.id.desc()).limit(size)
    )  # fmt: skip
    return sorted((_row(actor, row) for row in session.execute(query)), key=lambda row: not row.may_decide)


def _keys(person: Any) -> Any:
    given = [person.employee_number, person.external_ref, person.work_email]
    return case(*((key.is_not(None), key) for key in given), else_="")


def _works(actor: Actor, person_id: Any) -> Any:
    held = or_(Post.ended_on.is_(None), Post.ended_on > actor.today)
    return exists().where(Post.person_id == person_id, Post.is_latest, held)


def _in_scope(actor: Actor) -> Any:
    reached = select(Person.id).where(reaches_person(actor, UNITE))
    return and_(Union.person_id.in_(reached), Union.into_id.in_(reached))


def _row(actor: Actor, row: Any) -> UnionRow:
    union, decision, end = row.Union, row.UnionDecision, row.UnionEnd
    not_own = actor.person_id not in (union.person_id, union.into_id)
    return UnionRow(
        union.ref, row.person, row.person_keys, row.into, row.into_keys, union.proposed_at, row.by, row.why or "",
        decision.accepted if decision else None, decision.decided_at if decision else None, row.decider or "",
        end.ended_at if end else None, row.ender or "", row.why_end or "", row.works,
        not_own and decision is None and union.proposed_by != actor.person_id,
        not_own and decision is not None and decision.accepted and end is None,
    )  # fmt: skip


def decide_union(session: Session, actor: Actor, *, ref: str, accepted: bool) -> None:
    """Agree that two records are one person's, or not; never who proposed it, never about oneself. Raises NotFound,
    Forbidden, Conflict."""
    union = _get(session, actor, ref)
    if union.proposed_by == actor.person_id:
        raise Forbidden(N_("You have proposed this yourself: somebody else has to agree."))
    if accepted:
        _check(session, actor, union)
    if not insert_once(
        session, UnionDecision, union_id=union.id, accepted=accepted, decided_by=actor.person_id, decided_at=actor.at
    ):
        raise Conflict(N_("This was decided already."))
    if accepted:
        _follow(session, actor, union)
    audit(session, actor, "people.unite" if accepted else "people.refuse_union", "union", ref)


def _check(session: Session, actor: Actor, union: Union) -> None:
    both = select(Person.id, Person.holder_id).where(Person.id.in_((union.person_id, union.into_id)))
    # Locked in their order, so that two unions of the same people are written one after the other.
    rows = session.execute(both.order_by(Person.id).with_for_update()).all()
    if any(row.holder_id is not None for row in rows):
        raise Conflict(N_("One of the two has gone into another record meanwhile. Propose it anew."))
    if session.scalar(select(_works(actor, union.person_id))):
        told = N_("The record that goes into the other holds a post. Have HR's file end it first, so that nobody works "
                  "here twice.")  # fmt: skip
        raise Conflict(told)


def part_people(session: Session, actor: Actor, *, ref: str, reason: str) -> None:
    """Part two records again: each has what was recorded for it. Raises NotFound, Forbidden, Invalid, Conflict."""
    union = _get(session, actor, ref)
    if faults := reason_faults(reason.strip()):
        raise Invalid(N_("Nothing was changed."), faults)
    agreed = select(UnionDecision.union_id).where(UnionDecision.union_id == union.id, UnionDecision.accepted)
    own = new_ref()
    if session.scalar(agreed) is None or not insert_once(
        session, UnionEnd, ref=own, union_id=union.id, ended_by=actor.person_id, ended_at=actor.at,
        reason_hash=keep_text(session, own, reason.strip()),
    ):  # fmt: skip
        raise Conflict(N_("These two records are not united."))
    _follow(session, actor, union)
    audit(session, actor, "people.part", "union", ref)


def _get(session: Session, actor: Actor, ref: str) -> Union:
    require(actor, UNITE)
    union = session.scalars(select(Union).where(Union.ref == ref, _in_scope(actor))).first()
    if union is None:
        raise NotFound()
    if actor.person_id in (union.person_id, union.into_id):
        raise Forbidden(_OWN)
    return union


def _unions(session: Session) -> dict[int, int]:
    """Person -> into whom they went, as far as it was agreed and not ended."""
    query = (
        select(Union.person_id, Union.into_id)
        .join(UnionDecision, and_(UnionDecision.union_id == Union.id, UnionDecision.accepted))
        .outerjoin(UnionEnd, UnionEnd.union_id == Union.id).where(UnionEnd.id.is_(None))
    )  # fmt: skip
    return {row.person_id: row.into_id for row in session.execute(query)}


def _follow(session: Session, actor: Actor, union: Union) -> None:
    """Write down whose everything is now, of whoever stands behind the one that came or went; and what rests on it."""
    session.flush()
    unions = _unions(session)
    moved = carried_by(unions, union.person_id)
    before = set(session.scalars(select(Enrolment.person_id).where(Enrolment.recorded_for_id.in_(moved))))
    before |= set(session.scalars(select(Evidence.person_id).where(Evidence.recorded_for_id.in_(moved))))
    holder = holder_of(unions, union.person_id)
    _write(session, moved, holder)
    touched = sorted({union.person_id, union.into_id, holder} | before)
    session.execute(update(Person).where(Person.id.in_(touched)).values(changed_at=actor.at))
    session.expire_all()
    stored_levels.refresh(session, touched, actor.today)
    enrolled = session.scalars(select(Enrolment.id).where(Enrolment.person_id.in_(touched))).all()
    standings.refresh(session, enrolled, actor.at)  # leave of the one puts off the due dates of the other


def _write(session: Session, people: set[int], holder: int) -> None:
    for model in HELD:
        held = update(model.__table__).where(model.__table__.c.person_id.in_(people))
        session.execute(held.values(holder_id=holder))
    behind = update(Person).where(Person.id.in_(people))
    session.execute(behind.where(Person.id != holder).values(holder_id=holder))
    session.execute(behind.where(Person.id == holder).values(holder_id=None))


def rebuild_holders(session: Session, actor: Actor) -> None:
    """Forget whose everything is, and follow the unions anew."""
    require(actor, "records.rebuild")
    unions = _unions(session)
    apart = set(session.scalars(select(Person.id).where(Person.holder_id.is_not(None)))) - set(unions)
    for person in apart:
        _write(session, {person}, person)
    for holder in {holder_of(unions, person) for person in unions}:
        _write(session, carried_by(unions, holder), holder)
