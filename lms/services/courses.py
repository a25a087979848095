"""Courses as a reader meets them: a course page, a section, the task sheet, a picture."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_VERSION,
    Completion,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    FactText,
    Media,
    Section,
    SectionReading,
    Standing,
    TimeAllowance,
    Waiver,
    in_source_language,
)
from lms.permissions import Actor, Scope, require, scopes
from lms.rules import standing as rule
from lms.rules.applying import State
from lms.rules.attempting import ORDINARY, Readiness, minutes_for, obstacle
from lms.rules.three_answers import Answers
from lms.services.course_answers import answer_course
from lms.services.scope import LANGUAGE, ME, TODAY, own, rows
from lms.services.standings import first_achieved, latest_period, still_until
from lms.services.tries import read_tries


class Audience(Enum):
    """The people for whom a course can be meant, and those for whom none is."""

    STAFF = "staff"
    PARTNER_STAFF = "partner_staff"
    NOBODY = "nobody"


def audience(actor: Actor, action: str = "courses.read") -> Audience:
    """To which audience the actor belongs, as far as a role of theirs allows the action."""
    if not any(scope is Scope.AUDIENCE for scope, _ in scopes(actor, action)):
        return Audience.NOBODY
    return Audience.PARTNER_STAFF if actor.kind == "partner_staff" else Audience.STAFF


def open_to(people: Audience) -> ColumnElement[bool]:
    """A condition on `CourseVersion` and `Enrolment`: open to this kind of person, or asked of them."""
    if people is Audience.NOBODY:
        return false()
    meant = CourseVersion.for_partner_staff if people is Audience.PARTNER_STAFF else CourseVersion.for_staff
    # Taken back before it was begun, a course is no longer asked of them.
    standing = aliased(Standing)
    taken_back = exists().where(
        standing.enrolment_id == Enrolment.id, standing.withdrawn_on.is_not(None), standing.started_on.is_(None)
    )
    return or_(meant, and_(Enrolment.id.is_not(None), ~taken_back))


def own_enrolment() -> ColumnElement[bool]:
    """A join condition: the newest enrolment of ME in the course."""
    return and_(Enrolment.course_id == Course.id, Enrolment.person_id == ME, latest_period())


def localised() -> tuple[Any, Any]:
    """The course's text in LANGUAGE, and in the source language for where that is missing."""
    return aliased(CourseText, name="preferred"), aliased(CourseText, name="source")


def join_texts(query: Any, preferred: Any, source: Any, *, is_optional: bool = False) -> Select[Any]:
    """Join both texts to a query that holds CourseVersion, `is_optional` where it may hold none."""
    wanted = and_(preferred.version_id == CourseVersion.id, preferred.language == LANGUAGE)
    joined: Select[Any] = query.outerjoin(preferred, wanted)
    return joined.join(source, in_source_language(source), isouter=is_optional)


def with_standing(query: Any) -> Select[Any]:
    """Join the newest enrolment of ME, where there is one, and its standing."""
    enrolled: Select[Any] = query.outerjoin(Enrolment, own_enrolment())
    return enrolled.outerjoin(Standing, Standing.enrolment_id == Enrolment.id)


@dataclass(frozen=True)
class SectionLink:
    """A section in a course's list."""

    key: str
    position: int
    title: str
    minutes: int
    is_read: bool


@dataclass(frozen=True)
class CoursePage:
    """A course with the reader's own progress in it."""

    course_id: int
    slug: str
    code: str
    title: str
    summary: str
    objectives: list[str]
    task: dict[str, Any]
    version: CourseVersion
    language: str
    reviewed_by: str
    sections: list[SectionLink]
    enrolment_id: int | None
    standing: Standing | None
    status: str | None
    application: str  # where the task at work stands, one of rules.applying.State
    obstacle: str | None
    attempts_used: int
    attempts_made: int
    attempts_allowed: int  # with those that HR granted
    time_factor: str  # the person's extra time, one of rules.attempting.FACTORS
    time_limit_minutes: int | None  # for this person
    retry_at: datetime | None
    help_asked_at: datetime | None
    open_attempt: str | None
    last_result: str | None
    completion_ref: str | None  # of the newest completion, withdrawn or not
    prerequisites: dict[str, bool]  # course code -> fulfilled
    is_refreshable: bool  # what was completed counts still, and runs out soon
    waiver_reason: str  # of the last waiver
    still_until: date | None  # the first day on which an earlier period no longer counts, while this one is under way
    answers: Answers

    @property
    def next_section(self) -> SectionLink | None:
        """The first section that is not read."""
        return next((section for section in self.sections if not section.is_read), None)


def get_course(session: Session, actor: Actor, *, slug: str) -> CoursePage:
    """A course page for the actor; NotFound when it is absent or not open to them. At most four queries."""
    require(actor, "courses.read")
    row = session.execute(_course(audience(actor)), own(actor, slug=slug)).first()
    if row is None:
        raise NotFound()
    text = row.preferred or row.source
    sections = _sections(session, row.CourseVersion.id, text.language, row.enrolment_id)
    tries = read_tries(session, row.enrolment_id)
    missing = _prerequisites(session, actor, row.CourseVersion.prerequisites)
    standing = row.Standing
    status = rule.status(standing, actor.today) if standing else None
    version, factor = row.CourseVersion, row.time_factor or ORDINARY
    allowed, waits_until = version.attempts_allowed + tries.extra, tries.retry_at(version.retry_delay_hours)
    ready = Readiness(
        has_open_attempt=tries.open_ref is not None,
        is_completed=status in (rule.Status.COMPLETED, rule.Status.CERTIFIED, rule.Status.WAIVED),
        prerequisites_missing=sum(1 for fulfilled in missing.values() if not fulfilled),
        sections_left=sum(1 for section in sections if not section.is_read),
        attempts_used=tries.used,
        attempts_allowed=allowed,
        at=actor.at,
        is_expired=status is rule.Status.EXPIRED,
        retry_at=waits_until,
        opens_on=version.quiz_opens_on,
        closes_on=version.quiz_closes_on,
    )
    return CoursePage(
        course_id=row.Course.id, slug=row.Course.slug, code=row.Course.code, title=text.title, summary=text.summary,
        objectives=text.objectives, task=text.task, version=version, language=text.language,
        reviewed_by=text.reviewed_by, sections=sections, enrolment_id=row.enrolment_id, standing=standing,
        status=status, application=rule.application_state(standing, actor.today) if standing else State.NONE,
        obstacle=obstacle(ready), attempts_used=tries.used, attempts_made=len(tries.rows),
        attempts_allowed=allowed, time_factor=factor,
        time_limit_minutes=minutes_for(version.time_limit_minutes, factor), retry_at=waits_until,
        help_asked_at=tries.help_asked_at, open_attempt=tries.open_ref, last_result=tries.last_result,
        completion_ref=tries.completion_ref or row.attended, prerequisites=missing,
        is_refreshable=version.is_by_quiz and standing is not None and rule.is_refreshable(standing, actor.today),
        waiver_reason=row.waiver_reason or "", still_until=row.still_until, answers=answer_course(actor, row, missing),
    )  # fmt: skip


@cache
def _course(people: Audience) -> Executable:
    preferred, source = localised()
    query = (
        select(Course, CourseVersion, preferred, source, Enrolment.id.label("enrolment_id"), Standing)
        .add_columns(_time_factor(), _waiver_reason(), _attended(), still_until(TODAY).label("still_until"))
        .add_columns(first_achieved().label("achieved"))
        .select_from(Course)
        .join(CourseVersion, CURRENT_VERSION)
    )
    query = with_standing(join_texts(query, preferred, source))
    return query.where(Course.slug == bindparam("slug"), open_to(people))


def _time_factor() -> Any:
    """The extra time that was last granted to ME."""
    mine = select(TimeAllowance.factor).where(TimeAllowance.person_id == ME)
    return mine.order_by(TimeAllowance.id.desc()).limit(1).scalar_subquery().label("time_factor")


def _waiver_reason() -> Any:
    """Why the course was last waived in an `Enrolment`."""
    mine = select(FactText.text).join(Waiver, Waiver.ref == FactText.fact_ref)
    newest = mine.where(Waiver.enrolment_id == Enrolment.id).order_by(Waiver.id.desc()).limit(1)
    return newest.correlate(Enrolment).scalar_subquery().label("waiver_reason")


def _attended() -> Any:
    """The newest completion of an `Enrolment` by taking part, withdrawn or not."""
    mine = select(Completion.ref).where(Completion.enrolment_id == Enrolment.id, Completion.attempt_id.is_(None))
    return mine.order_by(Completion.id.desc()).limit(1).correlate(Enrolment).scalar_subquery().label("attended")


def _sections(session: Session, version_id: int, language: str, enrolment_id: int | None) -> list[SectionLink]:
    values = {"version": version_id, "language": language, "enrolment": enrolment_id}
    return [SectionLink(*row) for row in rows(session, _section_links(), values)]


@cache
def _section_links() -> Executable:
    read = and_(SectionReading.section_key == Section.key, SectionReading.enrolment_id == bindparam("enrolment"))
    return (
        select(Section.key, Section.position, Section.title, Section.minutes, SectionReading.id.is_not(None))
        .outerjoin(SectionReading, read)
        .where(Section.version_id == bindparam("version"), Section.language == LANGUAGE)
        .order_by(Section.position)
    )


def _prerequisites(session: Session, actor: Actor, codes: list[str]) -> dict[str, bool]:
    if not codes:
        return {}
    done = {code for (code,) in rows(session, _fulfilled(), own(actor, codes=codes))}
    return {code: code in done for code in codes}


@cache
def _fulfilled() -> Executable:
    valid = or_(Standing.expires_on.is_(None), Standing.expires_on > TODAY)
    return (
        select(Course.code)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Course.code.in_(bindparam("codes", expanding=True)), Enrolment.person_id == ME)
        .where(or_(and_(Standing.completed_on.is_not(None), valid), Standing.waived_on.is_not(None)))
    )


@dataclass(frozen=True)
class SectionPage:
    """One section to read."""

    course: CoursePage
    link: SectionLink
    html: str
    previous: SectionLink | None
    following: SectionLink | None


def get_section(session: Session, actor: Actor, *, slug: str, key: str) -> SectionPage:
    """A section of a course that is open to the actor."""
    course = get_course(session, actor, slug=slug)
    position = next((i for i, section in enumerate(course.sections) if section.key == key), None)
    if position is None:
        raise NotFound()
    html = session.scalar(_text(), {"version": course.version.id, "language": course.language, "key": key})
    neighbours = (None, *course.sections, None)
    return SectionPage(course, course.sections[position], html or "", neighbours[position], neighbours[position + 2])


@cache
def _text() -> Executable:
    version = Section.version_id == bindparam("version")
    return select(Section.html).where(version, Section.language == LANGUAGE, Section.key == bindparam("key"))


def get_media(session: Session, actor: Actor, *, slug: str, path: str) -> tuple[str, bytes, str]:
    """Content type, bytes and version hash of a picture of the current version."""
    require(actor, "courses.read")
    query = (
        select(Media.content_type, Media.body, CourseVersion.content_hash)
        .join(CourseVersion, and_(CourseVersion.id == Media.version_id, CourseVersion.is_current))
        .join(Course, Course.id == CourseVersion.course_id)
        .outerjoin(Enrolment, own_enrolment())
        .where(Course.slug == slug, Media.path == path, open_to(audience(actor)))
    )
    row = session.execute(query, own(actor)).first()
    if row is None:
        raise NotFound()
    return row.content_type, row.body, row.content_hash
