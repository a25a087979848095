"""Records of learning as HR sees them: a filtered list in scope, and one record with all its facts."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_RESULT,
    CURRENT_VERSION,
    Attempt,
    AttemptResult,
    Completion,
    CompletionWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    FactText,
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
from lms.services.scope import TODAY, own, reaches_person, reaches_unit

PAGE_SIZE = 50
# Nobody turns more pages; who wants more narrows the list or exports it. Counting 60,000 took longer than the page.
MOST_LISTED = 1000


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

    def as_json(self) -> dict[str, str]:
        """The filters that are set, for manifests and logs."""
        return {name: str(value) for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class RecordRow:
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
    """One page of records, and how many there are in all: counted up to MOST_LISTED and one more."""

    rows: list[RecordRow]
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are listed."""
        return self.total > MOST_LISTED

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-min(self.total, MOST_LISTED) // PAGE_SIZE))


@dataclass(frozen=True)
class RecordChoices:
    """What can be chosen in the filters: (code, name) each."""

    units: list[tuple[str, str]]
    courses: list[tuple[str, str]]


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
    if wanted.status == "overdue":
        conditions.append(is_overdue_on(actor.today))
    elif wanted.status:
        conditions.append(has_status_on(actor.today, wanted.status))
    if wanted.text:
        columns = (Person.display_name, Person.work_email, Person.employee_number, Person.external_ref)
        conditions.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.completed_from:
        conditions.append(Standing.completed_on >= wanted.completed_from)
    if wanted.completed_to:
        conditions.append(Standing.completed_on <= wanted.completed_to)
    return conditions


def list_records(session: Session, actor: Actor, *, wanted: RecordFilter, page: int = 1) -> RecordsPage:
    """The records that HR may see, by name, the first MOST_LISTED of them; two queries."""
    require(actor, "records.oversee")
    order = (Person.display_name, Person.id, Enrolment.id)
    # First which records, along an index of names, then what stands in the fifty that are shown.
    which = from_records(select(Enrolment.id)).where(*in_scope(actor, "records.oversee", wanted))
    found = session.scalars(which.order_by(*order).limit(MOST_LISTED + 1)).all()
    first = (min(page, MOST_LISTED // PAGE_SIZE) - 1) * PAGE_SIZE
    shown = session.execute(_shown(), own(actor, ids=found[first : first + PAGE_SIZE]))
    return RecordsPage([_row(*row) for row in shown], len(found))


@cache
def _shown() -> Executable:
    among = Enrolment.id.in_(bindparam("ids", expanding=True))
    return _records().where(among).order_by(Person.display_name, Person.id, Enrolment.id)


def _records() -> Select[Any]:
    source = aliased(CourseText)
    return (
        from_records(select(Enrolment.ref, Person, OrgUnit.name, PartnerOrganisation.name, source.title, Standing))
        .add_columns(status_on(TODAY), is_overdue_on(TODAY))
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
    )


def list_choices(session: Session, actor: Actor) -> RecordChoices:
    """The units in the actor's scope and all courses; two queries."""
    require(actor, "records.oversee")
    reached = reaches_unit(actor, "records.oversee")
    units = session.execute(select(OrgUnit.code, OrgUnit.name).where(reached).order_by(OrgUnit.path))
    source = aliased(CourseText)
    courses = session.execute(
        select(Course.code, source.title)
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
        .order_by(Course.code)
    )
    return RecordChoices([(code, name) for code, name in units], [(code, title) for code, title in courses])


def _row(
    ref: str, person: Person, unit: str | None, partner: str | None, title: str, standing: Standing, status: str,
    overdue: bool,
) -> RecordRow:  # fmt: skip
    return RecordRow(
        ref, person.display_name, person.employee_number or person.external_ref or "", unit or "", partner or "",
        title, status, bool(overdue), standing.due_on, standing.completed_on, standing.expires_on,
        standing.score_percent,
    )  # fmt: skip


@dataclass(frozen=True)
class CompletionFacts:
    """A completion with what became of it."""

    ref: str
    effective_at: datetime
    recorded_at: datetime
    version: int
    percent: int
    expires_on: date | None
    withdrawn_at: datetime | None
    withdrawn_by: str
    reason: str


@dataclass(frozen=True)
class RecordDetail:
    """One enrolment with its facts: no answers."""

    row: RecordRow
    person_id: int
    email: str
    assigned_on: date
    started_on: date | None
    attempts: list[Any]  # number, started_at, submitted_at, percent, passed
    completions: list[CompletionFacts]
    is_own: bool
    time_factor: str  # the person's time for quizzes, one of rules.attempting.FACTORS


def get_record(session: Session, actor: Actor, *, ref: str) -> RecordDetail:
    """One record in HR's scope with its facts; NotFound otherwise. Four queries."""
    require(actor, "records.oversee")
    query = _records().add_columns(Enrolment.id)
    reached = reaches_person(actor, "records.oversee")
    found = session.execute(query.where(Enrolment.ref == ref, reached), own(actor)).first()
    if found is None:
        raise NotFound()
    *cells, enrolment_id = found
    person, standing = found.Person, found.Standing
    attempts = session.execute(
        select(Attempt.number, Attempt.started_at)
        .add_columns(AttemptResult.submitted_at, AttemptResult.percent, AttemptResult.passed)
        .outerjoin(AttemptResult, CURRENT_RESULT).where(Attempt.enrolment_id == enrolment_id).order_by(Attempt.number)
    ).all()  # fmt: skip
    return RecordDetail(
        _row(*cells), person.id, person.work_email or "", standing.assigned_on, standing.started_on, list(attempts),
        _completions(session, enrolment_id), person.id == actor.person_id,
        get_time(session, person.id),
    )  # fmt: skip


def _completions(session: Session, enrolment_id: int) -> list[CompletionFacts]:
    by = aliased(Person)
    rows = session.execute(
        select(Completion, CourseVersion.number, AttemptResult.percent, CompletionWithdrawal)
        .add_columns(by.display_name, FactText.text)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .join(AttemptResult, and_(AttemptResult.attempt_id == Completion.attempt_id, AttemptResult.is_current))
        .outerjoin(CompletionWithdrawal, CompletionWithdrawal.completion_id == Completion.id)
        .outerjoin(by, by.id == CompletionWithdrawal.withdrawn_by)
        .outerjoin(FactText, FactText.fact_ref == CompletionWithdrawal.ref)
        .where(Completion.enrolment_id == enrolment_id).order_by(Completion.id)
    )  # fmt: skip
    return [
        CompletionFacts(
            c.ref, c.effective_at, c.recorded_at, number, percent, c.expires_on,
            withdrawal.effective_at if withdrawal else None, name or "", reason or "",
        )
        for c, number, percent, withdrawal, name, reason in rows
    ]  # fmt: skip
