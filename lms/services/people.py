"""Takes HR's file in: units, partners, people, posts and reporting lines; all of it or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.content.people_file import PeopleFile, PeopleRow
from lms.errors import N_, Fault, FaultyFile
from lms.models import ImportRun, OrgUnit, PartnerOrganisation, Person, Post, ReportingLine
from lms.permissions import Actor, require
from lms.rules.people import display_name, email_key
from lms.services.assignment_rules import apply_after_import
from lms.services.assignments import apply_unit_assignments
from lms.services.framework import current_references
from lms.services.known_people import KEYS, KnownManagers, KnownPeople
from lms.services.organisation import Organisation, take_organisation
from lms.services.writing import audit

_SLICE = 500
# A change of one of these begins a new post; the others are corrected in place.
_NEW_POST = ("unit_id", "partner_id", "function", "job_title")
_POST_CELLS = ("department", "function", "role_profile", "job_title", "grade", "employment_status", "employment_type")
# Where a cell is kept, as far as the cell's name is not the column's.
_KEPT: dict[str, tuple[Any, str]] = {
    **{name: (Person, name) for name in ("given_name", "family_name", *KEYS)},
    **{name: (Post, name) for name in _POST_CELLS},
    **{f"unit_{name}": (OrgUnit, name) for name in ("code", "name", "tags")},
    **{f"partner_{name}": (PartnerOrganisation, name) for name in ("code", "name", "types")},
}


@dataclass(frozen=True)
class Imported:
    """What a file changed. `new_people` are (e-mail, name) of those who can be invited."""

    added: int
    changed: int
    unchanged: int
    new_people: list[tuple[str, str]]


def import_people(session: Session, actor: Actor, *, file: PeopleFile) -> Imported:
    """Take the file in. Raises FaultyFile with every fault that shows only beside what is known already."""
    require(actor, "people.import")
    faults = list(_too_long(file))
    if faults:  # the database could not even hold them while the others are looked for
        raise FaultyFile(N_("The file was not taken in: nothing has changed."), faults)
    organisation = take_organisation(session, file, faults)
    taking = _Taking(session, actor, file, organisation, faults)
    taking.take_people()
    taking.take_managers()
    if faults:
        raise FaultyFile(N_("The file was not taken in: nothing has changed."), faults)
    if entered := taking.units_entered | organisation.moved:
        apply_unit_assignments(session, actor, unit_ids=entered)
    run = ImportRun(
        at=actor.at, file_hash=file.sha256, rows=len(file.rows), people_added=len(taking.added),
        people_changed=len(taking.changed - taking.added),
    )  # fmt: skip
    session.add(run)
    session.flush()
    apply_after_import(session, actor, run=run.ref)
    audit(session, actor, "people.import", "import", run.ref)
    people = sum(1 for row in file.rows if row.is_person)
    new = [(p.work_email, p.display_name) for p in taking.people.values() if p.id in taking.added and p.work_email]
    changed = len(taking.changed - taking.added)
    return Imported(len(taking.added), changed, people - len(taking.added) - changed, new)


class _Taking:
    """The state of one import: people by line, and who was added or changed."""

    def __init__(
        self, session: Session, actor: Actor, file: PeopleFile, organisation: Organisation, faults: list[Fault]
    ) -> None:
        self.session, self.actor, self.file, self.faults = session, actor, file, faults
        self.organisation = organisation
        self.rows = [row for row in file.rows if row.is_person]
        roles = current_references(session, "roles").get("roles", {"functions": [], "roles": []})
        self.functions = {function["code"] for function in roles["functions"]}
        self.profiles = {role["code"] for role in roles["roles"]}
        self.people: dict[int, Person] = {}
        self.added: set[int] = set()
        self.changed: set[int] = set()
        self.units_entered: set[int] = set()

    def fault(self, row: PeopleRow, column: str, message: str) -> None:
        self.faults.append(self.file.fault(row, column, message))

    def take_people(self) -> None:
        known, lines, new = KnownPeople(self.session, self.rows), dict[int, int](), list[Person]()
        for row in self.rows:
            person = known.find(row)
            wrong = list(known.contradictions(row))
            if person is not None and lines.setdefault(person.id, row.line) != row.line:
                wrong.append((next(key for key in KEYS if row[key]), f"is the person of line {lines[person.id]}"))
            for column, message in wrong:
                self.fault(row, column, message)
            if wrong:
                continue
            if person is None:
                person = Person(created_at=self.actor.at, changed_at=self.actor.at, language=row["language"] or "en")
                self._write_person(person, row)
                new.append(person)
            elif self._write_person(person, row):
                self.changed.add(person.id)
            self.people[row.line] = person
        self.session.add_all(new)
        self.session.flush()
        self.added = {person.id for person in new}
        self._take_posts()

    def _write_person(self, person: Person, row: PeopleRow) -> bool:
        values: dict[str, Any] = {"given_name": row["given_name"], "family_name": row["family_name"]}
        if person.id is None or {"person_type", "partner_code"} & set(self.file.columns):
            values["kind"] = row.kind
        if any(getattr(person, name) != values[name] for name in ("given_name", "family_name")):
            # Only a new name from HR replaces the one that the person chose to be called by.
            values["display_name"] = display_name(row["given_name"], row["family_name"])[:400]
        for column in ("employee_number", "external_ref"):
            if row[column]:
                values[column] = row[column]
        if row["work_email"]:
            values |= {"work_email": row["work_email"], "email_key": email_key(row["work_email"])}
        return self._write(person, person, values)

    def _write(self, person: Person, target: Any, values: dict[str, Any]) -> bool:
        """Set what differs; the person's `changed_at` moves with any change of theirs."""
        differing = {name: value for name, value in values.items() if getattr(target, name) != value}
        for name, value in differing.items():
            setattr(target, name, value)
        if differing:
            person.changed_at = self.actor.at
        return bool(differing)

    def _take_posts(self) -> None:
        ids = [person.id for person in self.people.values()]
        posts: dict[int, Post] = {}
        for start in range(0, len(ids), _SLICE):
            query = select(Post).where(Post.is_latest, Post.person_id.in_(ids[start : start + _SLICE]))
            posts |= {post.person_id: post for post in self.session.scalars(query)}
        for row in self.rows:
            if row.line in self.people:
                self._take_post(row, self.people[row.line], posts.get(self.people[row.line].id))

    def _take_post(self, row: PeopleRow, person: Person, post: Post | None) -> None:
        for column, known in (("function", self.functions), ("role_profile", self.profiles)):
            if row[column] and row[column] not in known:
                self.fault(row, column, f"unknown code {row[column]!r}: known are {', '.join(sorted(known)) or 'none'}")
        values = self._post_values(row)
        if values["unit_id"] is None:
            return
        starts = _day(row["start_date"]) or self.actor.today
        if post is not None and not _begins_post(post, values):
            ended_on = post.ended_on
            if self._write(person, post, values):
                self.changed.add(person.id)
            if post.ended_on != ended_on:
                self.units_entered.add(post.unit_id)
            return
        if post is not None and starts > self.actor.today:
            self.fault(row, "start_date", "a move takes effect on the day on which it is sent: send this line then")
            return
        if post is not None:
            values = {name: getattr(post, name) for name in (*_POST_CELLS, "partner_id")} | values
            post.is_latest = False
            post.ended_on = post.ended_on or max(post.started_on, starts)
            self.session.flush()
        self.session.add(Post(person_id=person.id, is_latest=True, **{"started_on": starts, **values}))
        person.changed_at = self.actor.at
        self.changed.add(person.id)
        self.units_entered.add(values["unit_id"])

    def _post_values(self, row: PeopleRow) -> dict[str, Any]:
        """What the file says of the post; a column that it does not have says nothing."""
        columns = self.file.columns
        values: dict[str, Any] = {name: row[name] for name in _POST_CELLS if name in columns}
        values["unit_id"] = self.organisation.units.get(row["unit_code"])
        if "partner_code" in columns:
            values["partner_id"] = self.organisation.partners.get(row["partner_code"])
        if "end_date" in columns:
            values["ended_on"] = _day(row["end_date"])
        if row["start_date"]:
            values["started_on"] = _day(row["start_date"])
        return values

    def take_managers(self) -> None:
        if "manager" not in self.file.columns:
            return
        self.session.flush()
        wanted = self._wanted_managers()
        query = select(ReportingLine.person_id, ReportingLine.manager_id).where(ReportingLine.ended_on.is_(None))
        held: dict[int, int | None] = {row.person_id: row.manager_id for row in self.session.execute(query)}
        managers = held | wanted
        for row in self.rows:
            if row.line in self.people and _is_loop(self.people[row.line].id, managers):
                self.fault(row, "manager", "the reporting line leads back to this person")
        if self.faults:
            return
        changed = [person for person in self.people.values() if held.get(person.id) != wanted.get(person.id)]
        self._end_lines([person.id for person in changed if person.id in held])
        for person in changed:
            if manager_id := wanted.get(person.id):
                line = ReportingLine(person_id=person.id, manager_id=manager_id, started_on=self.actor.today)
                self.session.add(line)
            person.changed_at = self.actor.at
            self.changed.add(person.id)

    def _end_lines(self, person_ids: list[int]) -> None:
        for start in range(0, len(person_ids), _SLICE):
            lines = ReportingLine.person_id.in_(person_ids[start : start + _SLICE])
            ends = update(ReportingLine).where(lines, ReportingLine.ended_on.is_(None))
            self.session.execute(ends.values(ended_on=self.actor.today))

    def _wanted_managers(self) -> dict[int, int | None]:
        known = KnownManagers(self.session, self.rows)
        wanted: dict[int, int | None] = {}
        for row in self.rows:
            if row.line not in self.people:
                continue
            found = known.find(row["manager"]) if row["manager"] else None
            if row["manager"] and found is None:
                self.fault(row, "manager", f"nobody has the number, reference or e-mail {row['manager']!r}")
            elif found == self.people[row.line].id:
                self.fault(row, "manager", "nobody is their own manager")
            wanted[self.people[row.line].id] = found
        return wanted


def _too_long(file: PeopleFile) -> Iterator[Fault]:
    longest = {cell: model.__table__.c[name].type.length for cell, (model, name) in _KEPT.items()}
    for row in file.rows:
        for cell, most in longest.items():
            if len(row[cell]) > most:
                yield file.fault(row, cell, f"longer than {most} characters")


def _begins_post(post: Post, values: dict[str, Any]) -> bool:
    """Other work, or back after the end of the last post."""
    starts = values.get("started_on")
    is_back = post.ended_on is not None and starts is not None and starts >= post.ended_on
    return is_back or any(getattr(post, name) != values[name] for name in _NEW_POST if name in values)


def _is_loop(person_id: int, managers: dict[int, int | None]) -> bool:
    seen, at = set(), managers.get(person_id)
    while at is not None and at not in seen:
        if at == person_id:
            return managers[person_id] != person_id
        seen.add(at)
        at = managers.get(at)
    return False


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
