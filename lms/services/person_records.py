"""One person's record as HR sees it: who they are, every period of every course, all facts."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import OrgUnit, PartnerOrganisation, Person, Post, ReportingLine
from lms.permissions import Actor, require
from lms.services.person_facts import Fact, read_facts
from lms.services.records import RecordRow, records_of
from lms.services.scope import reaches_person, rows

ACTION = "records.oversee"


class Held(NamedTuple):
    """A post ("post": in which unit, as what) or a line manager ("manager": who), with its dates."""

    kind: str
    name: str
    detail: str
    started_on: date
    ended_on: date | None  # the first day on which it no longer holds


@dataclass(frozen=True)
class PersonRecord:
    """Everything about somebody's learning that HR may read."""

    person_id: int
    ref: str
    name: str
    number: str
    email: str
    kind: str
    held: list[Held]
    periods: list[tuple[int, RecordRow]]  # of each course the newest first, with its number
    facts: list[Fact]


def get_person_record(session: Session, actor: Actor, *, ref: str) -> PersonRecord:
    """The record of somebody in HR's scope; NotFound otherwise. Four queries."""
    require(actor, ACTION)
    number = func.coalesce(func.nullif(Person.employee_number, ""), Person.external_ref, "")
    columns = select(
        Person.id, Person.ref, Person.display_name, number, func.coalesce(Person.work_email, ""), Person.kind
    )
    found = session.execute(columns.where(Person.ref == ref, reaches_person(actor, ACTION))).first()
    if found is None:
        raise NotFound()
    person_id, person, name, number_or_ref, email, kind = found
    return PersonRecord(
        person_id, person, name, number_or_ref, email, kind, _held(session, actor, person_id),
        records_of(session, actor, person_id), read_facts(session, actor, person_id),
    )  # fmt: skip


def _held(session: Session, actor: Actor, person_id: int) -> list[Held]:
    """Posts and line managers, the newest first. Partner staff see no names of our staff."""
    manager = aliased(Person)
    partner = func.coalesce(PartnerOrganisation.name, Post.job_title)
    posts = (
        select(literal("post"), OrgUnit.name.label("name"), partner, Post.started_on.label("since"), Post.ended_on)
        .join(OrgUnit, OrgUnit.id == Post.unit_id)
        .outerjoin(PartnerOrganisation, PartnerOrganisation.id == Post.partner_id)
        .where(Post.person_id == person_id)
    )
    lines = (
        select(literal("manager"), manager.display_name, literal(""), ReportingLine.started_on, ReportingLine.ended_on)
        .join(manager, manager.id == ReportingLine.manager_id)
        .where(ReportingLine.person_id == person_id)
    )
    if actor.kind == "partner_staff":
        lines = lines.where(manager.kind == "partner_staff")
    every = union_all(posts, lines).subquery()
    return [Held._make(row) for row in rows(session, select(every).order_by(every.c.since.desc(), every.c.name))]
