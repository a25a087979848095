"""What every story of the demonstration needs: the database, the courses, and actors made as for real users."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import Database
from lms.demonstration.organisation import Functions
from lms.errors import N_, Conflict
from lms.models import Course, CourseVersion, Section
from lms.permissions import Actor
from lms.services.actors import find_actor
from lms.services.levels import current_references


@dataclass(frozen=True)
class PublishedCourse:
    """What a learner's story has to know of a course; `sections` are keys in their order."""

    slug: str
    code: str
    sections: tuple[str, ...]
    prerequisites: tuple[str, ...]
    attempts: int
    minutes_limit: int | None
    for_partner_staff: bool
    competency: str


@dataclass(frozen=True)
class World:
    """The time runs from `start` to `now`; the first course is the one that is asked of everybody."""

    database: Database
    operator: Actor
    courses: tuple[PublishedCourse, ...]
    start: datetime
    now: datetime
    cycle_start: str

    @property
    def course(self) -> PublishedCourse:
        """The course that is asked of everybody."""
        return self.courses[0]

    def day(self, number: int, hour: int = 9) -> datetime:
        """A moment on a day of the story, counted from its start."""
        return min(self.now, (self.start + timedelta(days=number)).replace(hour=hour, minute=0))

    @contextmanager
    def acting(self, email: str, at: datetime) -> Iterator[tuple[Session, Actor]]:
        """One act of one person in one transaction, with the roles that they hold at that moment."""
        with self.database.transaction() as session:
            actor = find_actor(session, provider="demonstration", subject=email, email=email, at=at)
            if actor is None:
                raise Conflict(N_("%(email)s is not in the records: was HR's file changed meanwhile?"), email=email)
            yield session, actor


def list_published(session: Session) -> tuple[PublishedCourse, ...]:
    """The current courses for staff; those that build on no other come first, then by code."""
    query = (
        select(Course, CourseVersion)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.is_current, CourseVersion.for_staff)
        .order_by(Course.code)
    )
    rows = sorted(session.execute(query), key=lambda row: bool(row[1].prerequisites))
    return tuple(_published(session, course, version) for course, version in rows)


def _published(session: Session, course: Course, version: CourseVersion) -> PublishedCourse:
    sections = session.scalars(
        select(Section.key)
        .where(Section.version_id == version.id, Section.language == version.source_language)
        .order_by(Section.position)
    )
    return PublishedCourse(
        slug=course.slug, code=course.code, sections=tuple(sections), prerequisites=tuple(version.prerequisites),
        attempts=version.attempts_allowed, minutes_limit=version.time_limit_minutes,
        for_partner_staff=version.for_partner_staff, competency=min(version.competencies, default=""),
    )  # fmt: skip


def published_functions(session: Session) -> Functions:
    """The functions of the published roles; those of partner staff are the ones that their profiles name."""
    roles = current_references(session, "roles").get("roles", {"functions": [], "roles": []})
    profiles = [role for role in roles["roles"] if role["audience"] == "partner_staff"]
    partner = {code for profile in profiles for code in profile["functions"]}
    codes = [function["code"] for function in roles["functions"]]
    return Functions(tuple(c for c in codes if c not in partner), tuple(c for c in codes if c in partner))
