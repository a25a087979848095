"""Whom the lines of HR's file name as managers: known people and newcomers of the file, never in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from lms.errors import N_
from lms.models import Person, ReportingLine
from lms.rules.people import display_name, email_key
from lms.services.known_people import State, slices, states

if TYPE_CHECKING:
    from lms.content.people_file import PeopleRow
    from lms.services.people_plan import Plan

_NOBODY = ("", "", "")


class Reporting:
    """Managers by the keys of the file. People are numbers: of the known their ids, of newcomers minus their lines."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._is_given = plan, "manager" in plan.file.columns
        self._by_key: dict[str, int] = {}
        self._told: dict[int, tuple[str, str, str]] = {}  # number -> ref, name, partner
        self._managers: dict[int, int] = {}
        self._loops: set[int] = set()
        self._sender_ref = ""
        if self._is_given:
            self._find(sorted({row["manager"] for row in plan.people() if row["manager"]}))
            self._draw_lines()

    def _number(self, line: int) -> int:
        return self._plan.ids.get(line, -line)

    def _find(self, keys: list[str]) -> None:
        """By e-mail, then reference, then number: the last one wins, of the records and of the file."""
        session, plan = self._plan.session, self._plan
        emails = {email_key(key) for key in keys}
        found: dict[str, dict[str, int]] = {"work_email": {}, "external_ref": {}, "employee_number": {}}
        columns = {"work_email": Person.email_key, "external_ref": Person.external_ref,
                   "employee_number": Person.employee_number}  # fmt: skip
        for name, column in columns.items():
            for part in slices(sorted(emails) if name == "work_email" else keys):
                rows = session.execute(select(column, Person.id).where(column.in_(part)))
                found[name] |= {str(key): number for key, number in rows}
        held = {name: {number: key for key, number in some.items()} for name, some in found.items()}
        for row in plan.people():
            if row.line in plan.refused:
                continue
            number = self._number(row.line)
            for name, some in found.items():
                key = email_key(row[name]) if name == "work_email" else row[name]
                if key and held[name].get(number, key) != key:  # theirs no longer
                    some.pop(held[name].pop(number), None)
                if key and key in (emails if name == "work_email" else keys):
                    some[key] = number
        self._by_key = found["work_email"] | found["external_ref"] | found["employee_number"]
        self._tell()

    def _tell(self) -> None:
        """Ref, name and partner of each manager, as they will be."""
        wanted = set(self._by_key.values())
        known = states(self._plan.session, Person.id, sorted(n for n in wanted if n > 0))
        for state in known.values():
            self._told[state.id] = (state.ref, state.name, state.known.cells["partner_code"])
            self._sender_ref = state.ref if state.id == self._plan.about.sent_by else self._sender_ref
        for row in self._plan.people():
            number = self._number(row.line)
            if number in wanted and row.line not in self._plan.refused:
                ref, name, partner = self._told.get(number, _NOBODY)
                names = row["given_name"], row["family_name"]
                cells = known[number].known.cells if number in known else {}
                if names != (cells.get("given_name"), cells.get("family_name")):
                    name = display_name(*names)[:400]
                given = row["partner_code"] if "partner_code" in self._plan.file.columns else partner
                self._told[number] = (ref or self._plan.refs[row.line], name, given)

    def _draw_lines(self) -> None:
        query = select(ReportingLine.person_id, ReportingLine.manager_id).where(ReportingLine.ended_on.is_(None))
        self._managers = {row.person_id: row.manager_id for row in self._plan.session.execute(query)}
        for row in self._plan.people():
            if row.line not in self._plan.refused:
                number, manager = self._number(row.line), self._of(row)
                if manager and manager != number:
                    self._managers[number] = manager
                else:
                    self._managers.pop(number, None)
        self._loops = _loops(self._managers)

    def _of(self, row: PeopleRow) -> int | None:
        key = row["manager"]
        return (self._by_key.get(key) or self._by_key.get(email_key(key))) if key else None

    def change(self, row: PeopleRow, state: State | None) -> tuple[str | None, tuple[str, str] | None]:
        """The ref of the new manager (None: no change; empty: none any more), and the names before and after."""
        if not self._is_given or row.line in self._plan.refused:
            return None, None
        manager, number = self._of(row), self._number(row.line)
        if row["manager"] and manager is None:
            told = N_("nobody has the number, reference or e-mail %(value)r")
            self._plan.fault(row, "manager", told, value=row["manager"])
            return None, None
        if manager == number:
            self._plan.fault(row, "manager", N_("nobody is their own manager"))
        elif number in self._loops:
            self._plan.fault(row, "manager", N_("the reporting line leads back to this person"))
        ref, name, partner = self._told[manager] if manager else _NOBODY
        if partner and partner != self._partner(row, state):
            told = N_("%(value)r belongs to another partner organisation")
            self._plan.fault(row, "manager", told, value=row["manager"])
        before = state.manager_id if state else None
        if manager == before:
            return None, None
        return ref, (state.manager_name if state else "", name)

    def _partner(self, row: PeopleRow, state: State | None) -> str:
        if "partner_code" in self._plan.file.columns or state is None:
            return row["partner_code"]
        return state.known.cells["partner_code"]

    def names_sender(self, manager_ref: str | None) -> bool:
        """Whether somebody comes to report to whoever sent the file."""
        return bool(manager_ref and manager_ref == self._sender_ref)


def _loops(managers: dict[int, int]) -> set[int]:
    """Those whose line of managers leads back to themselves."""
    settled: set[int] = set()
    found: set[int] = set()
    for start in managers:
        way: dict[int, Any] = {}
        at: int | None = start
        while at is not None and at not in settled and at not in way:
            way[at] = len(way)
            at = managers.get(at)
        if at is not None and at in way:
            found |= {person for person, place in way.items() if place >= way[at]}
        settled |= set(way)
    return found
