"""Granting roles and taking them back; who holds what."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid, NotFound
from lms.models import Course, OrgUnit, Person, RoleGrant
from lms.permissions import GRANTABLE, Actor, Role, require
from lms.rules.people import email_key
from lms.services.writing import audit


@dataclass(frozen=True)
class GrantRow:
    """A role that is held now: by whom, where, since when."""

    name: str
    email: str
    role: str
    place: str
    granted_at: datetime


def grant_role(
    session: Session, actor: Actor, *, email: str, role: str, unit_code: str = "", course_code: str = ""
) -> tuple[Person, bool]:
    """Give a role, for a unit and below, for a course (authors), or everywhere; False when it was held already."""
    require(actor, "roles.grant")
    person, unit_id, course_id = _place(session, email, role, unit_code, course_code)
    if _held(session, actor, person.id, role, unit_id, course_id):
        return person, False
    session.add(RoleGrant(person_id=person.id, role=role, unit_id=unit_id, course_id=course_id, granted_at=actor.at))
    audit(session, actor, f"roles.grant.{role}", "person", person.ref)
    return person, True


def revoke_role(
    session: Session, actor: Actor, *, email: str, role: str, unit_code: str = "", course_code: str = ""
) -> Person:
    """Take a role back from now on; NotFound when the person does not hold it there."""
    require(actor, "roles.grant")
    person, unit_id, course_id = _place(session, email, role, unit_code, course_code)
    held = _held(session, actor, person.id, role, unit_id, course_id)
    if held is None:
        raise NotFound(N_("%(email)s does not hold the role %(role)s there."), email=email, role=role)
    held.ended_at = actor.at
    audit(session, actor, f"roles.revoke.{role}", "person", person.ref)
    return person


def _place(
    session: Session, email: str, role: str, unit_code: str, course_code: str
) -> tuple[Person, int | None, int | None]:
    if role not in GRANTABLE:
        known = ", ".join(GRANTABLE)
        raise Invalid(
            N_("%(role)s is not a role that is granted: known are %(known)s. Everybody is a learner; "
               "a line manager is whom HR's file names as one."), role=role, known=known,
        )  # fmt: skip
    if unit_code and role != Role.HR_OFFICER:
        raise Invalid(N_("Only an HR officer's role is bound to a unit."))
    if course_code and role != Role.AUTHOR:
        raise Invalid(N_("Only an author's role is bound to a course."))
    person = session.scalar(select(Person).where(Person.email_key == email_key(email)))
    if person is None:
        raise NotFound(
            N_("Nobody has the e-mail %(email)s. People come with HR's file: flask lms people FILE.csv."), email=email
        )
    unit_id = session.scalar(select(OrgUnit.id).where(OrgUnit.code == unit_code)) if unit_code else None
    if unit_code and unit_id is None:
        raise NotFound(N_("There is no unit with the code %(code)s."), code=unit_code)
    course_id = session.scalar(select(Course.id).where(Course.code == course_code)) if course_code else None
    if course_code and course_id is None:
        raise NotFound(N_("There is no course with the code %(code)s."), code=course_code)
    return person, unit_id, course_id


def _held(
    session: Session, actor: Actor, person_id: int, role: str, unit_id: int | None, course_id: int | None
) -> RoleGrant | None:
    return session.scalar(
        select(RoleGrant).where(
            RoleGrant.person_id == person_id, RoleGrant.role == role,
            RoleGrant.unit_id.is_not_distinct_from(unit_id), RoleGrant.course_id.is_not_distinct_from(course_id),
            or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > actor.at),
        )
    )  # fmt: skip


def list_grants(session: Session, actor: Actor, *, page: int = 1, size: int = 50) -> list[GrantRow]:
    """Who holds which role now; one query."""
    require(actor, "roles.read")
    rows = session.execute(
        select(Person.display_name, Person.work_email, RoleGrant.role, RoleGrant.granted_at, OrgUnit.name, Course.code)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .outerjoin(Course, Course.id == RoleGrant.course_id)
        .where(or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > actor.at))
        .order_by(Person.display_name, RoleGrant.id).limit(size).offset((page - 1) * size)
    )  # fmt: skip
    return [
        GrantRow(row.display_name, row.work_email or "", row.role, row.name or row.code or "", row.granted_at)
        for row in rows
    ]
