"""Counts of what was asked, is done, is overdue and stops counting, by unit: for a page, or kept for all pages.

To count a million records takes seconds. So the worker counts them for everybody every ten minutes, and pages add up
what it kept; where there are few, it keeps nothing, and a page counts what is so now.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, case, delete, func, select, true
from sqlalchemy.orm import Session

from lms.models import Enrolment, OrgUnit, Person, Post, Standing, UnitTally, from_records, is_overdue_on, status_on
from lms.permissions import Actor, require
from lms.rules.standing import Status
from lms.services.records import RecordFilter, expires_within
from lms.services.scope import TODAY, of_the_day, own, reaches_person, reaches_unit, rows
from lms.services.writing import insert_all

COUNT = "count_units"  # the kind of job
EVERY = timedelta(minutes=10)
KEPT_FROM = 20_000  # records of the organisation: a page counts fewer in some hundredths of a second
MONTHS = 12
_DONE = (Status.COMPLETED.value, Status.CERTIFIED.value)
_OVERSEE = "records.oversee"


@dataclass(frozen=True)
class Counted:
    """Counts by unit; a unit of None is of those without a post."""

    at: datetime
    courses: list[tuple[int | None, int, int, int, int]]  # unit, course, asked, done, overdue
    months: list[tuple[int | None, str, int]]  # unit, "2027-03", how many completions stop counting in it


def spans(today: date) -> list[tuple[date, date]]:
    """First and last day of what is left of this month from tomorrow on, and of the eleven months after it."""
    first, found = today + timedelta(days=1), []
    for _ in range(MONTHS):
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((first, following - timedelta(days=1)))
        first = following
    return found


def count_now(session: Session, actor: Actor) -> Counted:
    """Of the people in the actor's scope, as it is now; two queries."""
    require(actor, _OVERSEE)
    return _count(session, actor, _courses(of_the_day(actor)), _expiring(of_the_day(actor)))


def read_kept(session: Session, actor: Actor) -> Counted:
    """Of the units in the actor's scope, as it was kept last; one query."""
    require(actor, _OVERSEE)
    kept = rows(session, _kept(of_the_day(actor)))
    return Counted(
        max((row.counted_at for row in kept), default=actor.at),
        [(row.unit_id, *counts) for row in kept for counts in row.courses],
        [(row.unit_id, month, number) for row in kept for month, number in row.months.items()],
    )


def count_for_all(session: Session, actor: Actor, *, least: int = KEPT_FROM) -> Counted | None:
    """What is to be kept, of everybody; None where there are fewer records than `least`."""
    require(actor, "jobs.work")
    if (session.scalar(select(func.count()).select_from(Standing)) or 0) < least:
        return None
    return _count(session, actor, _select_courses(true()), _select_expiring(true(), spans(actor.today)))


def keep(session: Session, actor: Actor, counted: Counted | None) -> None:
    """Put what was counted in the place of what was kept before."""
    require(actor, "jobs.work")
    session.execute(delete(UnitTally))
    if counted is None:
        return
    courses: dict[int | None, list[Any]] = defaultdict(list)
    months: dict[int | None, dict[str, int]] = defaultdict(dict)
    for unit_id, *counts in counted.courses:
        courses[unit_id].append(counts)
    for unit_id, month, number in counted.months:
        months[unit_id][month] = number
    units = sorted({*courses, *months}, key=lambda unit_id: unit_id or 0)
    insert_all(session, UnitTally, [
        {"unit_id": unit, "counted_at": counted.at, "courses": courses[unit], "months": months[unit]} for unit in units
    ])  # fmt: skip


def _count(session: Session, actor: Actor, courses: Executable, expiring: Executable) -> Counted:
    found = rows(session, courses, own(actor))
    return Counted(actor.at, [tuple(row) for row in found], _by_month(rows(session, expiring)))


def _by_month(found: Iterable[Sequence[Any]]) -> list[tuple[int | None, str, int]]:
    months: dict[tuple[int | None, str], int] = defaultdict(int)
    for unit_id, day, number in found:
        months[unit_id, f"{day:%Y-%m}"] += number
    return [(*key, number) for key, number in months.items()]


@lru_cache(maxsize=256)
def _courses(actor: Actor) -> Executable:
    return _select_courses(reaches_person(actor, _OVERSEE))


@lru_cache(maxsize=256)
def _expiring(actor: Actor) -> Executable:
    return _select_expiring(reaches_person(actor, _OVERSEE), spans(actor.today))


def _select_courses(of_whom: ColumnElement[bool]) -> Executable:
    """A row for each unit and course: how many were asked, are done, are overdue."""
    status, asked_of = status_on(TODAY), (Enrolment.person_id, Enrolment.course_id)
    each = (
        select(*asked_of, func.max(case((status.in_(_DONE), 1), else_=0)).label("done"))
        .add_columns(func.max(case((is_overdue_on(TODAY), 1), else_=0)).label("overdue"))
        .join(Standing, Standing.enrolment_id == Enrolment.id).join(Person, Person.id == Enrolment.person_id)
        .where(Standing.reason != "own_choice", status != Status.WAIVED.value, of_whom)
        .group_by(*asked_of).subquery("each")
    )  # fmt: skip
    return (
        select(Post.unit_id, each.c.course_id, func.count(), func.sum(each.c.done), func.sum(each.c.overdue))
        .select_from(each)
        .outerjoin(Post, and_(Post.person_id == each.c.person_id, Post.is_latest))
        .group_by(Post.unit_id, each.c.course_id)
    )


def _select_expiring(of_whom: ColumnElement[bool], months: list[tuple[date, date]]) -> Executable:
    wanted = RecordFilter(expires_from=months[0][0], expires_to=months[-1][1])
    counted = from_records(select(Post.unit_id, Standing.expires_on, func.count()))
    return counted.where(of_whom, *expires_within(wanted)).group_by(Post.unit_id, Standing.expires_on)


@lru_cache(maxsize=256)
def _kept(actor: Actor) -> Executable:
    return (
        select(*UnitTally.__table__.c)
        .outerjoin(OrgUnit, OrgUnit.id == UnitTally.unit_id)
        .where(reaches_unit(actor, _OVERSEE))
    )
