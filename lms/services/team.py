"""A line manager's team today: who has what to do, passed or not; no scores, no answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache

from sqlalchemy import Executable, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    EvidenceEntry,
    Person,
    Post,
    Standing,
    application_state_on,
    in_source_language,
    is_overdue_on,
    status_on,
)
from lms.permissions import Actor, require
from lms.services.entries import WAITS
from lms.services.quiz_help import is_waiting
from lms.services.scope import TODAY, of_the_day, own, reaches_person, rows
from lms.services.stand_ins import deputy_columns
from lms.services.standings import latest_period, still_until


@dataclass(frozen=True)
class TeamCourse:
    """A course of one team member, without score."""

    title: str
    status: str
    is_overdue: bool
    due_on: date | None
    completed_on: date | None
    expires_on: date | None
    ref: str  # the enrolment's
    slug: str
    application: str  # where its task at work stands, one of rules.applying.State
    application_due_on: date | None
    asks_for_help: bool  # all attempts at its quiz are used
    is_requested: bool  # HR was asked for one more attempt
    still_until: date | None  # an earlier period counts until this day, while this one is under way


@dataclass(frozen=True)
class TeamMember:
    """Somebody who reports to the actor today, or to somebody for whom the actor stands in."""

    ref: str
    name: str
    job_title: str
    for_name: str  # of the line manager for whom the actor stands in; "" for the actor's own reports
    until: date | None  # the last day of that
    has_own_targets: bool  # partner staff, for somebody of another organisation: their targets are theirs to set
    email: str
    entries: int  # put forward by them, and not decided
    entries_since: datetime | None
    courses: list[TeamCourse] = field(default_factory=list)

    @property
    def overdue(self) -> int:
        """How many courses are overdue."""
        return sum(1 for course in self.courses if course.is_overdue)


def get_team(session: Session, actor: Actor) -> list[TeamMember]:
    """The people who report to the actor today, or to somebody for whom the actor stands in; those with something
    overdue first; two queries."""
    require(actor, "team.read")
    people = rows(session, _people(of_the_day(actor)))
    courses = _courses(session, actor, [row.id for row in people])
    members = [
        TeamMember(
            row.ref, row.display_name, row.job_title or "", row.for_name or "", row.until,
            row.kind == "partner_staff" and actor.kind != "partner_staff", row.work_email or "",
            row.entries, row.entries_since, courses[row.id],
        )
        for row in people
    ]  # fmt: skip
    return sorted(members, key=lambda member: (-member.overdue, member.name))


@lru_cache(maxsize=256)
def _people(actor: Actor) -> Executable:
    until, for_name = deputy_columns(actor)
    waiting = select(func.count(EvidenceEntry.id)).where(EvidenceEntry.person_id == Person.id, WAITS).correlate(Person)
    since = waiting.with_only_columns(func.min(EvidenceEntry.recorded_at))
    return (
        select(Person.id, Person.ref, Person.display_name, Person.kind, Person.work_email, Post.job_title)
        .add_columns(waiting.scalar_subquery().label("entries"), since.scalar_subquery().label("entries_since"))
        .add_columns(until.label("until"), for_name.label("for_name"))
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .where(reaches_person(actor, "team.read"), or_(Post.ended_on.is_(None), Post.ended_on > actor.today))
        .order_by(Person.display_name)
    )


def _courses(session: Session, actor: Actor, people: Sequence[int]) -> dict[int, list[TeamCourse]]:
    courses: dict[int, list[TeamCourse]] = defaultdict(list)
    for person_id, title, status, overdue, *rest in rows(session, _courses_of(), own(actor, people=people)):
        courses[person_id].append(TeamCourse(title, status, bool(overdue), *rest))
    return courses


@cache
def _courses_of() -> Executable:
    source = aliased(CourseText)
    return (
        select(Enrolment.person_id.label("person_id"), source.title, status_on(TODAY), is_overdue_on(TODAY))
        .add_columns(Standing.due_on, Standing.completed_on, Standing.expires_on, Enrolment.ref, Course.slug)
        .add_columns(application_state_on(TODAY), Standing.application_due_on)
        .add_columns(is_waiting().label("asks"), is_waiting(asked_by_learner=False).label("requested"))
        .add_columns(still_until(TODAY))
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
        .where(Enrolment.person_id.in_(bindparam("people", expanding=True)), latest_period())
        .order_by(Course.code)
    )
