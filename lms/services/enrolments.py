"""Enrolling, starting, reading: the way to the quiz."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, NotFound
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseVersion,
    Enrolment,
    EnrolmentStart,
    Section,
    SectionReading,
    Standing,
)
from lms.permissions import Actor, require
from lms.rules import standing as rule
from lms.services import standings
from lms.services.courses import open_to, own_enrolment
from lms.services.writing import audit, insert_once


@dataclass(frozen=True)
class Opened:
    """The actor's enrolment in a course, and the version that they read."""

    enrolment: Enrolment
    version: CourseVersion


def start_course(session: Session, actor: Actor, *, slug: str) -> Enrolment:
    """Begin (or go on with) a course: enrols by own choice where nobody asked for it; opens the next period where
    the last one has expired. Doing it again changes nothing."""
    require(actor, "courses.take")
    course, enrolment, standing = _find(session, actor, slug)
    if enrolment is None or (standing and rule.status(standings.as_rule(standing), actor.today) is rule.Status.EXPIRED):
        period = enrolment.period + 1 if enrolment else 1
        opened = insert_once(
            session, Enrolment, person_id=actor.person_id, course_id=course.id, period=period, enrolled_at=actor.at,
            own_choice=True,
        )  # fmt: skip
        _course, enrolment, _standing = _find(session, actor, slug)
        assert enrolment is not None
        if opened:
            audit(session, actor, "enrolments.open", "enrolment", enrolment.ref)
    if insert_once(session, EnrolmentStart, enrolment_id=enrolment.id, started_at=actor.at):
        standings.refresh(session, [enrolment.id], actor.at)
    return enrolment


def finish_section(session: Session, actor: Actor, *, slug: str, key: str) -> None:
    """Keep that a section was read; reading it again changes nothing."""
    opened = require_enrolment(session, actor, slug=slug)
    known = select(Section.key).where(Section.version_id == opened.version.id, Section.key == key).limit(1)
    if session.scalar(known) is None:
        raise NotFound()
    started = insert_once(session, EnrolmentStart, enrolment_id=opened.enrolment.id, started_at=actor.at)
    insert_once(session, SectionReading, enrolment_id=opened.enrolment.id, section_key=key, read_at=actor.at)
    if started:
        standings.refresh(session, [opened.enrolment.id], actor.at)


def require_enrolment(session: Session, actor: Actor, *, slug: str) -> Opened:
    """The actor's enrolment in a course; Conflict when they have not begun it."""
    require(actor, "courses.take")
    _course, enrolment, _standing = _find(session, actor, slug)
    if enrolment is None:
        raise Conflict(N_("Start the course first: then what you read and answer is kept."))
    version = session.scalar(
        select(CourseVersion).where(CourseVersion.course_id == enrolment.course_id, CourseVersion.is_current)
    )
    if version is None:
        raise NotFound()
    return Opened(enrolment, version)


def _find(session: Session, actor: Actor, slug: str) -> tuple[Course, Enrolment | None, Standing | None]:
    row = session.execute(
        select(Course, Enrolment, Standing)
        .join(CourseVersion, CURRENT_VERSION)
        .outerjoin(Enrolment, own_enrolment(actor))
        .outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Course.slug == slug, open_to(actor, "courses.take"))
    ).first()
    if row is None:
        raise NotFound()
    return row.Course, row.Enrolment, row.Standing
