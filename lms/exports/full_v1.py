"""`full_v1`: one row an enrolment, 65 columns, as domain/hr-export.md lays them out; nothing of it may be reordered."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Label, Select, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from lms.exports.layout import (
    EMPTY,
    Column,
    Conditions,
    Layout,
    Pack,
    Run,
    address,
    apart,
    code,
    day,
    flag,
    hours,
    instant,
    narrows,
    number,
    ref,
    words,
)
from lms.exports.totals import by_status
from lms.models import (
    CURRENT_WITHDRAWAL,
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
    application_state_on,
    from_records,
    renewal_state_on,
    status_on,
)
from lms.rules.applying import As, State

_manager = aliased(Person, name="manager")
_current = aliased(CourseVersion, name="current_version")
_preferred = aliased(CourseText, name="preferred_text")
_source = aliased(CourseText, name="source_text")
# A completed course takes no further attempt, so that an enrolment has one completion at most that was not withdrawn.
# Asked by the column of the join: of any other PostgreSQL expects that one row is left, and then walks through all of
# them for each record.
_live = (
    select(Completion.enrolment_id, Completion.certificate_number)
    .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
    .where(CompletionWithdrawal.completion_id.is_(None))
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


def _columns(run: Run, pack: Pack, people: CTE, versions: CTE) -> list[Column]:
    """The 65 columns; those of a person and of a version are written once for all their records."""
    changed_at = case((Standing.changed_at > Person.changed_at, Standing.changed_at), else_=Person.changed_at)
    what, mark, renewal, competencies = map(pack, _what())
    return [
        *_record(run, changed_at), *_taken(people, pack(_who())), *_taken(versions, what), *_progress(run),
        *_taken(versions, mark), *_result(versions), *_outcome(run), *_taken(versions, renewal), *_renewal(run),
        *_taken(versions, competencies), *_rest(changed_at),
    ]  # fmt: skip


def _taken(source: CTE, columns: Sequence[Column]) -> list[Column]:
    """Columns that a source has written."""
    return [Column(column.name, source.c[column.name]) for column in columns]


def _record(run: Run, changed_at: ColumnElement[Any]) -> list[Column]:
    action: Any = literal_column("'A'")
    if run.since is not None:
        then = run.since.date()
        by_calendar = or_(  # a record falls due and runs out without anybody's act
            status_on(run.today) != status_on(then), renewal_state_on(run.today) != renewal_state_on(then)
        )
        action = case((Enrolment.enrolled_at > run.since, "A"), (or_(run.since < changed_at, by_calendar), "U"))
    return [ref("record_id", Enrolment.ref), Column("record_action", action)]


def _who() -> list[Column]:
    return [
        ref("person_ref", Person.ref),
        words("employee_number", Person.employee_number),
        words("external_person_ref", Person.external_ref),
        code("person_type", Person.kind),
        words("given_name", Person.given_name),
        words("family_name", Person.family_name),
        words("display_name", Person.display_name),
        words("work_email", Person.work_email),
        words("org_unit_code", OrgUnit.code),
        words("org_unit_name", OrgUnit.name),
        words("org_unit_tags", OrgUnit.tags),
        words("region_code", OrgUnit.region_code),
        words("country_iso2", OrgUnit.country),
        words("partner_org_code", PartnerOrganisation.code),
        words("partner_org_name", PartnerOrganisation.name),
        words("department", Post.department),
        words("function", Post.function),
        words("job_title", Post.job_title),
        words("grade", Post.grade),
        ref("manager_ref", _manager.ref),
        words("manager_name", _manager.display_name),
        words("manager_email", _manager.work_email),
        words("employment_status", Post.employment_status),
        words("employment_type", Post.employment_type),
    ]


def _what() -> tuple[list[Column], ...]:
    """What a version says, in the four places where it stands."""
    title = words("course_title", func.coalesce(_preferred.title, _source.title))
    return (
        [
            words("course_code", Course.code),
            title,
            Column("course_version", number(CourseVersion.number)),
            Column("version_date", func.substr(instant(CourseVersion.published_at), 1, 10)),
            Column("item_type", literal_column("'module'")),
            Column("delivery_mode", case((CourseVersion.completes_by == "attendance", "blended"), else_="online")),
        ],
        [Column("pass_mark", number(CourseVersion.pass_percent))],
        [Column("renewal_months", number(CourseVersion.renewal_months))],
        [words("competency_codes", CourseVersion.competency_codes)],
    )


def _progress(run: Run) -> list[Column]:
    return [
        code("language", Standing.language),
        Column("mandatory", flag(Standing.mandatory)),
        code("assignment_reason", Standing.reason),
        Column("assigned_on", day(Standing.assigned_on)),
        Column("due_on", day(Standing.due_on)),
        Column("started_on", day(Standing.started_on)),
        Column("completed_on", day(Standing.completed_on)),
        Column("application_due_on", day(Standing.application_due_on)),
        Column("certified_on", day(Standing.certified_on)),
        Column("status", _status_on(run.today)),
        Column("score_percent", number(Standing.score_percent)),
    ]


def _result(versions: CTE) -> list[Column]:
    passed = Standing.completed_on.is_not(None)
    is_test = versions.c.completes_by == literal_column("'quiz'")  # an entry check is no test of the course
    failed = and_(Standing.score_percent.is_not(None), Standing.withdrawn_on.is_(None), is_test)
    return [
        Column("result", case((passed, "pass"), (failed, "fail"), else_="not_assessed")),
        Column("attempts", number(Standing.attempts)),
        Column("learning_hours", case((passed, versions.c.hours))),
        Column("cpd_points", EMPTY),
        Column("credit_hours", EMPTY),
    ]


def _outcome(run: Run) -> list[Column]:
    return [
        code("certificate_number", _live.c.certificate_number),
        address("certificate_url", run.verify_at, _live.c.certificate_number),
        Column("valid_from", day(Standing.completed_on)),
        Column("expires_on", day(Standing.expires_on)),
    ]


def _status_on(today: date) -> ColumnElement[Any]:
    """The status, with a task at work that came back to the learner said by itself, as the layout has it."""
    returned = application_state_on(today) == State.RETURNED.value
    return case((returned, literal_column("'returned'")), else_=status_on(today))


def _confirmed_by_role() -> ColumnElement[Any]:
    """In which role the task at work was confirmed, in the layout's words: a deputy acts in the line manager's."""
    as_manager: list[ColumnElement[str]] = [literal_column(f"'{role.value}'") for role in (As.LINE_MANAGER, As.DEPUTY)]
    manager = Standing.confirmed_as.in_(as_manager)
    others = Standing.confirmed_as != literal_column("''")
    return case((manager, literal_column("'line_manager'")), (others, literal_column("'named_reviewer'")))


def _renewal(run: Run) -> list[Column]:
    return [
        Column("renewal_state", renewal_state_on(run.today)),
        Column("session_ref", EMPTY),
        Column("facilitator", EMPTY),
        Column("confirmed_by_role", _confirmed_by_role()),
    ]


def _rest(changed_at: ColumnElement[Any]) -> list[Column]:
    return [
        Column("idp_linked", flag(_planned.c.person_id.is_not(None))),
        Column("waived_by_role", EMPTY),
        Column("waiver_reason", EMPTY),
        Column("external_provider", EMPTY),
        Column("comment", EMPTY),
        Column("last_changed_at", instant(changed_at)),
    ]


def _people(run: Run, pack: Pack, exported: Select[Any]) -> CTE:
    line = and_(ReportingLine.person_id == Person.id, ReportingLine.held_on(run.today))
    return (
        select(Person.id, *_labelled(pack(_who())))
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .outerjoin(PartnerOrganisation, PartnerOrganisation.id == Post.partner_id)
        .outerjoin(ReportingLine, line)
        .outerjoin(_manager, _manager.id == ReportingLine.manager_id)
        .where(Person.id.in_(exported))
        .cte("people")
        .prefix_with("MATERIALIZED")
    )


def _versions(run: Run, pack: Pack) -> CTE:
    source = and_(_source.version_id == CourseVersion.id, _source.language == CourseVersion.source_language)
    preferred = and_(_preferred.version_id == CourseVersion.id, _preferred.language == run.language)
    written = [column for columns in _what() for column in pack(columns)]
    return (
        select(
            CourseVersion.id,
            CourseVersion.completes_by,
            hours(CourseVersion.minutes).label("hours"),
            *_labelled(written),
        )
        .join(Course, Course.id == CourseVersion.course_id)
        .join(_source, source)
        .outerjoin(_preferred, preferred)
        .cte("versions")
        .prefix_with("MATERIALIZED")
    )


def _labelled(columns: Sequence[Column]) -> list[Label[Any]]:
    return [column.cell.label(column.name) for column in columns]


def _exported(conditions: Conditions, bounds: Conditions) -> Select[Any]:
    """Whose records are exported: asked without the joins where no condition needs them."""
    query = select(Enrolment.person_id)
    return (from_records(query).where(*conditions) if narrows(conditions) else query).where(*bounds)


def _build(run: Run, conditions: Conditions, bounds: Conditions = (), pack: Pack = apart) -> Select[Any]:
    people, versions = _people(run, pack, _exported(conditions, bounds)), _versions(run, pack)
    version = func.coalesce(Standing.version_id, _current.id)
    planned = and_(_planned.c.person_id == Enrolment.person_id, _planned.c.course_id == Enrolment.course_id)
    query = from_records(select(*_labelled(pack(_columns(run, pack, people, versions)))))
    return (
        query.join(_current, and_(_current.course_id == Course.id, _current.is_current))
        .join(people, people.c.id == Enrolment.person_id)
        .join(versions, versions.c.id == version)
        .outerjoin(_live, _live.c.enrolment_id == Enrolment.id)
        .outerjoin(_planned, planned)
        .where(*conditions, *bounds)
        .order_by(Enrolment.id)
    )


# The names are the same on every day.
_ANY_RUN = Run(today=date.min, since=None, language="en", verify_at="")
_NAMES = tuple(column.name for column in _build(_ANY_RUN, ()).selected_columns)

LAYOUT = Layout("full_v1", "1.0.0", _NAMES, Enrolment.id, _build, by_status)
