"""Where HR starts: what was asked and is overdue, by unit and by course, and what stops counting in which month.

A person counts once for each course that somebody asked of them, whatever the number of periods.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Executable, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseText,
    CourseVersion,
    Enrolment,
    OrgUnit,
    Person,
    Post,
    Standing,
    from_records,
    in_source_language,
    is_overdue_on,
    status_on,
)
from lms.permissions import Actor, require
from lms.rules.standing import Status
from lms.services.records import RecordFilter, in_scope
from lms.services.scope import TODAY, of_the_day, own, reaches_person, reaches_unit, rows

ACTION = "records.oversee"
MONTHS = 12
DONE = (Status.COMPLETED.value, Status.CERTIFIED.value)


@dataclass(frozen=True)
class Tally:
    """What was asked of the people of a unit with all below it, or of one course."""

    code: str  # "": those in the unit itself, or all together
    name: str
    asked: int
    done: int
    overdue: int
    has_below: bool = False

    @property
    def percent(self) -> int:
        """How much of it is done; 100 only where all is."""
        return 100 * self.done // self.asked if self.asked else 0


@dataclass(frozen=True)
class Month:
    """How many completions stop counting between two days."""

    first: date
    last: date
    count: int


@dataclass(frozen=True)
class Overview:
    """HR's page of a unit, or of the whole scope."""

    unit: str  # the code of the unit that was asked for
    above: list[tuple[str, str]]  # code and name of the units in scope above it, and it itself
    total: Tally
    units: list[Tally]  # the most overdue first
    courses: list[Tally]
    months: list[Month]

    @property
    def expiring(self) -> int:
        """How many stop counting in all the months."""
        return sum(month.count for month in self.months)

    @property
    def most(self) -> Month:
        """The month in which the most do."""
        return max(self.months, key=lambda month: month.count)


def get_overview(session: Session, actor: Actor, *, unit: str = "") -> Overview:
    """The figures of a unit in scope (its code), or of all; NotFound for another unit. Four queries."""
    require(actor, ACTION)
    day = of_the_day(actor)
    units: dict[Any, Any] = {row.id: row for row in rows(session, _units(day))}
    focus = next((row for row in units.values() if row.code == unit), None)
    if unit and focus is None:
        raise NotFound()
    counted = [row for row in rows(session, _counts(day), own(actor)) if _is_in(units, row.unit_id, focus)]
    courses = {row.id: row for row in rows(session, _courses())}
    by_course = [Tally(courses[key].code, courses[key].title, *sums) for key, sums in _sums(counted, 1).items()]
    return Overview(
        unit, _above(units, focus), Tally("", "", *_total(counted)), _by_unit(units, focus, counted),
        sorted(by_course, key=_most_overdue), _months(session, day, unit),
    )  # fmt: skip


def _is_in(units: Mapping[int | None, Any], unit_id: int | None, focus: Any) -> bool:
    return focus is None or (unit_id in units and units[unit_id].path.startswith(focus.path))


def _sums(counted: Iterable[Any], key: int) -> dict[Any, tuple[int, int, int]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in counted:
        found[row[key]].append(row)
    return {name: _total(group) for name, group in found.items()}


def _total(counted: Sequence[Any]) -> tuple[int, int, int]:
    asked, done, overdue = (sum(row[place] for row in counted) for place in (2, 3, 4))
    return asked, done, overdue


def _most_overdue(tally: Tally) -> tuple[int, str]:
    return -tally.overdue, tally.name


def _above(units: Mapping[int, Any], focus: Any) -> list[tuple[str, str]]:
    way = [int(part) for part in focus.path.strip("/").split("/")] if focus else []
    return [(units[key].code, units[key].name) for key in way if key in units]


def _by_unit(units: Mapping[int, Any], focus: Any, counted: Sequence[Any]) -> list[Tally]:
    """The units right below, each with all below it; what is in none of them stands together at the end."""
    tops = [row for row in units.values() if row.parent_id not in units]
    around = focus or (tops[0] if len(tops) == 1 else None)
    listed = [row for row in units.values() if row.parent_id == around.id] if around else tops
    under = {key: next((row.id for row in listed if unit.path.startswith(row.path)), None)
             for key, unit in units.items()}  # fmt: skip
    sums = _sums([(under.get(row[0]), *row[1:]) for row in counted], 0)
    parents = {row.parent_id for row in units.values()}
    tallies = [Tally(row.code, row.name, *sums[row.id], row.id in parents) for row in listed if row.id in sums]
    rest = [Tally("", "", *sums[None])] if None in sums else []
    return sorted(tallies, key=_most_overdue) + rest


def _months(session: Session, actor: Actor, unit: str) -> list[Month]:
    first, spans = actor.today + timedelta(days=1), []
    for _ in range(MONTHS):
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        spans.append((first, following - timedelta(days=1)))
        first = following
    wanted = RecordFilter(unit=unit, expires_from=spans[0][0], expires_to=spans[-1][1])
    days = rows(session, _expiring(actor, wanted))
    return [Month(*span, sum(n for day, n in days if span[0] <= day <= span[1])) for span in spans]


@lru_cache(maxsize=256)
def _units(actor: Actor) -> Executable:
    columns = OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.path, OrgUnit.parent_id
    return select(*columns).where(reaches_unit(actor, ACTION)).order_by(OrgUnit.path)


@lru_cache(maxsize=256)
def _counts(actor: Actor) -> Executable:
    """A row for each unit and course: how many were asked, are done, are overdue."""
    status, asked_of = status_on(TODAY), (Enrolment.person_id, Enrolment.course_id)
    each = (
        select(*asked_of, func.max(case((status.in_(DONE), 1), else_=0)).label("done"))
        .add_columns(func.max(case((is_overdue_on(TODAY), 1), else_=0)).label("overdue"))
        .join(Standing, Standing.enrolment_id == Enrolment.id).join(Person, Person.id == Enrolment.person_id)
        .where(Standing.reason != "own_choice", status != Status.WAIVED.value, reaches_person(actor, ACTION))
        .group_by(*asked_of).subquery("each")
    )  # fmt: skip
    return (
        select(Post.unit_id, each.c.course_id, func.count(), func.sum(each.c.done), func.sum(each.c.overdue))
        .select_from(each)
        .outerjoin(Post, and_(Post.person_id == each.c.person_id, Post.is_latest))
        .group_by(Post.unit_id, each.c.course_id)
    )


@lru_cache(maxsize=256)
def _expiring(actor: Actor, wanted: RecordFilter) -> Executable:
    counted = from_records(select(Standing.expires_on, func.count()))
    return counted.where(*in_scope(actor, ACTION, wanted)).group_by(Standing.expires_on)


@cache
def _courses() -> Executable:
    source = aliased(CourseText)
    return (
        select(Course.id, Course.code, func.coalesce(source.title, Course.code).label("title"))
        .outerjoin(CourseVersion, CURRENT_VERSION)
        .outerjoin(source, in_source_language(source))
    )
