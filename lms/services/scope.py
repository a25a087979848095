"""Whose rows an actor reaches, as a WHERE clause; every query about other people takes it from here.

Also the parameters of statements about the actor's own rows. Building such a statement costs several times what
executing it does, so those of the pages that learners open all day are built once (`functools.cache`), with these
parameters in the place of the actor, and then only executed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Date,
    Executable,
    Integer,
    String,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from lms.models import OrgUnit, Person, Post, ReportingLine
from lms.permissions import Actor, Grant, Scope, scopes
from lms.services.stand_ins import stood_in_for

ME = bindparam("me", type_=Integer)
LANGUAGE = bindparam("language", type_=String)
TODAY = bindparam("today", type_=Date)


def own(actor: Actor, **more: Any) -> dict[str, Any]:
    """The values of ME, LANGUAGE and TODAY for the actor, and of the statement's other parameters."""
    return {"me": actor.person_id, "language": actor.language, "today": actor.today, **more}


def rows(session: Session, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """The rows of a statement of columns, as the driver gives them.

    Through `Session.execute` each would pass the machinery that makes objects: for a list twice the time of its query.
    """
    return run(session, statement, values).all()


def run(
    session: Session, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
) -> CursorResult[Any]:
    """Execute a statement of tables and columns; it knows nothing of objects, so none of the session's is changed."""
    if session.autoflush:  # a session that writes: what it holds back is sent first, as `Session.execute` does
        session.flush()
    return session.connection().execute(statement, values)


def written_count(name: str) -> BindParameter[int]:
    """A parameter for LIMIT and OFFSET that is written into the statement.

    PostgreSQL plans a statement once and keeps the plan, unless the plan that it would keep looks worse than one for
    this very call: with a LIMIT that it does not know it expects a tenth of all rows, and so plans a list anew each
    time it is asked for, which takes ten times as long as to read it.
    """
    return bindparam(name, type_=Integer, literal_execute=True)


def of_the_day(actor: Actor) -> Actor:
    """The actor without the time of day: a key by which to keep a statement that is made of the actor and the date."""
    return replace(actor, at=datetime.combine(actor.today, time(), UTC))


def reaches_person(actor: Actor, action: str) -> ColumnElement[bool]:
    """A condition on `Person` that holds for the people whom the actor's roles open for the action."""
    conditions = [_person_condition(actor, scope, grant) for scope, grant in scopes(actor, action)]
    return or_(false(), *conditions)


def reaches_unit(actor: Actor, action: str) -> ColumnElement[bool]:
    """A condition on `OrgUnit` that holds for the units that the actor's roles open for the action."""
    return or_(false(), *(_unit_condition(scope, grant) for scope, grant in scopes(actor, action)))


def _person_condition(actor: Actor, scope: Scope, grant: Grant) -> ColumnElement[bool]:
    if scope is Scope.ALL or (scope is Scope.UNITS and grant.unit_path is None):
        return true()
    if scope is Scope.OWN:
        return Person.id == actor.person_id
    if scope is Scope.REPORTS:
        return Person.id.in_(select(ReportingLine.person_id).where(reports_to(actor.person_id, actor.today)))
    if scope is Scope.DELEGATED:
        return Person.id.in_(stood_in_for(actor.person_id, actor.today))
    if scope is Scope.UNITS:
        in_units = select(Post.person_id).join(OrgUnit, OrgUnit.id == Post.unit_id)
        return Person.id.in_(in_units.where(Post.is_latest, OrgUnit.path.startswith(grant.unit_path or "/")))
    return false()


def _unit_condition(scope: Scope, grant: Grant) -> ColumnElement[bool]:
    if scope is Scope.ALL or (scope is Scope.UNITS and grant.unit_path is None):
        return true()
    return OrgUnit.path.startswith(grant.unit_path) if scope is Scope.UNITS and grant.unit_path else false()


def reports_to(manager_id: int | None, on: date) -> ColumnElement[bool]:
    """A condition on `ReportingLine`: it holds on the day and leads to the manager."""
    return and_(ReportingLine.manager_id == manager_id, ReportingLine.held_on(on))


def has_reports(person_id: Any, on: Any) -> ColumnElement[bool]:
    """Whether somebody reports to the person on the day."""
    return exists(select(1).where(ReportingLine.manager_id == person_id, ReportingLine.held_on(on)))
