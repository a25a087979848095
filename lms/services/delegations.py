"""A line manager who will be away names a deputy, with a first and a last day, and takes it back."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Executable, exists, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import Delegation, DelegationEnd, Person, Post, new_ref
from lms.permissions import Actor, require
from lms.rules.delegating import State, period_faults, state
from lms.rules.mails import Kind
from lms.services.following_up import REVIEWERS
from lms.services.jobs import add_job
from lms.services.mails import News, add_mails
from lms.services.reviewers import find_colleague
from lms.services.scope import ME, of_the_day, own, reaches_person, rows, written_count
from lms.services.writing import audit, insert_once

PAGE_SIZE, MOST_LISTED = 25, 50
NOT_NAMED = N_("Nobody was named yet.")


@dataclass(frozen=True)
class DelegationLine:
    """Who stands in for whom, and where that stands today."""

    ref: str
    manager: str
    deputy: str
    starts_on: date
    last_on: date
    named_at: datetime
    ended_at: datetime | None
    state: State

    @property
    def may_end(self) -> bool:
        """Whether there is something to take back."""
        return self.state in (State.PLANNED, State.RUNNING)


@dataclass(frozen=True)
class DelegationPage:
    """What HR sees of them, page by page."""

    lines: list[DelegationLine]
    has_more: bool


_manager, _deputy = aliased(Person, name="manager"), aliased(Person, name="deputy")


def _listed() -> Any:
    return (
        select(Delegation.ref, _manager.display_name.label("manager"), _deputy.display_name.label("deputy"))
        .add_columns(Delegation.starts_on, Delegation.last_on, Delegation.named_at, DelegationEnd.ended_at)
        .join(_manager, _manager.id == Delegation.manager_id)
        .join(_deputy, _deputy.id == Delegation.deputy_id)
        .outerjoin(DelegationEnd, DelegationEnd.delegation_id == Delegation.id)
        .order_by(Delegation.last_on.desc(), Delegation.id.desc())
    )


def _line(row: Any, today: date) -> DelegationLine:
    now = state(row.starts_on, row.last_on, row.ended_at, today)
    return DelegationLine(
        row.ref, row.manager, row.deputy, row.starts_on, row.last_on, row.named_at, row.ended_at, now
    )  # fmt: skip


def list_own(session: Session, actor: Actor) -> list[DelegationLine]:
    """Whom the actor has named, the latest first; one query."""
    require(actor, "delegations.write")
    return [_line(row, actor.today) for row in rows(session, _own(), own(actor, size=MOST_LISTED))]


@cache
def _own() -> Executable:
    mine: Executable = _listed().where(Delegation.manager_id == ME).limit(written_count("size"))
    return mine


def list_overseen(session: Session, actor: Actor, *, page: int) -> DelegationPage:
    """Whom the managers in HR's scope have named, the latest first; one query."""
    require(actor, "delegations.oversee")
    values = own(actor, size=PAGE_SIZE + 1, start=(page - 1) * PAGE_SIZE)
    found = [_line(row, actor.today) for row in rows(session, _overseen(of_the_day(actor)), values)]
    return DelegationPage(found[:PAGE_SIZE], len(found) > PAGE_SIZE)


@lru_cache(maxsize=64)
def _overseen(actor: Actor) -> Executable:
    reached = select(Person.id).where(reaches_person(actor, "delegations.oversee"))
    page: Executable = (
        _listed().where(Delegation.manager_id.in_(reached)).limit(written_count("size")).offset(written_count("start"))
    )
    return page


def delegate(session: Session, actor: Actor, *, deputy: str, first: date | None, last: date | None) -> str:
    """Name a deputy (an e-mail) for the actor's own reports, from the first day to the last. Returns its ref.

    The deputy is of the actor's own organisation. Two at a time there are not: whoever reports to the actor has one
    person to turn to. Raises Invalid with what is wrong at which field.
    """
    require(actor, "delegations.write")
    me = actor.person_id or 0
    session.execute(select(Person.id).where(Person.id == me).with_for_update())  # two forms at once take their turn
    faults = period_faults(first, last, actor.today)
    found = find_colleague(session, deputy, of=me, on=actor.today, but=(me,))
    if found is None or not session.scalar(select(exists().where(Post.person_id == found))):
        faults["deputy"] = N_("Nobody else of your organisation in HR's file has this e-mail. Check it.")
    if not faults and _is_taken(session, me, first, last):
        faults["first"] = N_("Somebody is named for some of these days already. Take that back first.")
    if faults or found is None or first is None or last is None:
        raise Invalid(NOT_NAMED, faults)
    made = Delegation(
        ref=new_ref(), manager_id=me, deputy_id=found, starts_on=first, last_on=last, named_at=actor.at
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit(session, actor, "delegations.name", "delegation", made.ref)
    _tell(session, actor, made, ended=False)
    return made.ref


def _is_taken(session: Session, manager_id: int, first: Any, last: Any) -> bool:
    taken_back = exists().where(DelegationEnd.delegation_id == Delegation.id)
    others = select(Delegation.id).where(Delegation.manager_id == manager_id, ~taken_back)
    others = others.where(Delegation.starts_on <= last, Delegation.last_on >= first)
    return session.scalar(others.limit(1)) is not None


def take_back(session: Session, actor: Actor, *, ref: str) -> None:
    """The manager takes it back: it holds no more from now on. NotFound, Conflict where it is over."""
    require(actor, "delegations.write")
    mine = select(Delegation).where(Delegation.ref == ref, Delegation.manager_id == actor.person_id)
    found = session.scalar(mine)
    if found is None:
        raise NotFound()
    is_over = found.last_on < actor.today
    if is_over or not insert_once(session, DelegationEnd, delegation_id=found.id, ended_at=actor.at):
        raise Conflict(N_("This is over already. Nothing was changed."))
    audit(session, actor, "delegations.take_back", "delegation", ref)
    _tell(session, actor, found, ended=True)


def _tell(session: Session, actor: Actor, delegation: Delegation, *, ended: bool) -> None:
    """A mail to the deputy; and where it holds today, what waits for an answer goes over to whoever is to give it."""
    data = {"delegation": delegation.ref, "ended": ended}
    news = News(delegation.deputy_id, f"{Kind.DELEGATION}:{delegation.ref}:{ended}", data)
    add_mails(session, Kind.DELEGATION, [news], actor.at)
    if delegation.starts_on <= actor.today:
        add_job(session, REVIEWERS, {}, actor.at)
