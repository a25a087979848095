"""Leave: HR or the line manager says when somebody is away, and their clock of due dates stands still."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import Enrolment, Leave, LeaveEnd, Person, new_ref
from lms.permissions import Actor, require
from lms.rules.pausing import faults
from lms.services import standings
from lms.services.pauses import read_pauses
from lms.services.scope import reaches_person, rows
from lms.services.writing import audit, insert_once

NOT_ENTERED = N_("No leave was entered.")


class LeaveLine(NamedTuple):
    """A leave as it was entered, and since when they were back in it."""

    ref: str
    first: date
    last: date
    back_on: date | None

    @property
    def was(self) -> bool:
        """Whether any day of it was leave."""
        return self.back_on is None or self.back_on > self.first


@dataclass(frozen=True)
class LeavePage:
    """Somebody's leave, the latest first."""

    ref: str
    name: str
    lines: list[LeaveLine]


def get_leaves(session: Session, actor: Actor, *, ref: str) -> LeavePage:
    """Of a person in scope; NotFound otherwise, Forbidden for one's own. Two queries."""
    person = _find(session, actor, ref)
    query = select(Leave.ref, Leave.starts_on, Leave.last_on, LeaveEnd.back_on)
    query = query.outerjoin(LeaveEnd, LeaveEnd.leave_id == Leave.id).where(Leave.person_id == person.id)
    found = rows(session, query.order_by(Leave.starts_on.desc(), Leave.id.desc()))
    return LeavePage(ref, person.display_name, [LeaveLine(*row) for row in found])


def enter_leave(session: Session, actor: Actor, *, ref: str, first: date | None, last: date | None) -> None:
    """Enter a leave, also one that is over. Raises Invalid with what is wrong at which field, and as `get_leaves`."""
    person = _find(session, actor, ref)
    _lock(session, person.id)
    wrong = faults(first, last, read_pauses(session, [person.id])[person.id])
    if wrong or first is None or last is None:
        raise Invalid(NOT_ENTERED, wrong)
    made = Leave(
        ref=new_ref(), person_id=person.id, starts_on=first, last_on=last, entered_by=actor.person_id,
        entered_at=actor.at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _follow(session, actor, person.id)
    audit(session, actor, "leaves.enter", "person", ref)


def end_leave(session: Session, actor: Actor, *, ref: str, leave: str, back_on: date | None) -> None:
    """They are back on a day of a leave; on its first day: it never was.

    Raises Invalid for a day outside it, Conflict where that was said already, and as `get_leaves`.
    """
    person = _find(session, actor, ref)
    _lock(session, person.id)
    found = session.scalar(select(Leave).where(Leave.ref == leave, Leave.person_id == person.id))
    if found is None:
        raise NotFound()
    if back_on is None or not found.starts_on <= back_on <= found.last_on:
        raise Invalid(NOT_ENTERED, {"back_on": N_("Give the first day back: a day of this leave.")})
    who_when = {"ended_by": actor.person_id, "ended_at": actor.at}
    if not insert_once(session, LeaveEnd, leave_id=found.id, back_on=back_on, **who_when):
        raise Conflict(N_("The end of this leave was changed already. Nothing was changed."))
    _follow(session, actor, person.id)
    audit(session, actor, "leaves.end", "person", ref)


def _find(session: Session, actor: Actor, ref: str) -> Any:
    require(actor, "leaves.write")
    query = select(Person.id, Person.display_name).where(Person.ref == ref, reaches_person(actor, "leaves.write"))
    found = session.execute(query).first()
    if found is None:
        raise NotFound()
    if found.id == actor.person_id:
        raise Forbidden(N_("This is your own leave: your line manager or a colleague in HR enters it."))
    return found


def _lock(session: Session, person_id: int) -> None:
    """Two forms at once take their turn, and whoever enrols the person at this moment does."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _follow(session: Session, actor: Actor, person_id: int) -> None:
    enrolments = session.scalars(select(Enrolment.id).where(Enrolment.person_id == person_id)).all()
    standings.refresh(session, enrolments, actor.at)
