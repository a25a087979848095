"""Courses as a reader meets them: the catalogue, a course page, a section, the task sheet, a picture."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_VERSION,
    Attempt,
    AttemptResult,
    Completion,
    CompletionWithdrawal,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    Media,
    Section,
    SectionReading,
    Standing,
    in_source_language,
)
from lms.permissions import Actor, Scope, require, scopes
from lms.rules import standing as rule
from lms.rules.attempting import Readiness, obstacle
from lms.services.standings import latest_period


@dataclass(frozen=True)
class CatalogueFilter:
    """What the reader looks for; empty means everything."""

    text: str = ""
    competency: str = ""
    most_minutes: int | None = None


@dataclass(frozen=True)
class CatalogueEntry:
    """A course in the catalogue, with the reader's own standing in it."""

    slug: str
    code: str
    title: str
    summary: str
    minutes: int
    competencies: dict[str, int]
    status: str | None
    due_on: date | None


def open_to(actor: Actor, action: str = "courses.read") -> ColumnElement[bool]:
    """A condition on `CourseVersion` and `Enrolment`: open to this kind of person, or asked of them."""
    if not any(scope is Scope.AUDIENCE for scope, _ in scopes(actor, action)):
        return false()
    audience = CourseVersion.for_partner_staff if actor.kind == "partner_staff" else CourseVersion.for_staff
    # Taken back before it was begun, a course is no longer asked of them.
    own = aliased(Standing)
    taken_back = exists().where(
        own.enrolment_id == Enrolment.id, own.withdrawn_on.is_not(None), own.started_on.is_(None)
    )
    return or_(audience, and_(Enrolment.id.is_not(None), ~taken_back))


def own_enrolment(actor: Actor) -> ColumnElement[bool]:
    """A join condition: the actor's newest enrolment in the course."""
    return and_(Enrolment.course_id == Course.id, Enrolment.person_id == actor.person_id, latest_period())


def localised() -> tuple[Any, Any]:
    """The course's text in the actor's language, and in the source language for where that is missing."""
    return aliased(CourseText, name="preferred"), aliased(CourseText, name="source")


def join_texts(query: Any, actor: Actor, preferred: Any, source: Any) -> Any:
    """Join both texts to a query that holds CourseVersion."""
    return query.outerjoin(
        preferred, and_(preferred.version_id == CourseVersion.id, preferred.language == actor.language)
    ).join(source, in_source_language(source))


def list_courses(session: Session, actor: Actor, *, wanted: CatalogueFilter) -> list[CatalogueEntry]:
    """The courses that are open to the actor, by code; one query."""
    require(actor, "courses.read")
    preferred, source = localised()
    query = (
        select(Course.slug, Course.code, func.coalesce(preferred.title, source.title).label("title"))
        .add_columns(func.coalesce(preferred.summary, source.summary).label("summary"))
        .add_columns(CourseVersion.minutes, CourseVersion.competencies, Standing)
        .join(CourseVersion, CURRENT_VERSION)
    )
    query = join_texts(query, actor, preferred, source)
    query = query.outerjoin(Enrolment, own_enrolment(actor)).outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
    rows = session.execute(query.where(open_to(actor)).order_by(Course.code)).all()
    entries = [
        CatalogueEntry(
            row.slug, row.code, row.title, row.summary, row.minutes, row.competencies,
            rule.status(row.Standing, actor.today) if row.Standing else None,
            row.Standing.due_on if row.Standing else None,
        )
        for row in rows
    ]  # fmt: skip
    return [entry for entry in entries if _matches(entry, wanted)]


def _matches(entry: CatalogueEntry, wanted: CatalogueFilter) -> bool:
    words = _folded(wanted.text).split()
    text = _folded(f"{entry.code} {entry.title} {entry.summary}")
    return (
        all(word in text for word in words)
        and (not wanted.competency or wanted.competency in entry.competencies)
        and (wanted.most_minutes is None or entry.minutes <= wanted.most_minutes)
    )


def _folded(text: str) -> str:
    """Without case and accents: "equite" finds "équité"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


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
    obstacle: str | None
    attempts_used: int
    open_attempt: str | None
    last_result: str | None
    prerequisites: dict[str, bool]  # course code -> fulfilled

    @property
    def next_section(self) -> SectionLink | None:
        """The first section that is not read."""
        return next((section for section in self.sections if not section.is_read), None)


def get_course(session: Session, actor: Actor, *, slug: str) -> CoursePage:
    """A course page for the actor; NotFound when it is absent or not open to them. At most four queries."""
    require(actor, "courses.read")
    preferred, source = localised()
    query = (
        select(Course, CourseVersion, preferred, source, Enrolment.id.label("enrolment_id"), Standing)
        .select_from(Course)
        .join(CourseVersion, CURRENT_VERSION)
    )
    query = join_texts(query, actor, preferred, source)
    query = query.outerjoin(Enrolment, own_enrolment(actor)).outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
    row = session.execute(query.where(Course.slug == slug, open_to(actor))).first()
    if row is None:
        raise NotFound()
    text = row.preferred or row.source
    sections = _sections(session, row.CourseVersion.id, text.language, row.enrolment_id)
    attempts = _attempts(session, row.enrolment_id)
    missing = _prerequisites(session, actor, row.CourseVersion.prerequisites)
    standing = row.Standing
    status = rule.status(standing, actor.today) if standing else None
    used = _used(attempts)
    open_ref = next((attempt.ref for attempt in attempts if attempt.is_open), None)
    ready = Readiness(
        has_open_attempt=open_ref is not None,
        is_completed=status in (rule.Status.COMPLETED, rule.Status.CERTIFIED, rule.Status.WAIVED),
        prerequisites_missing=sum(1 for fulfilled in missing.values() if not fulfilled),
        sections_left=sum(1 for section in sections if not section.is_read),
        attempts_used=used,
        attempts_allowed=row.CourseVersion.attempts_allowed,
        is_expired=status is rule.Status.EXPIRED,
    )
    return CoursePage(
        course_id=row.Course.id, slug=row.Course.slug, code=row.Course.code, title=text.title, summary=text.summary,
        objectives=text.objectives, task=text.task, version=row.CourseVersion, language=text.language,
        reviewed_by=text.reviewed_by, sections=sections, enrolment_id=row.enrolment_id, standing=standing,
        status=status, obstacle=obstacle(ready), attempts_used=used, open_attempt=open_ref,
        last_result=next((a.ref for a in attempts if a.submitted_at), None), prerequisites=missing,
    )  # fmt: skip


def _sections(session: Session, version_id: int, language: str, enrolment_id: int | None) -> list[SectionLink]:
    read = and_(SectionReading.section_key == Section.key, SectionReading.enrolment_id == enrolment_id)
    rows = session.execute(
        select(Section.key, Section.position, Section.title, Section.minutes, SectionReading.id.is_not(None))
        .outerjoin(SectionReading, read)
        .where(Section.version_id == version_id, Section.language == language)
        .order_by(Section.position)
    )
    return [SectionLink(*row) for row in rows]


def _attempts(session: Session, enrolment_id: int | None) -> list[Any]:
    """The enrolment's attempts, newest first, each with the moment of the last withdrawal of a completion."""
    if enrolment_id is None:
        return []
    withdrawn = (
        select(func.max(CompletionWithdrawal.recorded_at))
        .join(Completion, Completion.id == CompletionWithdrawal.completion_id)
        .where(Completion.enrolment_id == enrolment_id)
        .scalar_subquery()
    )
    return list(
        session.execute(
            select(Attempt.ref, Attempt.is_open, Attempt.started_at, AttemptResult.submitted_at)
            .add_columns(withdrawn.label("withdrawn_at"))
            .outerjoin(AttemptResult)
            .where(Attempt.enrolment_id == enrolment_id)
            .order_by(Attempt.number.desc())
        )
    )


def _used(attempts: list[Any]) -> int:
    """Attempts since the last withdrawal: who loses a completion may try again from the start."""
    return sum(1 for a in attempts if a.withdrawn_at is None or a.started_at > a.withdrawn_at)


def _prerequisites(session: Session, actor: Actor, codes: list[str]) -> dict[str, bool]:
    if not codes:
        return {}
    valid = or_(Standing.expires_on.is_(None), Standing.expires_on > actor.today)
    done = session.scalars(
        select(Course.code)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Course.code.in_(codes), Enrolment.person_id == actor.person_id)
        .where(Standing.completed_on.is_not(None), valid)
    ).all()
    return {code: code in done for code in codes}


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
    html = session.scalar(
        select(Section.html).where(
            Section.version_id == course.version.id, Section.language == course.language, Section.key == key
        )
    )
    neighbours = (None, *course.sections, None)
    return SectionPage(course, course.sections[position], html or "", neighbours[position], neighbours[position + 2])


def get_media(session: Session, actor: Actor, *, slug: str, path: str) -> tuple[str, bytes, str]:
    """Content type, bytes and version hash of a picture of the current version."""
    require(actor, "courses.read")
    row = session.execute(
        select(Media.content_type, Media.body, CourseVersion.content_hash)
        .join(CourseVersion, and_(CourseVersion.id == Media.version_id, CourseVersion.is_current))
        .join(Course, Course.id == CourseVersion.course_id)
        .outerjoin(Enrolment, own_enrolment(actor))
        .where(Course.slug == slug, Media.path == path, open_to(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row.content_type, row.body, row.content_hash
