"""My page: what is due, where I left off, what my plan asks next, what runs out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_RESULT,
    CURRENT_VERSION,
    Attempt,
    AttemptResult,
    Completion,
    Course,
    CourseVersion,
    Enrolment,
    EnrolmentStart,
    RecallOutcome,
    SectionReading,
    Standing,
    UtcDateTime,
    is_unmade,
)
from lms.permissions import Actor, require
from lms.rules import standing as rule
from lms.rules.applying import State
from lms.rules.three_answers import Answers, answer
from lms.services.courses import join_texts, localised
from lms.services.plan_views import ItemView
from lms.services.plans import list_open_items
from lms.services.reviews import Waiting, list_waiting
from lms.services.scope import ME, own, rows
from lms.services.standings import COLUMNS, latest_period

RUNS_OUT = timedelta(days=90)
NEWS = timedelta(days=30)


@dataclass(frozen=True)
class MyCourse:
    """One of the actor's courses: where it stands and how far it is read."""

    slug: str
    code: str
    title: str
    minutes: int
    standing: rule.Standing
    status: str
    is_overdue: bool
    application: str  # where its task at work stands, one of rules.applying.State
    sections: int
    sections_read: int
    open_attempt: str | None
    completion_ref: str | None
    marked_again: str | None  # an attempt whose result was changed by marking again, not long ago
    last_touched: Any  # the moment of the last start, reading or attempt, or None
    prerequisites: list[str]
    for_staff: bool
    for_partner_staff: bool

    @property
    def is_asked(self) -> bool:
        """To be done, or withdrawn while somebody still asks for it."""
        asked_again = self.status == rule.Status.WITHDRAWN and self.standing.due_on is not None
        return asked_again or self.status in (rule.Status.ASSIGNED, rule.Status.IN_PROGRESS)


@dataclass(frozen=True)
class HomePage:
    """What a learner sees first."""

    due: list[MyCourse]
    left_off: MyCourse | None
    runs_out: list[MyCourse]
    marked_again: list[MyCourse]
    tasks: list[MyCourse]  # those of which a task at work is not confirmed yet
    waiting: list[Waiting]  # tasks at work of others, for the actor to look at
    plan_items: list[ItemView]
    has_plan: bool


def list_my_courses(session: Session, actor: Actor, *, every_period: bool = False) -> list[MyCourse]:
    """The actor's enrolments (the newest period of each course, or every one); one query."""
    today, asked = actor.today, own(actor, since=actor.at - NEWS)
    return [_my_course(row, today) for row in rows(session, _my_courses(every_period), asked)]


@cache
def _my_courses(every_period: bool) -> Executable:
    preferred, source = localised()
    reading = select(func.count()).where(SectionReading.enrolment_id == Enrolment.id).scalar_subquery()
    touched = (
        select(func.max(SectionReading.read_at)).where(SectionReading.enrolment_id == Enrolment.id).scalar_subquery()
    )
    open_attempt = select(Attempt.ref).where(Attempt.enrolment_id == Enrolment.id, Attempt.is_open).scalar_subquery()
    completion = (
        select(Completion.ref).where(Completion.enrolment_id == Enrolment.id, ~is_unmade(Completion))
        .order_by(Completion.id.desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    query = (
        select(Course.slug, Course.code, CourseVersion.minutes, CourseVersion.section_count)
        .add_columns(func.coalesce(preferred.title, source.title).label("title"), reading.label("read"))
        .add_columns(touched.label("touched"), EnrolmentStart.started_at.label("begun_at"))
        .add_columns(open_attempt.label("open_attempt"), completion.label("completion_ref"))
        .add_columns(CourseVersion.prerequisites, CourseVersion.for_staff, CourseVersion.for_partner_staff)
        .add_columns(_marked_again().label("marked_again"), *COLUMNS)
        .select_from(Enrolment)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CURRENT_VERSION)
        .outerjoin(EnrolmentStart, EnrolmentStart.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id == ME)
        .order_by(Course.code, Enrolment.period.desc())
    )
    mine = join_texts(query, preferred, source)
    return mine if every_period else mine.where(latest_period())


def _marked_again() -> Any:
    """The attempt of an `Enrolment` that earns something else since it was marked again."""
    before = aliased(AttemptResult)
    changed = or_(before.percent != AttemptResult.percent, before.passed != AttemptResult.passed)
    return (
        select(Attempt.ref)
        .join(AttemptResult, CURRENT_RESULT)
        .join(RecallOutcome, RecallOutcome.after_id == AttemptResult.id)
        .join(before, before.id == RecallOutcome.before_id)
        .where(Attempt.enrolment_id == Enrolment.id, RecallOutcome.after_id.is_not(None), changed)
        .where(AttemptResult.recorded_at > bindparam("since", type_=UtcDateTime))
        .order_by(Attempt.number.desc()).limit(1).scalar_subquery()
    )  # fmt: skip


def _my_course(row: Any, today: date) -> MyCourse:
    standing = rule.Standing(*row[-len(COLUMNS) :])
    return MyCourse(
        slug=row.slug, code=row.code, title=row.title, minutes=row.minutes, standing=standing,
        status=rule.status(standing, today), is_overdue=rule.is_overdue(standing, today),
        application=rule.application_state(standing, today),
        sections=row.section_count, sections_read=min(row.read, row.section_count), open_attempt=row.open_attempt,
        completion_ref=row.completion_ref, marked_again=row.marked_again, last_touched=row.touched or row.begun_at,
        prerequisites=row.prerequisites, for_staff=row.for_staff, for_partner_staff=row.for_partner_staff,
    )  # fmt: skip


def answer_all(actor: Actor, periods: Sequence[MyCourse]) -> dict[str, Answers]:
    """The three answers of each course of the actor's, by code; `periods` are all of them, the newest first."""
    courses: dict[str, list[rule.Standing]] = defaultdict(list)
    for period in reversed(periods):
        courses[period.code].append(period.standing)
    meant = {c.code: c.for_partner_staff if actor.kind == "partner_staff" else c.for_staff for c in periods}
    asked = {c.code: c.prerequisites for c in periods}
    return {
        code: answer(code, courses, actor.today, is_meant=meant[code], prerequisites=asked[code]) for code in courses
    }


def get_home(session: Session, actor: Actor) -> HomePage:
    """My page; four queries, or five where the plan asks a level or a task."""
    require(actor, "home.read")
    periods = list_my_courses(session, actor, every_period=True)
    courses = [course for n, course in enumerate(periods) if n == 0 or periods[n - 1].code != course.code]  # the newest
    counting = [c for c in periods if c in courses or c.status in (rule.Status.COMPLETED, rule.Status.CERTIFIED)]
    open_courses = [c for c in courses if c.is_asked]
    begun = [course for course in open_courses if course.last_touched]
    soon = [
        c
        for c in courses
        if c.standing.expires_on and c.standing.expires_on <= actor.today + RUNS_OUT and c.standing.completed_on
    ]
    plan_items = list_open_items(session, actor)
    return HomePage(
        due=sorted(open_courses, key=lambda c: (c.standing.due_on or date.max, c.code)),
        left_off=max(begun, key=lambda c: c.last_touched, default=None),
        runs_out=sorted(soon, key=lambda c: c.standing.expires_on or date.max),
        marked_again=[course for course in courses if course.marked_again],
        tasks=[c for c in counting if c.application not in (State.NONE, State.CONFIRMED)],
        waiting=list_waiting(session, actor),
        plan_items=(plan_items or [])[:3],
        has_plan=plan_items is not None,
    )
