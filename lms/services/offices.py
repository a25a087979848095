"""Where people work: the time zone and the closed days of their unit, or of the nearest above it that has some."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import N_, Fault, FaultyFile
from lms.models import ClosedDay, OrgUnit, Post
from lms.permissions import Actor, require
from lms.rules.reminding import Office, weekend_of
from lms.services.writing import audit, insert_new


def find_offices(session: Session, people: Sequence[int], at: datetime) -> dict[int, Office]:
    """The offices of people at a moment; who has no post is at work by UTC. Three queries."""
    known = _offices(session, at)
    posts = (
        select(Post.person_id, OrgUnit.path).join(OrgUnit, OrgUnit.id == Post.unit_id)
        .where(Post.is_latest, Post.person_id.in_(people))
    )  # fmt: skip
    found = {row.person_id: row.path for row in session.execute(posts)}
    return {person: known.get(found.get(person, ""), Office()) for person in people}


def open_offices(session: Session, at: datetime) -> dict[date, list[int | None]]:
    """The units whose people are at work at a moment, by their day there; None is who has no post. Two queries."""
    known: dict[int | None, Office] = {
        int(path.strip("/").split("/")[-1]): one for path, one in _offices(session, at).items()
    }
    found: dict[date, list[int | None]] = {}
    for unit, office in (known | {None: Office()}).items():
        if office.is_open(at):
            found.setdefault(office.local(at).date(), []).append(unit)
    return found


def is_open(session: Session, person_id: int, at: datetime) -> bool:
    """Whether the person is at work at this moment."""
    return find_offices(session, [person_id], at)[person_id].is_open(at)


def _offices(session: Session, at: datetime) -> dict[str, Office]:
    """By the paths of units. Of the closed days those about the moment, of which one is the office's today."""
    units = {
        row.id: row for row in session.execute(select(OrgUnit.id, OrgUnit.path, OrgUnit.time_zone, OrgUnit.country))
    }
    about = [at.date() + timedelta(days=days) for days in (-1, 0, 1)]
    closed: dict[int, set[date]] = {}
    for number, day in session.execute(select(ClosedDay.unit_id, ClosedDay.day).where(ClosedDay.day.in_(about))):
        closed.setdefault(number, set()).add(day)
    made = {}
    for unit in units.values():
        line = [units[int(part)] for part in unit.path.strip("/").split("/")]
        zone = next((one.time_zone for one in reversed(line) if one.time_zone), "UTC")
        country = next((one.country for one in reversed(line) if one.country), "")
        days = frozenset(day for one in line for day in closed.get(one.id, ()))
        made[unit.path] = Office(ZoneInfo(zone), weekend_of(country), days)
    return made


@dataclass(frozen=True)
class OfficeRow:
    """A line of the file of offices: the unit's time zone, or a day on which it and those below are closed."""

    line: int
    unit: str
    time_zone: str = ""
    closed_on: str = ""


def take_offices(session: Session, actor: Actor, *, rows: Sequence[OfficeRow], name: str) -> tuple[int, int]:
    """Set time zones and add closed days, all or nothing; returns how many of each are new. Raises FaultyFile."""
    require(actor, "people.import")
    codes = {unit.code: unit for unit in session.scalars(select(OrgUnit))}
    faults = [Fault(name, row.line, 1, why) for row in rows if (why := _fault(row, codes))]
    if faults:
        raise FaultyFile(N_("No office was changed."), faults)
    zones = 0
    for row in rows:
        if row.time_zone and codes[row.unit].time_zone != row.time_zone:
            codes[row.unit].time_zone = row.time_zone
            zones += 1
    days = [{"unit_id": codes[row.unit].id, "day": date.fromisoformat(row.closed_on)} for row in rows if row.closed_on]
    added = len(insert_new(session, ClosedDay, days, "day"))
    audit(session, actor, "people.offices", "file", name[:80])
    return zones, added


def _fault(row: OfficeRow, codes: dict[str, OrgUnit]) -> str:
    if row.unit not in codes:
        return f"there is no unit with the code {row.unit!r}"
    if row.time_zone and row.time_zone not in available_timezones():
        return f"{row.time_zone!r} is no time zone; write it as Africa/Nairobi"
    try:
        if row.closed_on:
            date.fromisoformat(row.closed_on)
    except ValueError:
        return f"{row.closed_on!r} is no day; write it as 2026-12-25"
    return "" if row.time_zone or row.closed_on else "neither a time zone nor a closed day is given"
