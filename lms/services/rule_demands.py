"""What applying the rules looks at: the rules in force, what they ask already, and where people stand."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lms.models import (
    Assignment,
    AssignmentWithdrawal,
    Course,
    Enrolment,
    EnrolmentAssignment,
    OrgUnit,
    RuleVersion,
    Standing,
    is_in_force,
)
from lms.rules import standing as rule
from lms.rules.assigning import Terms, read_terms
from lms.rules.audiences import Conditions, read_conditions
from lms.services.standings import COLUMNS, latest_period, read_standing


class Held(NamedTuple):
    """A rule in force."""

    id: int
    ref: str
    written_by: int | None
    is_end: bool
    conditions: Conditions
    terms: Terms


class Demand(NamedTuple):
    """What a rule asks of somebody already, by the version that asked for it."""

    assignment_id: int
    enrolment_id: int
    course: str
    version_id: int
    mandatory: bool
    due_on: date | None
    grace_days: int
    standing: rule.Standing


class Newest(NamedTuple):
    """A person's newest enrolment in a course."""

    enrolment_id: int
    period: int
    standing: rule.Standing


def rules_in_force(session: Session, ref: str | None) -> list[Held]:
    """All of them, or the one of this name; one query."""
    query = select(RuleVersion, OrgUnit.path).join(OrgUnit, OrgUnit.id == RuleVersion.unit_id)
    query = query.where(is_in_force(RuleVersion)).order_by(RuleVersion.id)
    found = session.execute(query.where(RuleVersion.rule == ref) if ref else query)
    return [
        Held(v.id, v.rule, v.written_by, v.is_end, read_conditions(path, v.conditions), read_terms(v.terms))
        for v, path in found
    ]


def _of_rule(query: Any, held: Held, people: Sequence[int]) -> Any:
    """What any version of the rule asked of some people."""
    asked_by = and_(RuleVersion.id == Assignment.rule_version_id, RuleVersion.rule == held.ref)
    return query.join(RuleVersion, asked_by).where(Assignment.person_id.in_(people))


def read_demands(session: Session, held: Held, people: Sequence[int]) -> dict[int, dict[str, Demand]]:
    """Of each person by course: the newest demand of the rule that was not taken back."""
    query = (
        select(Assignment.person_id, Assignment.id, EnrolmentAssignment.enrolment_id, Course.code)
        .add_columns(Assignment.rule_version_id, Assignment.mandatory, EnrolmentAssignment.due_on)
        .add_columns(Assignment.grace_days, *COLUMNS)
        .select_from(Assignment)
        .join(Course, Course.id == Assignment.course_id)
        .join(EnrolmentAssignment, EnrolmentAssignment.assignment_id == Assignment.id)
        .join(Standing, Standing.enrolment_id == EnrolmentAssignment.enrolment_id)
        .outerjoin(AssignmentWithdrawal, AssignmentWithdrawal.assignment_id == Assignment.id)
        .where(AssignmentWithdrawal.assignment_id.is_(None))
    )
    found: dict[int, dict[str, Demand]] = defaultdict(dict)
    for person_id, *cells in session.execute(_of_rule(query, held, people).order_by(Assignment.id)):
        standing = read_standing(cells[-len(COLUMNS) :])
        assert standing is not None
        found[person_id][cells[2]] = Demand._make((*cells[: -len(COLUMNS)], standing))
    return found


def read_first_asked(session: Session, held: Held, people: Sequence[int]) -> dict[int, date]:
    """When the rule first meant somebody, since they last were not."""
    ended = and_(AssignmentWithdrawal.assignment_id == Assignment.id, AssignmentWithdrawal.cause == "no_match")
    query = (
        select(Assignment.person_id, Assignment.assigned_at, AssignmentWithdrawal.withdrawn_at)
        .select_from(Assignment).outerjoin(AssignmentWithdrawal, ended).order_by(Assignment.id)
    )  # fmt: skip
    found: dict[int, date] = {}
    for person_id, assigned_at, ended_at in session.execute(_of_rule(query, held, people)):
        if ended_at:
            found.pop(person_id, None)
        else:
            found.setdefault(person_id, assigned_at.date())
    return found


def read_newest(session: Session, courses: Sequence[int], people: Sequence[int]) -> dict[int, dict[str, Newest]]:
    """Of each person by course."""
    query = (
        select(Enrolment.person_id.label("person_id"), Course.code, Enrolment.id, Enrolment.period, *COLUMNS)
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Enrolment.course_id.in_(courses), Enrolment.person_id.in_(people), latest_period())
    )
    found: dict[int, dict[str, Newest]] = defaultdict(dict)
    for person_id, code, enrolment_id, period, *cells in session.execute(query):
        standing = read_standing(cells)
        assert standing is not None
        found[person_id][code] = Newest(enrolment_id, period, standing)
    return found
