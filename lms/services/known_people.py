"""Finds the people whom the lines of HR's file may mean, by each of the keys that HR may use; and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_
from lms.models import OrgUnit, PartnerOrganisation, Person, Post, ReportingLine
from lms.rules.people import email_key
from lms.rules.people_changes import KEYS, POST_CELLS, Known

if TYPE_CHECKING:
    from lms.content.people_file import PeopleRow

SLICE = 500
_COLUMNS = (Person.employee_number, Person.external_ref, Person.email_key)


def slices(things: Iterable[Any], size: int = SLICE) -> Iterator[list[Any]]:
    """The things, some at a time."""
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part


def key_of(column: str, cell: str) -> str:
    """A cell as people are found by it."""
    return email_key(cell) if column == "work_email" else cell


class KnownPeople:
    """The people whom the rows (or cells by column) may mean, by each of their keys."""

    def __init__(self, session: Session, rows: Sequence[PeopleRow | Mapping[str, str]]) -> None:
        self._by_key: dict[str, dict[str, Any]] = {column: {} for column in KEYS}
        for part in slices(rows):
            for person in session.execute(_keys_query(part)):
                for column, key in zip(KEYS, person[2:], strict=True):
                    if key:
                        self._by_key[column][key] = person

    def _holder(self, row: PeopleRow | Mapping[str, str], column: str) -> Any:
        return self._by_key[column].get(key_of(column, row[column]))

    def find(self, row: PeopleRow | Mapping[str, str]) -> Any:
        """Id, ref and keys, by number first, then by reference, then by e-mail; or None."""
        return next((person for column in KEYS if (person := self._holder(row, column))), None)

    def contradictions(self, row: PeopleRow) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Column and reason for each key of the row that is another person's than the one found."""
        person = self.find(row)
        for column in KEYS:
            if self._holder(row, column) not in (None, person):
                yield column, N_("%(value)r belongs to somebody else already"), {"value": row[column]}
        number = row["employee_number"]
        if person is not None and number and person.employee_number not in (None, number):
            # An address that was given on to a newcomer must not give them the learning record with it.
            told = N_("the person with this e-mail has the number %(number)r")
            if self._holder(row, "external_ref") is person:
                told = N_("the person with this reference has the number %(number)r")
            yield "employee_number", told, {"number": person.employee_number}


def _keys_query(rows: Sequence[PeopleRow | Mapping[str, str]]) -> Any:
    keys = [[key_of(name, row[name]) for row in rows if row[name]] for name in KEYS]
    held = [column.in_(some) for column, some in zip(_COLUMNS, keys, strict=True) if some]
    return select(Person.id, Person.ref, *_COLUMNS).where(or_(*held) if held else Person.id.is_(None))


@dataclass(frozen=True, slots=True)
class State:
    """Somebody in the records: as the file would say it, and what writing needs beside."""

    id: int
    ref: str
    name: str
    known: Known
    unit_path: str
    manager_id: int | None
    manager_name: str
    has_gone: bool  # into another record of the same person


def states(session: Session, column: Any, keys: Iterable[Any]) -> dict[Any, State]:
    """How people stand, by `column` (Person.id or Person.ref)."""
    found: dict[Any, State] = {}
    for part in slices(keys, 2 * SLICE):
        for row in session.execute(_states().where(column.in_(part))):
            found[getattr(row, column.key)] = _state(row)
    return found


def _states() -> Any:
    manager = aliased(Person)
    return (
        select(
            Person.id, Person.ref, Person.display_name, Person.kind, Person.given_name, Person.family_name,
            *_COLUMNS[:2], Person.work_email, Person.language, Person.holder_id, Post.id.label("post_id"),
            *(getattr(Post, name) for name in POST_CELLS),
            Post.started_on, Post.ended_on, OrgUnit.code.label("unit_code"), OrgUnit.path.label("unit_path"),
            PartnerOrganisation.code.label("partner_code"), ReportingLine.manager_id,
            manager.display_name.label("manager_name"),
        )
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .outerjoin(PartnerOrganisation, PartnerOrganisation.id == Post.partner_id)
        .outerjoin(ReportingLine, and_(ReportingLine.person_id == Person.id, ReportingLine.ended_on.is_(None)))
        .outerjoin(manager, manager.id == ReportingLine.manager_id)
    )  # fmt: skip


def _state(row: Any) -> State:
    named = ("given_name", "family_name", *KEYS, "language", "unit_code", "partner_code", *POST_CELLS)
    cells = {name: getattr(row, name) or "" for name in named} | {"person_type": row.kind}
    cells["start_date"] = row.started_on.isoformat() if row.started_on else ""
    cells["end_date"] = row.ended_on.isoformat() if row.ended_on else ""
    known = Known(cells, row.post_id is not None)
    return State(
        row.id, row.ref, row.display_name, known, row.unit_path or "", row.manager_id, row.manager_name or "",
        row.holder_id is not None,
    )  # fmt: skip
