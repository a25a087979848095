"""Why a course is asked of somebody, or is not: who or which rule asked, what was taken back, which condition fails."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Invalid, NotFound
from lms.models import (
    CURRENT_VERSION,
    Assignment,
    AssignmentWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    EnrolmentAssignment,
    ImportRun,
    Leave,
    LeaveEnd,
    OrgUnit,
    Person,
    Post,
    RuleVersion,
    Standing,
    in_source_language,
    is_in_force,
)
from lms.permissions import Actor, require
from lms.rules.assigning import read_terms
from lms.rules.audiences import Attributes, Condition, Conditions, failing, read_conditions
from lms.rules.pausing import Pause
from lms.rules.standing import Standing as Standings
from lms.rules.three_answers import Answers, answer
from lms.services.audience_people import current_roles, read_attributes, role_names
from lms.services.courses import audience, open_to, own_enrolment
from lms.services.pauses import COLUMNS as LEAVE
from lms.services.pauses import as_pauses
from lms.services.scope import own, reaches_person, rows
from lms.services.standings import COLUMNS


class Asked(NamedTuple):
    """A demand that the course be taken. `kind` is "rule", "unit" or "person"; `name` that of the rule or unit."""

    kind: str
    name: str
    version: int | None  # of the rule
    by: str
    assigned_at: datetime
    import_at: datetime | None  # of HR's file after which the rule meant the person
    due_on: date | None
    mandatory: bool
    period: int
    withdrawn_at: datetime | None
    cause: str  # of a rule that took it back


class Checked(NamedTuple):
    """A rule in force that asks the course, and what of it holds for the person today."""

    name: str
    version: int
    conditions: list[tuple[Condition, bool, str]]  # those that it has: whether it holds, and the person's value

    @property
    def is_met(self) -> bool:
        """Whether it means the person."""
        return all(holds for _, holds, _ in self.conditions)


@dataclass(frozen=True)
class Why:
    """Everything that bears on whether a course is asked of somebody."""

    person: str
    course: str
    chosen_on: date | None  # the day on which the person enrolled by own choice
    asked: list[Asked]
    rules: list[Checked]
    leave: list[Pause]  # by whose days due dates were put off
    answers: Answers


def explain_own(session: Session, actor: Actor, *, slug: str) -> Why:
    """Why the actor has a course, or not; NotFound where it is not open to them. Five queries."""
    require(actor, "courses.read")
    query = _about(Person.id == actor.person_id).outerjoin(Enrolment, own_enrolment())
    query = query.where(Course.slug == slug, open_to(audience(actor)))
    found = session.execute(query, own(actor)).all()
    if not found:
        raise NotFound()
    return _why(session, actor, found)


def explain_record(session: Session, actor: Actor, *, ref: str) -> tuple[int, Why]:
    """Of a record in HR's scope: whose it is, and why; NotFound otherwise. Five queries."""
    require(actor, "records.oversee")
    query = _about(Person.id == Enrolment.person_id).join(Enrolment, Enrolment.course_id == Course.id)
    query = query.where(Enrolment.ref == ref, Person.id == Enrolment.person_id)
    found = session.execute(query.where(reaches_person(actor, "records.oversee"))).all()
    if not found:
        raise NotFound()
    return found[0].id, _why(session, actor, found)


def explain_assignment(session: Session, actor: Actor, *, person: str, course: str) -> Why:
    """Of anybody, by employee number, reference or e-mail, and any course, by code or name in addresses."""
    require(actor, "assignments.explain")
    who = Person.is_named_by(person)
    found = session.execute(_about(who).where(or_(Course.slug == course, Course.code == course))).all()
    if not found:
        known = session.scalar(select(Person.id).where(who).limit(1))
        fault = N_("There is no such course.") if known else N_("Nobody has this number, reference or e-mail.")
        raise Invalid(N_("There is nothing to explain."), {"COURSE" if known else "PERSON": fault})
    return _why(session, actor, found)


def _about(person: Any) -> Any:
    """The person, their unit, and a course; a row for each leave."""
    source = aliased(CourseText)
    query: Any = (
        select(Person.id, Person.display_name, OrgUnit.name, Course.id.label("course_id"), Course.code, source.title)
        .add_columns(Person.kind, CourseVersion.prerequisites, CourseVersion.for_staff)
        .add_columns(CourseVersion.for_partner_staff)
        .select_from(Course).join(CourseVersion, CURRENT_VERSION).join(source, in_source_language(source))
        .join(Person, person)
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .outerjoin(Leave, Leave.person_id == Person.id).outerjoin(LeaveEnd, LeaveEnd.leave_id == Leave.id)
        .add_columns(*LEAVE).order_by(Leave.starts_on)
    )  # fmt: skip
    return query


def _why(session: Session, actor: Actor, leaves: Sequence[Any]) -> Why:
    found = leaves[0]
    roles = current_roles(session)
    who = read_attributes(session, [found.id], roles)[found.id]
    chosen, asked, periods = _asked(session, actor, found.id, found.code)
    is_meant = found.for_partner_staff if found.kind == "partner_staff" else found.for_staff
    return Why(
        found.display_name, f"{found.code} {found.title}", chosen, asked,
        _rules(session, found.code, who, found.name or "", role_names(roles), actor.today),
        as_pauses(row[-3:] for row in leaves if row.id == found.id),
        answer(found.code, periods, actor.today, is_meant=is_meant, prerequisites=found.prerequisites),
    )  # fmt: skip


def _asked(
    session: Session, actor: Actor, person_id: int, code: str
) -> tuple[date | None, list[Asked], Mapping[str, Sequence[Standings]]]:
    """The day of the own choice, the demands of the course, and the standings in all courses by period."""
    by = aliased(Person)
    query = (
        select(Enrolment.period, Enrolment.own_choice, Enrolment.enrolled_at, Assignment.assigned_at)
        .add_columns(
            Assignment.mandatory.label("is_duty"), Assignment.assigned_by, by.display_name, by.kind, OrgUnit.name
        )
        .add_columns(RuleVersion.name.label("rule"), RuleVersion.number, ImportRun.at.label("import_at"))
        .add_columns(EnrolmentAssignment.due_on.label("asked_until"), AssignmentWithdrawal.withdrawn_at)
        .add_columns(func.coalesce(AssignmentWithdrawal.cause, "").label("cause"), Course.code, *COLUMNS)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .outerjoin(EnrolmentAssignment, EnrolmentAssignment.enrolment_id == Enrolment.id)
        .outerjoin(Assignment, Assignment.id == EnrolmentAssignment.assignment_id)
        .outerjoin(AssignmentWithdrawal, AssignmentWithdrawal.assignment_id == Assignment.id)
        .outerjoin(by, by.id == Assignment.assigned_by)
        .outerjoin(OrgUnit, OrgUnit.id == Assignment.unit_id)
        .outerjoin(RuleVersion, RuleVersion.id == Assignment.rule_version_id)
        .outerjoin(ImportRun, ImportRun.id == Assignment.import_run_id)
        .where(Enrolment.person_id == person_id)
        .order_by(Enrolment.period.desc(), Assignment.id.desc())
    )
    found, is_own = rows(session, query), person_id == actor.person_id
    periods: dict[str, dict[int, Standings]] = defaultdict(dict)
    for row in reversed(found):
        periods[row.code][row.period] = Standings(*row[-len(COLUMNS) :])
    of_course = [row for row in found if row.code == code]
    chosen = next((row.enrolled_at.date() for row in of_course if row.own_choice), None)
    demands = [_demand(actor, row, is_own) for row in of_course if row.assigned_at]
    return chosen, demands, {name: list(some.values()) for name, some in periods.items()}


def _demand(actor: Actor, row: Any, is_own: bool) -> Asked:
    """Who asked is named to HR; partner staff see no names of our staff."""
    kind = "rule" if row.rule else "unit" if row.name else "person"
    hidden = is_own or (actor.kind == "partner_staff" and row.kind != "partner_staff")
    return Asked(
        kind, row.rule or row.name or "", row.number, "" if hidden else row.display_name or "", row.assigned_at,
        row.import_at, row.asked_until, row.is_duty, row.period, row.withdrawn_at, row.cause,
    )  # fmt: skip


def _rules(
    session: Session, code: str, who: Attributes, unit: str, names: Mapping[str, str], today: date
) -> list[Checked]:
    """The rules in force that ask the course, each with its conditions; one query."""
    query = select(RuleVersion.name, RuleVersion.number, RuleVersion.conditions, RuleVersion.terms, OrgUnit.path)
    query = query.join(OrgUnit, OrgUnit.id == RuleVersion.unit_id)
    held = rows(session, query.where(is_in_force(RuleVersion), RuleVersion.is_end.is_(False)).order_by(RuleVersion.id))
    return [
        _check(row.name, row.number, read_conditions(row.path, row.conditions), who, unit, names, today)
        for row in held if code in read_terms(row.terms).courses
    ]  # fmt: skip


def _check(
    name: str, number: int, wanted: Conditions, who: Attributes, unit: str, names: Mapping[str, str], today: date
) -> Checked:
    fails = failing(wanted, who, today)
    joined = who.joined_on.isoformat() if who.joined_on else ""
    values = {
        Condition.POST: (True, who.started_on.isoformat() if who.started_on else ""), Condition.UNIT: (True, unit),
        Condition.KIND: (wanted.kinds, who.kind), Condition.FUNCTION: (wanted.functions, names.get(who.function, "")),
        Condition.PROFILE: (wanted.profiles, names.get(who.profile, "")),
        Condition.PARTNER_TYPE: (wanted.partner_types, who.partner_types), Condition.TAG: (wanted.tags, who.tags),
        Condition.JOINED_FROM: (wanted.joined_from, joined), Condition.JOINED_BEFORE: (wanted.joined_before, joined),
    }  # fmt: skip
    held = [(condition, condition not in fails, value) for condition, (asked, value) in values.items() if asked]
    return Checked(name, number, held)


def as_data(found: Why) -> dict[str, Any]:
    """The same for programs."""

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    asked: Sequence[dict[str, Any]] = [
        {name: plain(value) for name, value in one._asdict().items()} for one in found.asked
    ]
    rules = [
        {
            "name": rule.name, "version": rule.version, "means_the_person": rule.is_met,
            "conditions": [
                {"condition": str(condition), "holds": holds, "value": value}
                for condition, holds, value in rule.conditions
            ],
        }
        for rule in found.rules
    ]  # fmt: skip
    chosen = plain(found.chosen_on)
    leave = [{"first": plain(pause.first), "last": plain(pause.last)} for pause in found.leave]
    return {
        "person": found.person, "course": found.course, "own_choice": chosen, "asked": asked, "rules": rules,
        "leave": leave, "answers": {name: plain(value) for name, value in vars(found.answers).items()},
    }  # fmt: skip
