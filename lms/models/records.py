"""The one join behind every list and export of learning records."""

from typing import Any

from sqlalchemy import Select, and_

from lms.models.courses import Course
from lms.models.enrolments import Enrolment
from lms.models.people import Person, Post
from lms.models.standing import Standing
from lms.models.units import OrgUnit, PartnerOrganisation


def from_records(query: Any) -> Select[Any]:
    """Join a query to an enrolment's standing, person, latest post, unit, partner and course: one row a record."""
    joined: Select[Any] = (
        query.select_from(Enrolment)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .outerjoin(PartnerOrganisation, PartnerOrganisation.id == Post.partner_id)
    )
    return joined
