"""What an author sees of a published course: its versions, and how many people began and completed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    Question,
    Section,
    Standing,
    in_source_language,
)
from lms.permissions import Actor, Scope, require, scopes

SMALLEST_GROUP = 5


@dataclass(frozen=True)
class AuthoredCourse:
    """A course, its current version, and counts; None where fewer than five people would be counted."""

    slug: str
    code: str
    title: str
    version: CourseVersion
    enrolled: int | None
    completed: int | None


def authored(actor: Actor, action: str = "authoring.read") -> ColumnElement[bool]:
    """A condition on `Course`: the actor was made its author, or the author of all courses."""
    grants = [grant for scope, grant in scopes(actor, action) if scope is Scope.COURSES]
    return or_(false(), *(true() if grant.course_id is None else Course.id == grant.course_id for grant in grants))


def list_authored(session: Session, actor: Actor) -> list[AuthoredCourse]:
    """The actor's courses; one query."""
    require(actor, "authoring.read")
    source = aliased(CourseText)
    done_by = case((Standing.completed_on.is_not(None), Enrolment.person_id))
    counts = (
        select(Enrolment.course_id, func.count(distinct(Enrolment.person_id)).label("enrolled"))
        .add_columns(func.count(distinct(done_by)).label("completed"))
        .join(Standing, Standing.enrolment_id == Enrolment.id).group_by(Enrolment.course_id).subquery()
    )  # fmt: skip
    rows = session.execute(
        select(Course.slug, Course.code, source.title, CourseVersion, counts.c.enrolled, counts.c.completed)
        .join(CourseVersion, CURRENT_VERSION)
        .join(source, in_source_language(source))
        .outerjoin(counts, counts.c.course_id == Course.id)
        .where(authored(actor)).order_by(Course.code)
    )  # fmt: skip
    return [
        AuthoredCourse(row.slug, row.code, row.title, row.CourseVersion, *_shown(row.enrolled, row.completed))
        for row in rows
    ]


def _shown(enrolled: int | None, completed: int | None) -> tuple[int | None, int | None]:
    """Counts of small groups point at people; so does a remainder that is small."""
    if not enrolled or enrolled < SMALLEST_GROUP:
        return None, None
    done = completed or 0
    small = 0 < done < SMALLEST_GROUP or 0 < enrolled - done < SMALLEST_GROUP
    return enrolled, None if small else done


@dataclass(frozen=True)
class AuthoredPage:
    """One course with all its versions and what the current one holds."""

    course: AuthoredCourse
    versions: Sequence[Any]  # number, content_hash, published_at, languages
    sections: Sequence[Any]  # position, title, minutes
    pools: Sequence[Any]  # pool, draw, questions


def get_authored(session: Session, actor: Actor, *, slug: str) -> AuthoredPage:
    """One of the actor's courses; NotFound for another. Four queries."""
    course = next((course for course in list_authored(session, actor) if course.slug == slug), None)
    if course is None:
        raise NotFound()
    versions = session.execute(
        select(CourseVersion.number, CourseVersion.content_hash, CourseVersion.published_at, CourseVersion.languages)
        .where(CourseVersion.course_id == course.version.course_id)
        .order_by(CourseVersion.number.desc())
    ).all()  # fmt: skip
    sections = session.execute(
        select(Section.position, Section.title, Section.minutes)
        .where(Section.version_id == course.version.id, Section.language == course.version.source_language)
        .order_by(Section.position)
    ).all()
    pools = session.execute(
        select(Question.pool, func.max(Question.pool_draw).label("draw"), func.count().label("questions"))
        .where(Question.version_id == course.version.id).group_by(Question.pool).order_by(func.min(Question.id))
    ).all()  # fmt: skip
    return AuthoredPage(course, versions, sections, pools)
