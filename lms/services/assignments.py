"""Assigning a course to people or to a unit, and taking it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    CURRENT_VERSION,
    Assignment,
    AssignmentWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    EnrolmentAssignment,
    OrgUnit,
    Person,
    Post,
    Standing,
    in_source_language,
)
from lms.permissions import Actor, may, require
from lms.rules.assigning import due_for
from lms.services import announcing, standings
from lms.services.enrolments import enrol
from lms.services.scope import of_the_day, reaches_person, reaches_unit, rows, written_count
from lms.services.writing import audit, insert_missing, insert_once

MOST_PEOPLE = 200


class AssignmentRow(NamedTuple):
    """An assignment in a list."""

    ref: str
    course: str
    target: str
    is_unit: bool
    due_on: date | None
    mandatory: bool
    assigned_at: datetime
    assigned_by: str
    withdrawn_at: datetime | None
    people: int
    done: int
    may_withdraw: bool


def list_assignments(session: Session, actor: Actor, *, page: int = 1, size: int = 50) -> list[AssignmentRow]:
    """The assignments in the actor's scope, newest first; two queries. A page holds `size`."""
    require(actor, "assignments.write")
    listed = rows(session, _listed(of_the_day(actor)), {"size": size, "first": (page - 1) * size})
    counted = rows(session, _counted(), {"ids": [row.id for row in listed]})
    counts = {number: (people, done) for number, people, done in counted}
    return [
        AssignmentRow(
            row.ref, row.title, row.name or row.display_name, row.unit_id is not None, row.due_on, row.mandatory,
            row.assigned_at, _assigner(actor, row), row.withdrawn_at, *counts.get(row.id, (0, 0)),
            bool(row.may_withdraw),
        )
        for row in listed
    ]  # fmt: skip


@lru_cache(maxsize=256)
def _listed(actor: Actor) -> Executable:
    by, source = aliased(Person, name="by"), aliased(CourseText)
    return (
        select(Assignment.id, Assignment.ref, Assignment.unit_id, Assignment.due_on, Assignment.mandatory)
        .add_columns(Assignment.assigned_at, Assignment.assigned_by, AssignmentWithdrawal.withdrawn_at)
        .add_columns(source.title, Person.display_name, OrgUnit.name, by.display_name.label("by"))
        .add_columns(_is_withdrawable(actor).label("may_withdraw"))
        .join(CourseVersion, and_(CourseVersion.course_id == Assignment.course_id, CourseVersion.is_current))
        .join(source, in_source_language(source))
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(OrgUnit, OrgUnit.id == Assignment.unit_id)
        .outerjoin(by, by.id == Assignment.assigned_by)
        .outerjoin(AssignmentWithdrawal, AssignmentWithdrawal.assignment_id == Assignment.id)
        .where(in_scope(actor), Assignment.rule_version_id.is_(None))  # what a rule asks stands with the rule
        .order_by(Assignment.id.desc())
        .limit(written_count("size")).offset(written_count("first"))
    )  # fmt: skip


@cache
def _counted() -> Executable:
    """Of how many people each of some assignments asks a course, and how many have completed it."""
    return (
        select(EnrolmentAssignment.assignment_id, func.count(), func.count(Standing.completed_on))
        .join(Standing, Standing.enrolment_id == EnrolmentAssignment.enrolment_id)
        .where(EnrolmentAssignment.assignment_id.in_(bindparam("ids", expanding=True)))
        .group_by(EnrolmentAssignment.assignment_id)
    )


def _assigner(actor: Actor, row: Any) -> str:
    """Who assigned it; partner staff see no names of our staff."""
    hidden = actor.kind == "partner_staff" and row.assigned_by != actor.person_id
    return "" if hidden else row.by or ""


def in_scope(actor: Actor) -> Any:
    """A condition on `Assignment` outer-joined to Person and OrgUnit."""
    people = and_(Assignment.person_id.is_not(None), reaches_person(actor, "assignments.write"))
    units = and_(Assignment.unit_id.is_not(None), reaches_unit(actor, "assignments.write_units"))
    return or_(people, units)


def _is_assignable(actor: Actor) -> ColumnElement[bool]:
    """A condition on `CourseVersion`: a partner's reviewer assigns what is open to partners."""
    return CourseVersion.for_partner_staff.is_(True) if actor.kind == "partner_staff" else true()


def _is_withdrawable(actor: Actor) -> Any:
    """A line manager takes back what they assigned themselves; what HR assigned is HR's to take back."""
    as_hr = or_(Assignment.unit_id.is_not(None), reaches_person(actor, "assignments.write_units"))
    return or_(as_hr, Assignment.assigned_by.is_not_distinct_from(actor.person_id))


@dataclass(frozen=True)
class Choices:
    """What an assignment form offers: courses, units in scope, people in scope."""

    courses: list[tuple[str, str]]
    units: list[tuple[str, str]]
    people: list[tuple[str, str]]
    people_left_out: int


def list_choices(session: Session, actor: Actor, *, search: str = "", keep: Sequence[str] = ()) -> Choices:
    """At most 200 people are offered; a search narrows them, but who is chosen (`keep`, refs) stays. Three queries."""
    require(actor, "assignments.write")
    source = aliased(CourseText)
    courses = session.execute(
        select(Course.slug, source.title)
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
        .where(_is_assignable(actor)).order_by(Course.code)
    )  # fmt: skip
    units: Iterable[Any] = ()
    if may(actor, "assignments.write_units"):
        reached = reaches_unit(actor, "assignments.write_units")
        units = session.execute(select(OrgUnit.code, OrgUnit.name).where(reached).order_by(OrgUnit.path))
    query = (
        select(Person.ref, Person.display_name)
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .where(reaches_person(actor, "assignments.write"), Person.holder_id.is_(None))
        .where(or_(Post.ended_on.is_(None), Post.ended_on > actor.today))
    )
    if search:
        query = query.where(or_(Person.ref.in_(keep), Person.display_name.icontains(search, autoescape=True)))
    chosen_first = case((Person.ref.in_(keep), 0), else_=1)
    people = session.execute(query.order_by(chosen_first, Person.display_name).limit(MOST_PEOPLE + 1)).all()
    return Choices(
        [(slug, title) for slug, title in courses],
        [(code, f"{name} ({code})") for code, name in units],
        [(ref, name) for ref, name in people[:MOST_PEOPLE]],
        max(0, len(people) - MOST_PEOPLE),
    )


def assign_course(
    session: Session, actor: Actor, *, course_slug: str, unit_code: str = "", people: Sequence[str] = (),
    due_on: date | None, mandatory: bool, reason: str = "assigned",
) -> list[Assignment]:  # fmt: skip
    """Ask a course of a unit and below, or of people (by ref), by a due date.

    Raises Invalid with a text for each field that cannot be taken; what is out of scope reads like what is absent.
    """
    require(actor, "assignments.write")
    course_id = session.scalar(
        select(Course.id).join(CourseVersion, CURRENT_VERSION).where(Course.slug == course_slug, _is_assignable(actor))
    )
    fields = {} if course_id else {"course": N_("Choose a course.")}
    if due_on and due_on < actor.today:
        fields["due_on"] = N_("The due date is in the past. Choose today or later.")
    unit_id, person_ids = _targets(session, actor, unit_code, people, fields)
    if fields:
        raise Invalid(N_("Nothing was assigned."), fields)
    common = {"course_id": course_id, "due_on": due_on, "mandatory": mandatory, "reason": reason}
    targets = [{"unit_id": unit_id}] if unit_id else [{"person_id": person_id} for person_id in person_ids]
    made = [Assignment(**common, **target, assigned_by=actor.person_id, assigned_at=actor.at) for target in targets]
    session.add_all(made)
    session.flush()
    touched = [i for a in made for i in _apply(session, actor, a, _people_of(session, a, actor.today))]
    standings.refresh(session, touched, actor.at)
    for assignment in made:
        audit(session, actor, "assignments.assign", "assignment", assignment.ref)
    return made


def _targets(
    session: Session, actor: Actor, unit_code: str, people: Sequence[str], fields: dict[str, str]
) -> tuple[int | None, list[int]]:
    if bool(unit_code) == bool(people):
        fields["people"] = N_("Choose a unit, or one or more people: one of the two.")
        return None, []
    if unit_code:
        reached = reaches_unit(actor, "assignments.write_units")
        unit_id = session.scalar(select(OrgUnit.id).where(OrgUnit.code == unit_code, reached))
        if unit_id is None:
            fields["unit"] = N_("There is no such unit in your scope.")
        return unit_id, []
    reached = reaches_person(actor, "assignments.write")
    ids = list(session.scalars(select(Person.id).where(Person.ref.in_(people), reached).order_by(Person.id)))
    if len(ids) != len(set(people)):
        fields["people"] = N_("Somebody in this list is not in your scope. Choose again.")
    return None, ids


def _people_of(session: Session, assignment: Assignment, today: date) -> Sequence[int]:
    return [assignment.person_id] if assignment.person_id else session.scalars(_people_in_unit(assignment, today)).all()


def _people_in_unit(assignment: Assignment, today: date) -> Select[int]:
    path = select(OrgUnit.path).where(OrgUnit.id == assignment.unit_id).scalar_subquery()
    return (
        select(Post.person_id).join(OrgUnit, OrgUnit.id == Post.unit_id)
        .where(Post.is_latest, or_(Post.ended_on.is_(None), Post.ended_on > today), OrgUnit.path.like(path + "%"))
        .order_by(Post.person_id)
    )  # fmt: skip


def _apply(session: Session, actor: Actor, assignment: Assignment, people: Sequence[int]) -> list[int]:
    """Enrol the people, or add the demand to the enrolment that they have, and tell them; returns the enrolments."""
    announcing.announce_later(session, assignment, people, actor.at)
    slices = [people[start : start + standings.SLICE] for start in range(0, len(people), standings.SLICE)]
    return [enrolment for part in slices for enrolment in _apply_slice(session, actor, assignment, part)]


def _apply_slice(session: Session, actor: Actor, assignment: Assignment, people: Sequence[int]) -> list[int]:
    enrolments = [row.id for row in enrol(session, actor, assignment.course_id, people, own_choice=False)]
    due_on = due_for(assignment.due_on, actor.today)
    links = [
        {"enrolment_id": i, "assignment_id": assignment.id, "assigned_at": actor.at, "due_on": due_on}
        for i in enrolments
    ]
    insert_missing(session, EnrolmentAssignment, links)
    return enrolments


def apply_unit_assignments(session: Session, actor: Actor, *, unit_ids: set[int]) -> None:
    """Newcomers get what is asked of the units that they came into (and of those above)."""
    paths = session.scalars(select(OrgUnit.path).where(OrgUnit.id.in_(unit_ids))).all()
    above = {int(part) for path in paths for part in path.strip("/").split("/") if part}
    live = session.scalars(
        select(Assignment).outerjoin(AssignmentWithdrawal)
        .where(Assignment.unit_id.in_(above), AssignmentWithdrawal.assignment_id.is_(None))
    ).all()  # fmt: skip
    touched: list[int] = []
    for assignment in live:
        # A list that is made once: asked anew for each person, it would be walked through for each.
        asked = select(Enrolment.person_id).join(EnrolmentAssignment)
        asked = asked.where(EnrolmentAssignment.assignment_id == assignment.id)
        newcomers = session.scalars(_people_in_unit(assignment, actor.today).where(Post.person_id.not_in(asked)))
        touched += _apply(session, actor, assignment, newcomers.all())
    standings.refresh(session, touched, actor.at)


def withdraw_assignment(session: Session, actor: Actor, *, ref: str) -> None:
    """Take an assignment back; who has begun keeps the course as their own choice."""
    require(actor, "assignments.write")
    row = session.execute(
        select(Assignment.id, _is_withdrawable(actor).label("may_withdraw"))
        .outerjoin(Person, Person.id == Assignment.person_id)
        .outerjoin(OrgUnit, OrgUnit.id == Assignment.unit_id)
        .where(Assignment.ref == ref, in_scope(actor), Assignment.rule_version_id.is_(None))
    ).first()
    if row is None:
        raise NotFound()
    if not row.may_withdraw:
        raise Forbidden(N_("Somebody else assigned this course. Ask them, or HR, to take it back."))
    found = row.id
    who_when = {"withdrawn_by": actor.person_id, "withdrawn_at": actor.at}
    if not insert_once(session, AssignmentWithdrawal, assignment_id=found, **who_when):
        raise Conflict(N_("This assignment is taken back already. Nothing was changed."))
    touched = session.scalars(
        select(EnrolmentAssignment.enrolment_id).where(EnrolmentAssignment.assignment_id == found)
    ).all()
    standings.refresh(session, touched, actor.at)
    audit(session, actor, "assignments.withdraw", "assignment", ref)
