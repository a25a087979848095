"""Records of learning as HR sees them: a filtered list in scope, and one record with all its facts."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_RESULT,
    CURRENT_VERSION,
    Attempt,
    AttemptResult,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    OrgUnit,
    PartnerOrganisation,
    Person,
    Post,
    Standing,
    from_records,
    has_status_on,
    in_source_language,
    is_overdue_on,
    status_on,
)
from lms.permissions import Actor, require
from lms.rules.standing import Status
from lms.services.quiz_help import get_time
from lms.services.record_facts import CompletionFacts, read_completions
from lms.services.scope import TODAY, of_the_day, own, reaches_person, reaches_unit, rows, written_count
from lms.services.waivers import WaiverRow, read_waivers

PAGE_SIZE = 25  # on a phone each record is a card
# Nobody turns more pages; who wants more narrows the list or exports it.
MOST_LISTED = 1000
# Beyond these "more" is said: counting a thousand took longer than finding and showing a page.
MOST_COUNTED = 100


@dataclass(frozen=True)
class RecordFilter:
    """What a list or an export is narrowed to; empty means everything in scope."""

    unit: str = ""  # a unit's code: that unit and below
    partner: str = ""
    function: str = ""
    course: str = ""  # a course's code
    status: str = ""  # a Status, or "overdue"
    text: str = ""  # part of a name, an e-mail or a number
    completed_from: date | None = None
    completed_to: date | None = None
    expires_from: date | None = None  # what a later period has replaced does not expire
    expires_to: date | None = None

    def as_json(self) -> dict[str, str]:
        """The filters that are set, for manifests and logs."""
        return {name: str(value) for name, value in asdict(self).items() if value}


class RecordRow(NamedTuple):
    """A record in a list."""

    ref: str
    name: str
    number: str
    unit: str
    partner: str
    course: str
    status: str
    is_overdue: bool
    due_on: date | None
    completed_on: date | None
    expires_on: date | None
    score_percent: int | None


@dataclass(frozen=True)
class RecordsPage:
    """One page of records, and what follows it."""

    rows: list[RecordRow]
    total: int  # where there are more (`is_cut`), as far as they were counted
    is_cut: bool
    has_more: bool


@dataclass(frozen=True)
class RecordChoices:
    """What can be chosen in the filters: (code, name) each."""

    units: list[tuple[str, str]]
    courses: list[tuple[str, str]]


# Of these there are so many everywhere that a page of them is found within a short walk.
COMMON = (Status.ASSIGNED.value, Status.IN_PROGRESS.value, Status.COMPLETED.value, "overdue")
STATUSES = (*(status.value for status in Status), "overdue")


def in_scope(actor: Actor, action: str, wanted: RecordFilter) -> list[ColumnElement[bool]]:
    """Conditions on `from_records()`: the scope first, then the filters."""
    conditions = [reaches_person(actor, action)]
    if wanted.unit:
        path = select(OrgUnit.path).where(OrgUnit.code == wanted.unit)
        named = OrgUnit.__table__.alias("named")
        below = select(named.c.id).where(named.c.path.like(path.scalar_subquery() + "%"))
        conditions.append(Post.unit_id.in_(below))
    if wanted.partner:
        conditions.append(PartnerOrganisation.code == wanted.partner)
    if wanted.function:
        conditions.append(Post.function == wanted.function)
    if wanted.course:
        conditions.append(Course.code == wanted.course)
    if wanted.status:
        conditions.append(_has_status(wanted.status, actor.today))
    if wanted.text:
        columns = (Person.display_name, Person.work_email, Person.employee_number, Person.external_ref)
        conditions.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.completed_from:
        conditions.append(Standing.completed_on >= wanted.completed_from)
    if wanted.completed_to:
        conditions.append(Standing.completed_on <= wanted.completed_to)
    if wanted.expires_from or wanted.expires_to:
        conditions += expires_within(wanted)
    return conditions


def expires_within(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    """Conditions on `from_records()`: it stops counting within the filter's days, and nobody has renewed it."""
    later, renewed = Enrolment.__table__.alias("later"), Standing.__table__.alias("renewed")
    of_the_same = (later.c.holder_id == Enrolment.person_id, later.c.course_id == Enrolment.course_id)
    again = select(1).select_from(later.join(renewed, renewed.c.enrolment_id == later.c.id))
    again = again.where(*of_the_same, later.c.period > Enrolment.period, renewed.c.completed_on.is_not(None))
    conditions = [Standing.waived_on.is_(None), ~again.correlate(Enrolment).exists()]
    if wanted.expires_from:
        conditions.append(Standing.expires_on >= wanted.expires_from)
    if wanted.expires_to:
        conditions.append(Standing.expires_on <= wanted.expires_to)
    return conditions


def _has_status(status: str, on: date) -> ColumnElement[bool]:
    return is_overdue_on(on) if status == "overdue" else has_status_on(on, status)


def list_records(session: Session, actor: Actor, *, wanted: RecordFilter, page: int = 1) -> RecordsPage:
    """The records that HR may see, by name, the first MOST_LISTED of them; two queries."""
    require(actor, "records.oversee")
    # First which records, along an index of names, then what stands in those that are shown.
    last = min(page * PAGE_SIZE, MOST_LISTED)
    most = max(last, MOST_COUNTED)
    found = [number for (number,) in rows(session, _which(of_the_day(actor), wanted), {"most": most + 1})]
    shown = rows(session, _shown(), own(actor, ids=found[last - PAGE_SIZE : last]))
    page_rows = [RecordRow._make(row) for row in shown]
    return RecordsPage(page_rows, min(len(found), most), len(found) > most, len(found) > last and last < MOST_LISTED)


@lru_cache(maxsize=256)
def _which(actor: Actor, wanted: RecordFilter) -> Executable:
    """The numbers of records in their order, by what the conditions are made of.

    Only the tables that are asked of are joined. They are walked by name, and the walk ends when enough are found: it
    is as long for sixty thousand records as for six hundred.
    """
    query = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id)
    walked = wanted.status in COMMON
    if not walked or any((wanted.completed_from, wanted.completed_to, wanted.expires_from, wanted.expires_to)):
        query = query.join(Standing, Standing.enrolment_id == Enrolment.id)
    if wanted.course:
        query = query.join(Course, Course.id == Enrolment.course_id)
    if wanted.unit or wanted.function or wanted.partner:
        query = query.join(Post, and_(Post.person_id == Person.id, Post.is_latest))
    if wanted.partner:
        query = query.join(PartnerOrganisation, PartnerOrganisation.id == Post.partner_id)
    if walked:
        # Asked of each record as it comes. As a join SQLite would first read every standing into a filter, and
        # PostgreSQL, which cannot guess how many are overdue, would sort all that are.
        status = select(_has_status(wanted.status, actor.today)).where(Standing.enrolment_id == Enrolment.id)
        query = query.where(status.correlate(Enrolment).scalar_subquery())
    conditions = in_scope(actor, "records.oversee", replace(wanted, status="") if walked else wanted)
    return query.where(*conditions).order_by(*_BY_NAME).limit(written_count("most"))


_BY_NAME = (Person.display_name, Person.id, Enrolment.id)


@cache
def _shown() -> Executable:
    return _records().where(Enrolment.id.in_(bindparam("ids", expanding=True))).order_by(*_BY_NAME)


def _records() -> Select[Any]:
    """The columns of RecordRow, in its order."""
    source = aliased(CourseText)
    number = func.coalesce(func.nullif(Person.employee_number, ""), Person.external_ref, "")
    return (
        from_records(select(Enrolment.ref, Person.display_name, number, func.coalesce(OrgUnit.name, "")))
        .add_columns(func.coalesce(PartnerOrganisation.name, ""), source.title, status_on(TODAY))
        .add_columns(is_overdue_on(TODAY), Standing.due_on, Standing.completed_on, Standing.expires_on)
        .add_columns(Standing.score_percent)
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
    )


def list_choices(session: Session, actor: Actor) -> RecordChoices:
    """The units in the actor's scope and all courses; two queries."""
    units, courses = list_units(session, actor), rows(session, _courses())
    return RecordChoices(units, [(code, title) for code, title in courses])


def list_units(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The units in the actor's scope, as (code, name); one query."""
    require(actor, "records.oversee")
    return [(code, name) for code, name in rows(session, _units(of_the_day(actor)))]


@lru_cache(maxsize=256)
def _units(actor: Actor) -> Executable:
    reached = reaches_unit(actor, "records.oversee")
    return select(OrgUnit.code, OrgUnit.name).where(reached).order_by(OrgUnit.path)


@cache
def _courses() -> Executable:
    source = aliased(CourseText)
    titled = select(Course.code, source.title).join(CourseVersion, CURRENT_VERSION)
    return titled.join(source, in_source_language(source)).order_by(Course.code)


def records_of(session: Session, actor: Actor, person_id: int) -> list[tuple[int, RecordRow]]:
    """Of somebody in sight of the caller: the number of the period and the record, of each course the newest first."""
    query = _records().add_columns(Enrolment.period).where(Enrolment.person_id == person_id)
    found = rows(session, query.order_by(Course.code, Enrolment.period.desc()), own(actor))
    return [(period, RecordRow(*cells)) for *cells, period in found]


@dataclass(frozen=True)
class RecordDetail:
    """One enrolment with its facts: no answers."""

    row: RecordRow
    person_id: int
    person: str  # their ref
    has_own_targets: bool  # partner staff, for somebody of another organisation: their targets are theirs to set
    email: str
    assigned_on: date
    started_on: date | None
    attempts: list[Any]  # number, started_at, submitted_at, percent, passed
    completions: list[CompletionFacts]
    waivers: list[WaiverRow]
    is_own: bool
    time_factor: str  # the person's time for quizzes, one of rules.attempting.FACTORS


def get_record(session: Session, actor: Actor, *, ref: str) -> RecordDetail:
    """One record in HR's scope with its facts; NotFound otherwise. Five queries."""
    require(actor, "records.oversee")
    query = _records().add_columns(
        Enrolment.id, Person.id, Person.ref, Person.kind, Person.work_email, Standing.assigned_on, Standing.started_on
    )
    reached = reaches_person(actor, "records.oversee")
    found = session.execute(query.where(Enrolment.ref == ref, reached), own(actor)).first()
    if found is None:
        raise NotFound()
    *cells, enrolment_id, person_id, person, kind, email, assigned_on, started_on = found
    has_own_targets = kind == "partner_staff" and actor.kind != "partner_staff"
    attempts = session.execute(
        select(Attempt.number, Attempt.started_at)
        .add_columns(AttemptResult.submitted_at, AttemptResult.percent, AttemptResult.passed)
        .outerjoin(AttemptResult, CURRENT_RESULT).where(Attempt.enrolment_id == enrolment_id).order_by(Attempt.number)
    ).all()  # fmt: skip
    return RecordDetail(
        RecordRow(*cells), person_id, person, has_own_targets, email or "", assigned_on, started_on, list(attempts),
        read_completions(session, enrolment_id), read_waivers(session, enrolment_id), person_id == actor.person_id,
        get_time(session, person_id),
    )  # fmt: skip
