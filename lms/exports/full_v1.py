"""`full_v1`: one row an enrolment, 65 columns, as domain/hr-export.md lays them out; nothing of it may be reordered."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from lms.exports.layout import EMPTY, Column, Layout, Run, code, day, flag, hours, instant, number, words
from lms.models import (
    Completion,
    CompletionWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    DevelopmentPlan,
    Enrolment,
    Objective,
    OrgUnit,
    PartnerOrganisation,
    Person,
    PlanItem,
    Post,
    ReportingLine,
    Standing,
    from_records,
    renewal_state_on,
    status_on,
)

_CHANGED_AT = case((Standing.changed_at > Person.changed_at, Standing.changed_at), else_=Person.changed_at)
_manager = aliased(Person, name="manager")
_done = aliased(CourseVersion, name="done_version")
_current = aliased(CourseVersion, name="current_version")
_preferred = aliased(CourseText, name="preferred_text")
_source = aliased(CourseText, name="source_text")
# A completed course takes no further attempt, so that an enrolment has one completion at most that was not withdrawn.
_live = (
    select(Completion.enrolment_id, Completion.certificate_number)
    .outerjoin(CompletionWithdrawal, CompletionWithdrawal.completion_id == Completion.id)
    .where(CompletionWithdrawal.id.is_(None))
    .subquery("live")
)
# Whose plan names which course: joined as a whole, because to look it up for each record cost a third of the export.
_planned = (
    select(DevelopmentPlan.person_id, PlanItem.course_id)
    .distinct()
    .join(Objective, and_(Objective.plan_id == DevelopmentPlan.id, Objective.removed_at.is_(None)))
    .join(PlanItem, and_(PlanItem.objective_id == Objective.id, PlanItem.removed_at.is_(None)))
    .where(PlanItem.course_id.is_not(None))
    .subquery("planned")
)


def _version(name: str) -> ColumnElement[Any]:
    """A field of the version that was completed, or else of the one that would be taken today."""
    return func.coalesce(getattr(_done, name), getattr(_current, name))


def _columns(run: Run) -> list[Column]:
    return [*_who(run), *_where(), *_what(run), *_progress(run), *_outcome(run)]


def _who(run: Run) -> list[Column]:
    action: Any = "A"
    if run.since is not None:
        then = run.since.date()
        by_calendar = or_(  # a record falls due and runs out without anybody's act
            status_on(run.today) != status_on(then), renewal_state_on(run.today) != renewal_state_on(then)
        )
        action = case((Enrolment.enrolled_at > run.since, "A"), (or_(run.since < _CHANGED_AT, by_calendar), "U"))
    return [
        Column("record_id", code(Enrolment.ref)),
        Column("record_action", action if run.since else case((Enrolment.id.is_not(None), "A"))),
        Column("person_ref", code(Person.ref)),
        Column("employee_number", words(Person.employee_number)),
        Column("external_person_ref", words(Person.external_ref)),
        Column("person_type", code(Person.kind)),
        Column("given_name", words(Person.given_name)),
        Column("family_name", words(Person.family_name)),
        Column("display_name", words(Person.display_name)),
        Column("work_email", words(Person.work_email)),
    ]


def _where() -> list[Column]:
    return [
        Column("org_unit_code", words(OrgUnit.code)),
        Column("org_unit_name", words(OrgUnit.name)),
        Column("org_unit_tags", words(OrgUnit.tags)),
        Column("region_code", words(OrgUnit.region_code)),
        Column("country_iso2", code(OrgUnit.country)),
        Column("partner_org_code", words(PartnerOrganisation.code)),
        Column("partner_org_name", words(PartnerOrganisation.name)),
        Column("department", words(Post.department)),
        Column("function", code(Post.function)),
        Column("job_title", words(Post.job_title)),
        Column("grade", words(Post.grade)),
        Column("manager_ref", code(_manager.ref)),
        Column("manager_name", words(_manager.display_name)),
        Column("manager_email", words(_manager.work_email)),
        Column("employment_status", words(Post.employment_status)),
        Column("employment_type", words(Post.employment_type)),
    ]


def _what(run: Run) -> list[Column]:
    return [
        Column("course_code", code(Course.code)),
        Column("course_title", words(func.coalesce(_preferred.title, _source.title))),
        Column("course_version", number(_version("number"))),
        Column("version_date", func.substr(instant(_version("published_at")), 1, 10)),
        Column("item_type", case((Course.id.is_not(None), "module"))),
        Column("delivery_mode", case((Course.id.is_not(None), "online"))),
        Column("language", code(Standing.language)),
        Column("mandatory", flag(Standing.mandatory)),
        Column("assignment_reason", code(Standing.reason)),
    ]


def _progress(run: Run) -> list[Column]:
    passed = Standing.completed_on.is_not(None)
    failed = and_(Standing.score_percent.is_not(None), Standing.withdrawn_on.is_(None))
    return [
        Column("assigned_on", day(Standing.assigned_on)),
        Column("due_on", day(Standing.due_on)),
        Column("started_on", day(Standing.started_on)),
        Column("completed_on", day(Standing.completed_on)),
        Column("application_due_on", day(Standing.application_due_on)),
        Column("certified_on", day(Standing.certified_on)),
        Column("status", status_on(run.today)),
        Column("score_percent", number(Standing.score_percent)),
        Column("pass_mark", number(_version("pass_percent"))),
        Column("result", case((passed, "pass"), (failed, "fail"), else_="not_assessed")),
        Column("attempts", number(Standing.attempts)),
        Column("learning_hours", case((passed, hours(_version("minutes"))))),
        Column("cpd_points", EMPTY),
        Column("credit_hours", EMPTY),
    ]


def _outcome(run: Run) -> list[Column]:
    return [
        Column("certificate_number", code(_live.c.certificate_number)),
        Column("certificate_url", literal(run.verify_at).concat(_live.c.certificate_number)),
        Column("valid_from", day(Standing.completed_on)),
        Column("expires_on", day(Standing.expires_on)),
        Column("renewal_months", number(_version("renewal_months"))),
        Column("renewal_state", renewal_state_on(run.today)),
        Column("session_ref", EMPTY),
        Column("facilitator", EMPTY),
        Column("confirmed_by_role", EMPTY),
        Column("competency_codes", code(_version("competency_codes"))),
        Column("idp_linked", flag(_planned.c.person_id.is_not(None))),
        Column("waived_by_role", EMPTY),
        Column("waiver_reason", EMPTY),
        Column("external_provider", EMPTY),
        Column("comment", EMPTY),
        Column("last_changed_at", instant(_CHANGED_AT)),
    ]


def _build(run: Run, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    line = and_(ReportingLine.person_id == Enrolment.person_id, ReportingLine.held_on(run.today))
    planned = and_(_planned.c.person_id == Enrolment.person_id, _planned.c.course_id == Enrolment.course_id)
    query = from_records(select(*(column.cell.label(column.name) for column in _columns(run))))
    return (
        query.outerjoin(ReportingLine, line)
        .outerjoin(_manager, _manager.id == ReportingLine.manager_id)
        .outerjoin(_done, _done.id == Standing.version_id)
        .outerjoin(_live, _live.c.enrolment_id == Enrolment.id)
        .outerjoin(_planned, planned)
        .join(_current, and_(_current.course_id == Course.id, _current.is_current))
        .join(_source, and_(_source.version_id == _version("id"), _source.language == _version("source_language")))
        .outerjoin(_preferred, and_(_preferred.version_id == _version("id"), _preferred.language == run.language))
        .where(*conditions)
        .order_by(Enrolment.id)
    )


# The names are the same on every day.
_ANY_RUN = Run(today=date.min, since=None, language="en", verify_at="")

LAYOUT = Layout("full_v1", "1.0.0", tuple(column.name for column in _columns(_ANY_RUN)), Enrolment.id, _build)
