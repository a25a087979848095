"""What HR's file changes, line by line, beside what is known now; nothing is written here.

The page's preview, `--dry-run` and the taking itself all rest on these lines: what is written later is what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.errors import N_, CellFault, NotFound
from lms.models import OrgUnit, PartnerOrganisation, Person, Post, new_ref
from lms.permissions import Actor, require
from lms.rules.people import display_name
from lms.rules.people_changes import KEYS, POST_CELLS, Change, plan_line
from lms.services.framework import current_references
from lms.services.import_lines import Line
from lms.services.known_people import SLICE, KnownPeople, State, slices, states
from lms.services.organisation import Organisation, plan_organisation
from lms.services.reporting import Reporting
from lms.services.scope import reaches_unit

if TYPE_CHECKING:
    from lms.content.people_file import PeopleFile, PeopleRow

# Where a cell is kept, as far as the cell's name is not the column's.
_KEPT: dict[str, tuple[Any, str]] = {
    **{name: (Person, name) for name in ("given_name", "family_name", *KEYS)},
    **{name: (Post, name) for name in POST_CELLS},
    **{f"unit_{name}": (OrgUnit, name) for name in ("code", "name", "tags")},
    **{f"partner_{name}": (PartnerOrganisation, name) for name in ("code", "name", "types")},
}


@dataclass(frozen=True)
class About:
    """Whom a file is about, who sent it, and whether it names everybody who is there."""

    today: date
    sent_by: int | None = None
    unit_id: int | None = None
    is_full: bool = False


@dataclass
class Counts:
    """What a file would do, as far as it was walked through."""

    rows: int = 0
    of: dict[str, int] = field(default_factory=dict)  # by Change
    makes_sender_manager: bool = False

    def add(self, line: Line) -> None:
        self.of[line.change] = self.of.get(line.change, 0) + 1


class Plan:
    """The plan of one file. `lines` walks through it; `faults` grows meanwhile."""

    def __init__(self, session: Session, file: PeopleFile, about: About, faults: list[CellFault]) -> None:
        self.session, self.file, self.about, self.faults = session, file, about, faults
        faults += _too_long(file)
        self.refused = {fault.line for fault in faults}
        unit = None if about.unit_id is None else _unit(session, about.unit_id)
        self.within: str = unit.code if unit else ""
        self.within_path: str = unit.path if unit else "/"
        self.organisation: Organisation = plan_organisation(session, file, faults, self.refused, self.within)
        self.refused |= {fault.line for fault in faults}
        roles = current_references(session, "roles").get("roles", {"functions": [], "roles": []})
        self.functions = {function["code"] for function in roles["functions"]}
        self.profiles = {role["code"] for role in roles["roles"]}
        self.counts = Counts()
        self.ids: dict[int, int] = {}  # line -> person, of those who are known
        self.refs: dict[int, str] = {}  # line -> the ref that a newcomer gets
        self.kinds: set[str] = set()

    def lines(self) -> Iterator[Line]:
        """Every line that changes something or is refused, in the order of the file, and those who leave by absence."""
        yield from self._numbered(self.organisation.lines)
        self._identify()
        reporting = Reporting(self)
        for part in slices(self.people(), SLICE):
            known = states(self.session, Person.id, [self.ids[row.line] for row in part if row.line in self.ids])
            for row in part:
                line = row.line not in self.refused and self._plan(row, known.get(self.ids.get(row.line, 0)), reporting)
                yield from self._numbered([line] if line else [])
        if self.about.is_full and not self.faults:
            yield from self._numbered(self._missing())
        yield from self._numbered(self.refused_lines())

    def _numbered(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            self.counts.add(line)
            if line.change is not Change.SAME:
                line.position = sum(self.counts.of.values())
                yield line

    def people(self) -> Iterator[PeopleRow]:
        """The rows that describe somebody."""
        return (row for row in self.file.rows if row.is_person and not row.too_many)

    def fault(self, row: PeopleRow, column: str, message: str, **params: str) -> None:
        """Refuse a row."""
        self.faults.append(self.file.fault(row, column, message, **params))
        self.refused.add(row.line)

    def _identify(self) -> None:
        """Who each row is: somebody known, or a newcomer."""
        lines: dict[int, int] = {}
        for part in slices(self.people(), SLICE):
            known = KnownPeople(self.session, part)
            for row in part:
                self.counts.rows += 1
                if row.line not in self.refused:
                    self._check_codes(row)
                if row.line in self.refused:
                    continue
                person = known.find(row)
                for column, message, params in known.contradictions(row):
                    self.fault(row, column, message, **params)
                if person is not None and lines.setdefault(person.id, row.line) != row.line:
                    column = next(key for key in KEYS if row[key])
                    self.fault(row, column, N_("is the person of line %(line)s"), line=str(lines[person.id]))
                if row.line in self.refused:
                    continue
                self.kinds.add(row.kind)
                if person is None:
                    self.refs[row.line] = new_ref()
                else:
                    self.ids[row.line] = person.id

    def _plan(self, row: PeopleRow, state: State | None, reporting: Reporting) -> Line | None:
        """What a row changes; None where it is refused on the way."""
        self._check_place(row, state)
        manager_ref, manager = reporting.change(row, state)
        planned = plan_line(
            {**row.cells, "person_type": row.kind}, self.file.columns, state.known if state else None,
            self.about.today, manager,
        )  # fmt: skip
        if planned.is_too_early:
            told = N_("a move takes effect on the day on which it is sent: send this line then")
            self.fault(row, "start_date", told)
        elif planned.fields and state is not None and state.id == self.about.sent_by:
            self.fault(row, KEYS[2], N_("this is your own record: ask a colleague to send this line"))
        elif planned.fields and state is not None and state.has_gone:
            told = N_("this record has gone into another one of the same person: write about that one, or part them")
            self.fault(row, next(key for key in KEYS if row[key]), told)
        name = state.name if state else display_name(row["given_name"], row["family_name"])[:400]
        if row.line in self.refused:
            return None
        self.counts.makes_sender_manager |= reporting.names_sender(manager_ref)
        return Line(
            row.line, planned.change, name, planned.fields, person_id=state.id if state else None,
            ref=state.ref if state else self.refs[row.line],
            begins_post=planned.begins_post, manager_ref=manager_ref,
        )  # fmt: skip

    def _check_codes(self, row: PeopleRow) -> None:
        for column, known in (("function", self.functions), ("role_profile", self.profiles)):
            if row[column] and row[column] not in known:
                told = N_("unknown code %(code)r: known are %(known)s")
                self.fault(row, column, told, code=row[column], known=", ".join(sorted(known)) or "-")
        for prefix in ("unit", "partner"):
            code = row[f"{prefix}_code"]
            if (prefix, code) in self.organisation.bad and row.line not in self.refused:
                self.fault(row, f"{prefix}_code", N_("%(code)r was refused in another line"), code=code)

    def _check_place(self, row: PeopleRow, state: State | None) -> None:
        """Both where somebody is and where they go lie below the unit that the file is about."""
        if not self.within or row.line in self.refused:
            return
        if state is not None and not state.unit_path.startswith(self.within_path):
            self.fault(row, "unit_code", N_("this person belongs to another office, which sends their lines"))
        elif self.within not in self.organisation.path(row["unit_code"]):
            told = N_("unit %(code)r is not below %(within)s, which this file is about")
            self.fault(row, "unit_code", told, code=row["unit_code"], within=self.within)

    def _missing(self) -> Iterator[Line]:
        """Who is there, of the kinds of people that the file holds, and does not stand in it."""
        mentioned, after = set(self.ids.values()), 0
        while found := self.session.execute(self._present().where(Person.id > after).limit(SLICE)).all():
            after = found[-1].id
            for person in found:
                if person.id not in mentioned and person.id != self.about.sent_by:
                    fields = {"end_date": ("", self.about.today.isoformat())}
                    yield Line(0, Change.LEAVING, person.display_name, fields, person_id=person.id, ref=person.ref)

    def _present(self) -> Any:
        query = select(Person.id, Person.ref, Person.display_name).order_by(Person.id)
        return query.where(Person.kind.in_(self.kinds), Person.id.in_(present(self.within_path, self.about.today)))

    def refused_lines(self) -> Iterator[Line]:
        """Every refused row with its first fault and its cells, so that it can be corrected and sent again."""
        first = dict[int, CellFault]()
        for fault in sorted(self.faults):
            first.setdefault(fault.line, fault)
        for row in self.file.rows if first else ():
            if row.line in first:
                fault = first.pop(row.line)
                name = display_name(row["given_name"], row["family_name"])[:400]
                yield Line(row.line, Change.REFUSED, name, column=fault.cell, reason=fault.template,
                           params=fault.params, cells=row.cells)  # fmt: skip


def present(path: str, today: date) -> Any:
    """The ids of those who hold a post at or below a place today."""
    held = select(Post.person_id).join(OrgUnit, OrgUnit.id == Post.unit_id)
    return held.where(
        Post.is_latest, or_(Post.ended_on.is_(None), Post.ended_on > today), OrgUnit.path.startswith(path)
    )


def find_unit(session: Session, actor: Actor, *, code: str) -> int:
    """The unit that a file is about. Raises NotFound."""
    require(actor, "people.import")
    number = session.scalar(select(OrgUnit.id).where(OrgUnit.code == code, reaches_unit(actor, "people.import")))
    if number is None:
        raise NotFound(N_("There is no unit with the code %(code)s."), code=code)
    return number


def _unit(session: Session, unit_id: int) -> Any:
    return session.execute(select(OrgUnit.code, OrgUnit.path).where(OrgUnit.id == unit_id)).one()


def _too_long(file: PeopleFile) -> Iterator[CellFault]:
    """The database could not even hold these while the others are looked for."""
    longest = {cell: model.__table__.c[name].type.length for cell, (model, name) in _KEPT.items()}
    for row in file.rows:
        for cell, most in longest.items():
            if len(row[cell]) > most:
                yield file.fault(row, cell, N_("longer than %(most)s characters"), most=str(most))
