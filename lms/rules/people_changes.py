"""What a line of HR's file changes about somebody: cells as they stand now beside cells as the file says them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

# A change of one of these begins a new post; the others are corrected in place.
BEGINS_POST = ("unit_code", "partner_code", "function", "job_title")
POST_CELLS = ("department", "function", "role_profile", "job_title", "grade", "employment_status", "employment_type")
KEYS = ("employee_number", "external_ref", "work_email")
Fields = dict[str, tuple[str, str]]  # column -> before, after


class Change(StrEnum):
    """What a line does. The first two are no people's."""

    UNIT = "unit"
    PARTNER = "partner"
    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"  # another post or manager
    LEAVING = "leaving"
    REHIRED = "rehired"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Known:
    """How somebody stands in the records: by column of the file, empty where there is nothing."""

    cells: Mapping[str, str]
    has_post: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """What follows from a line. `is_too_early`: a move that has not come yet, which is sent on its day."""

    change: Change
    fields: Fields = field(default_factory=dict)
    begins_post: bool = False
    is_too_early: bool = False


def plan_line(
    row: Mapping[str, str], columns: Collection[str], known: Known | None, today: date,
    manager: tuple[str, str] | None = None,
) -> Planned:  # fmt: skip
    """What a sound line changes. `row` has the cells of `columns`, and `person_type`; a column that the file does not
    have says nothing. `manager`: the names before and after, where another one is named."""
    if known is None:
        fields: Fields = {name: ("", value) for name, value in _of_newcomer(row).items() if value}
        return Planned(Change.NEW, _with(fields, manager), begins_post=True)
    wanted, begins = _person_cells(row, columns), _begins_post(row, columns, known)
    wanted |= _post_cells(row, columns)
    starts = row.get("start_date", "")
    if begins and known.has_post and starts > today.isoformat():
        return Planned(Change.REFUSED, is_too_early=True)
    if begins:
        wanted["end_date"] = row.get("end_date", "")  # the end of the post before is not the end of this one
    before = known.cells
    fields = {name: (before.get(name, ""), value) for name, value in wanted.items() if before.get(name, "") != value}
    if begins and starts:
        fields["start_date"] = before.get("start_date", ""), starts  # of another post, though it be the same day
    fields = _with(fields, manager)
    return Planned(_change(fields, begins, known, today), fields, begins)


def _with(fields: Fields, manager: tuple[str, str] | None) -> Fields:
    return fields if manager is None else {**fields, "manager": manager}


def _of_newcomer(row: Mapping[str, str]) -> dict[str, str]:
    names = ("person_type", "given_name", "family_name", *KEYS, "unit_code", "partner_code", *POST_CELLS)
    values = {name: row.get(name, "") for name in (*names, "start_date", "end_date")}
    return values | {"language": row.get("language", "") or "en"}


def _person_cells(row: Mapping[str, str], columns: Collection[str]) -> dict[str, str]:
    values = {name: row[name] for name in ("given_name", "family_name")}
    if "person_type" in columns or "partner_code" in columns:
        values["person_type"] = row["person_type"]
    return values | {name: row[name] for name in KEYS if row.get(name)}


def _post_cells(row: Mapping[str, str], columns: Collection[str]) -> dict[str, str]:
    names = [name for name in (*POST_CELLS, "partner_code", "end_date") if name in columns]
    values = {name: row[name] for name in ("unit_code", *names)}
    return values | ({"start_date": row["start_date"]} if row.get("start_date") else {})


def _begins_post(row: Mapping[str, str], columns: Collection[str], known: Known) -> bool:
    """Other work, or back after the end of the last post."""
    ended, starts = known.cells.get("end_date", ""), row.get("start_date", "")
    is_back = bool(ended and starts >= ended)
    named = [name for name in BEGINS_POST if name in columns]
    return not known.has_post or is_back or any(known.cells.get(name, "") != row[name] for name in named)


def _change(fields: Fields, begins: bool, known: Known, today: date) -> Change:
    if not fields:
        return Change.SAME
    ended, now = known.cells.get("end_date", ""), today.isoformat()
    is_gone = bool(ended and ended <= now)
    ends = fields.get("end_date", (ended, ended))[1]
    if is_gone and (begins or not ends or ends > now):
        return Change.REHIRED
    if ends and not ended and not begins:
        return Change.LEAVING
    if "manager" in fields or (begins and known.has_post):
        return Change.MOVED
    return Change.CHANGED


def is_large(*, moved: int, leaving: int, present: int, percent: int) -> bool:
    """Whether a file moves or ends more than a share of the people whom it could reach."""
    return (moved + leaving) * 100 > present * percent
