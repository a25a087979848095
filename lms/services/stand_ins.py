"""Deputies, as SQL: whom somebody stands in for on a day. The reporting lines of the manager are the only ones that
count: a deputy passes nothing on, and nobody stands in over themselves."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from lms.models import Delegation, DelegationEnd, Person, Post, ReportingLine
from lms.permissions import Actor


def works(person_id: Any, on: Any) -> ColumnElement[bool]:
    """Whether the person's post has not ended; whoever has none (yet) works too."""
    post = aliased(Post)
    return ~exists().where(post.person_id == person_id, post.is_latest, post.ended_on <= on).correlate_except(post)


def stood_in_for(deputy_id: Any, on: Any) -> Select[Any]:
    """The numbers of the people over whom somebody stands in for their line manager on the day."""
    line = aliased(ReportingLine)
    holds = (Delegation.held_on(on), line.held_on(on), works(Delegation.manager_id, on))
    return (
        select(line.person_id).join(Delegation, Delegation.manager_id == line.manager_id)
        .where(Delegation.deputy_id == deputy_id, line.person_id != deputy_id, *holds)
    )  # fmt: skip


def stands_in(deputy_id: Any, person_id: Any, on: Any) -> ColumnElement[bool]:
    """Whether somebody stands in for a person's line manager on the day."""
    line, holds = _over(person_id, on)
    found = select(1).select_from(line).join(Delegation, Delegation.manager_id == line.manager_id)
    found = found.where(Delegation.deputy_id == deputy_id, deputy_id != person_id, holds)
    return found.correlate_except(line, Delegation).exists()  # also from two statements further out


def deputy_of(person_id: Any, on: Any, column: Any = Delegation.deputy_id) -> ScalarSelect[Any]:
    """Who stands in for the person's line manager on the day, where both still work; or another column of it."""
    line, holds = _over(person_id, on)
    return (
        select(column).select_from(line).join(Delegation, Delegation.manager_id == line.manager_id)
        .where(holds, Delegation.deputy_id != person_id, works(Delegation.deputy_id, on))
        .limit(1).scalar_subquery()
    )  # fmt: skip


def _over(person_id: Any, on: Any) -> tuple[Any, ColumnElement[bool]]:
    line = aliased(ReportingLine)
    return line, and_(
        line.person_id == person_id, line.held_on(on), Delegation.held_on(on), works(Delegation.manager_id, on)
    )


def in_name_of(deputy_id: Any, person_id: Any, at: Any) -> ScalarSelect[str | None]:
    """In whose name somebody acted on a person at a moment: the line manager who had made them the deputy.

    Read from the facts of then: what was taken back later held at that moment.
    """
    line, manager, day = aliased(ReportingLine), aliased(Person), func.date(at)
    taken_back = exists().where(DelegationEnd.delegation_id == Delegation.id, DelegationEnd.ended_at < at)
    return (
        select(manager.display_name).select_from(Delegation)
        .join(manager, manager.id == Delegation.manager_id)
        .join(line, line.manager_id == Delegation.manager_id)
        .where(Delegation.deputy_id == deputy_id, line.person_id == person_id, line.held_on(day))
        .where(Delegation.starts_on <= day, Delegation.last_on >= day, ~taken_back)
        .limit(1).scalar_subquery()
    )  # fmt: skip


def deputy_columns(actor: Actor) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Of a `Person` in a list of the actor's: until when and for whom the actor stands in over them; NULL otherwise."""
    line, manager = aliased(ReportingLine), aliased(Person)
    found = (
        select(Delegation.last_on, manager.display_name).select_from(line)
        .join(Delegation, Delegation.manager_id == line.manager_id)
        .join(manager, manager.id == Delegation.manager_id)
        .where(line.person_id == Person.id, line.held_on(actor.today), Delegation.held_on(actor.today))
        .where(Delegation.deputy_id == actor.person_id).limit(1).correlate(Person)
    )  # fmt: skip
    until, name = (found.with_only_columns(one).scalar_subquery() for one in (Delegation.last_on, manager.display_name))
    return until, name
