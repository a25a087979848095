"""Where HR starts: what was asked and is overdue, by unit and by course, and what stops counting in which month.

A person counts once for each course that somebody asked of them, whatever the number of periods.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import CURRENT_VERSION, Course, CourseText, CourseVersion, OrgUnit, UnitTally, in_source_language
from lms.permissions import Actor, require
from lms.services.scope import of_the_day, reaches_unit, rows
from lms.services.tallies import count_now, read_kept, spans

ACTION = "records.oversee"


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
    counted_at: datetime | None  # None: just now

    @property
    def expiring(self) -> int:
        """How many stop counting in all the months."""
        return sum(month.count for month in self.months)

    @property
    def most(self) -> Month:
        """The month in which the most do."""
        return max(self.months, key=lambda month: month.count)


def get_overview(session: Session, actor: Actor, *, unit: str = "") -> Overview:
    """The figures of a unit in scope (its code), or of all; NotFound for another unit. Three or four queries."""
    require(actor, ACTION)
    day = of_the_day(actor)
    units: dict[Any, Any] = {row.id: row for row in rows(session, _units(day))}
    focus = next((row for row in units.values() if row.code == unit), None)
    if unit and focus is None:
        raise NotFound()
    is_kept = any(row.is_kept for row in units.values())
    found = read_kept(session, actor) if is_kept else count_now(session, actor)
    counted = [row for row in found.courses if _is_in(units, row[0], focus)]
    courses = {row.id: row for row in rows(session, _courses())}
    by_course = [Tally(courses[key].code, courses[key].title, *sums) for key, sums in _sums(counted, 1).items()]
    return Overview(
        unit, _above(units, focus), Tally("", "", *_total(counted)), _by_unit(units, focus, counted),
        sorted(by_course, key=_most_overdue),
        _months(actor, [row for row in found.months if _is_in(units, row[0], focus)]),
        found.at if is_kept else None,
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


def _months(actor: Actor, expiring: Iterable[tuple[int | None, str, int]]) -> list[Month]:
    numbers: dict[str, int] = defaultdict(int)
    for _, month, number in expiring:
        numbers[month] += number
    return [Month(*span, numbers[f"{span[0]:%Y-%m}"]) for span in spans(actor.today)]


@lru_cache(maxsize=256)
def _units(actor: Actor) -> Executable:
    is_kept = select(func.max(UnitTally.counted_at)).scalar_subquery().is_not(None).label("is_kept")
    columns = OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.path, OrgUnit.parent_id
    return select(*columns, is_kept).where(reaches_unit(actor, ACTION)).order_by(OrgUnit.path)


@cache
def _courses() -> Executable:
    source = aliased(CourseText)
    return (
        select(Course.id, Course.code, func.coalesce(source.title, Course.code).label("title"))
        .outerjoin(CourseVersion, CURRENT_VERSION)
        .outerjoin(source, in_source_language(source))
    )
