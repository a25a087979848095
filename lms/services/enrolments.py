"""Enrolling, starting, reading: the way to the quiz."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Executable, and_, bindparam, select
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
from lms.services.courses import Audience, audience, open_to, own_enrolment
from lms.services.scope import own
from lms.services.standings import latest_period
from lms.services.writing import audit, insert_missing, insert_once


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
    if period := period_to_open(actor, enrolment, standing):
        row = enrolment_row(actor, actor.person_id, course.id, period, own_choice=True)
        opened = insert_once(session, Enrolment, **row)
        _course, enrolment, _standing = _find(session, actor, slug)
        if opened and enrolment:
            audit(session, actor, "enrolments.open", "enrolment", enrolment.ref)
    assert enrolment is not None
    if insert_once(session, EnrolmentStart, **start_row(actor, enrolment.id)):
        standings.refresh(session, [enrolment.id], actor.at)
    return enrolment


def refresh_course(session: Session, actor: Actor, *, slug: str) -> Enrolment:
    """Take a course again before it runs out: a period beside the one that still counts, in which the sections that
    were read are read, so that the quiz is all there is to do. Conflict where it does not run out soon."""
    require(actor, "courses.take")
    course, last, standing = _find(session, actor, slug)
    current = select(CourseVersion).where(CourseVersion.course_id == course.id, CourseVersion.is_current)
    version = session.scalars(current).one()
    soon = standing is not None and rule.is_refreshable(standings.as_rule(standing), actor.today)
    if last is None or not soon or not version.is_by_quiz:
        raise Conflict(N_("This course does not run out soon, so there is nothing to refresh."))
    row = enrolment_row(actor, actor.person_id, course.id, last.period + 1, own_choice=True)
    if not insert_once(session, Enrolment, **row):
        raise Conflict(N_("You have begun to refresh this course already."))
    _course, opened, _standing = _find(session, actor, slug)
    assert opened is not None
    keep_readings(session, {last.id: opened.id})
    insert_once(session, EnrolmentStart, **start_row(actor, opened.id))
    standings.refresh(session, [opened.id], actor.at)
    audit(session, actor, "enrolments.refresh", "enrolment", opened.ref)
    return opened


def keep_readings(session: Session, periods: Mapping[int, int]) -> None:
    """What was read in an enrolment is read in the period that was opened beside it: numbers of the one -> other."""
    query = select(SectionReading.enrolment_id, SectionReading.section_key, SectionReading.read_at)
    readings = [
        {"enrolment_id": periods[row.enrolment_id], "section_key": row.section_key, "read_at": row.read_at}
        for row in session.execute(query.where(SectionReading.enrolment_id.in_(periods)))
    ]
    insert_missing(session, SectionReading, readings)


def period_to_open(actor: Actor, last: Any, standing: Any) -> int | None:
    """The number of the period that begins now: the first, or the one after a `last` one that has expired; or None.

    `standing` has the fields of rules.standing.Standing.
    """
    if last is None:
        return 1
    expired = standing and rule.status(standing, actor.today) is rule.Status.EXPIRED
    return int(last.period) + 1 if expired else None


def enrol(
    session: Session, actor: Actor, course_id: int, people: Sequence[int], *, own_choice: bool, held: date | None = None
) -> Sequence[Any]:
    """An enrolment (id, person_id) of each person in a course; it is opened where there is none that counts.

    The newest for those who took part on the day `held`, beside one that runs out soon; else one that still counts.
    """
    periods = (
        select(Enrolment, Standing).outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Enrolment.course_id == course_id, Enrolment.person_id.in_(people))
        .order_by(Enrolment.person_id, Enrolment.period)
    )  # fmt: skip
    newest = periods.where(latest_period())
    found = {enrolment.person_id: (enrolment, standing) for enrolment, standing in session.execute(newest)}
    opened = []
    for person_id in people:
        enrolment, standing = found.get(person_id, (None, None))
        period = period_to_open(actor, enrolment, standing)
        if held and enrolment and standing and standing.completed_on and standing.completed_on < held:
            is_renewed = rule.is_refreshable(standings.as_rule(standing), actor.today)
            period = enrolment.period + 1 if is_renewed else period
        if period:
            opened.append(enrolment_row(actor, person_id, course_id, period, own_choice=own_choice))
    insert_missing(session, Enrolment, opened)  # somebody else may be enrolling them at this moment
    counts = and_(Standing.completed_on.is_not(None), Standing.expires_on > actor.today)
    chosen: dict[int, Any] = {}
    for row in session.execute(
        periods.with_only_columns(Enrolment.id, Enrolment.person_id.label("person_id"), counts.label("counts"))
    ):
        if held or row.person_id not in chosen or not chosen[row.person_id].counts:
            chosen[row.person_id] = row
    return list(chosen.values())


def enrolment_row(
    actor: Actor, person_id: int | None, course_id: int, period: int, *, own_choice: bool
) -> dict[str, Any]:
    """An enrolment that opens now."""
    return {
        "person_id": person_id, "holder_id": person_id, "course_id": course_id, "period": period,
        "enrolled_at": actor.at, "own_choice": own_choice,
    }  # fmt: skip


def start_row(actor: Actor, enrolment_id: int) -> dict[str, Any]:
    """The learner begins now."""
    return {"enrolment_id": enrolment_id, "started_at": actor.at}


def reading_row(actor: Actor, enrolment_id: int, key: str) -> dict[str, Any]:
    """A section is marked as read now."""
    return {"enrolment_id": enrolment_id, "section_key": key, "read_at": actor.at}


def finish_section(session: Session, actor: Actor, *, slug: str, key: str) -> None:
    """Keep that a section was read; reading it again changes nothing."""
    opened = require_enrolment(session, actor, slug=slug)
    known = select(Section.key).where(Section.version_id == opened.version.id, Section.key == key).limit(1)
    if session.scalar(known) is None:
        raise NotFound()
    started = insert_once(session, EnrolmentStart, **start_row(actor, opened.enrolment.id))
    insert_once(session, SectionReading, **reading_row(actor, opened.enrolment.id, key))
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
    row = session.execute(_open_course(audience(actor, "courses.take")), own(actor, slug=slug)).first()
    if row is None:
        raise NotFound()
    return row.Course, row.Enrolment, row.Standing


@cache
def _open_course(people: Audience) -> Executable:
    return (
        select(Course, Enrolment, Standing)
        .join(CourseVersion, CURRENT_VERSION)
        .outerjoin(Enrolment, own_enrolment())
        .outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Course.slug == bindparam("slug"), open_to(people))
    )
