"""HR's files of people on the pages: sent, explained, looked at, taken in or dropped; the history of all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import ImportFile, ImportLine, ImportStep, OrgUnit, PeopleImport, Person
from lms.permissions import Actor, reaches_all, require
from lms.rules.importing import State, Step, state_of
from lms.rules.people_changes import Change
from lms.rules.people_columns import NOT_TAKEN, guess_columns
from lms.rules.people_sheet import COLUMNS, REQUIRED, headers_of
from lms.services.import_lines import Line, forget_file, kept_line, select_lines
from lms.services.jobs import add_job
from lms.services.people import add_step, begin_import
from lms.services.scope import reaches_unit
from lms.services.writing import audit

READ, TAKE = "read_people", "take_people"  # kinds of jobs
LARGEST_FILE = 50 * 1024 * 1024
PAGE_SIZE = 50
SHOWN = tuple(change for change in Change if change is not Change.SAME)


@dataclass(frozen=True)
class ImportRow:
    """A file in the history."""

    ref: str
    sent_at: datetime
    sent_by: str | None  # nobody: the command line
    unit: str | None  # nobody's: everybody
    is_full: bool
    is_mine: bool
    steps: dict[str, dict[str, Any]] = field(repr=False)
    acts: list[tuple[str, datetime, str | None]]  # what happened, when, by whom

    @property
    def state(self) -> State:
        """What it waits for, or how it ended."""
        return state_of(self.steps)

    @property
    def counts(self) -> dict[str, int]:
        """How many lines of each Change it has."""
        counts: dict[str, int] = self.steps.get(Step.READ, {}).get("of", {})
        return counts

    @property
    def rows(self) -> int:
        """How many lines about people it has."""
        return int(self.steps.get(Step.READ, {}).get("rows", 0))

    @property
    def waits_for(self) -> list[str]:
        """Why a second person has to approve it: `share`, `sender_manages`."""
        why: list[str] = self.steps.get(Step.READ, {}).get("waits_for", [])
        return why

    @property
    def done(self) -> dict[str, Any]:
        """What was written: added, changed, unchanged, late."""
        return self.steps.get(Step.DONE, {})

    @property
    def faults(self) -> list[tuple[int, str, dict[str, str]]]:
        """Of a file that cannot be read: line, reason and its values."""
        return [(line, why, params) for line, why, params in self.steps.get(Step.UNREADABLE, {}).get("faults", [])]

    @property
    def may_take(self) -> bool:
        """Whether its sender can have it taken in: somebody is changed, and a full file has no refused line."""
        refused = self.counts.get(Change.REFUSED, 0)
        changes = sum(self.counts.values()) - refused - self.counts.get(Change.SAME, 0)
        return self.state is State.READY and self.is_mine and bool(changes) and not (self.is_full and refused)


def list_units(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the units about which the actor may send a file; the whole organisation first, as an empty
    code, for those who may."""
    require(actor, "people.import")
    found = session.execute(
        select(OrgUnit.code, OrgUnit.name).where(reaches_unit(actor, "people.import")).order_by(OrgUnit.path)
    )
    return [(code, f"{name} ({code})") for code, name in found]


def send_file(
    session: Session, actor: Actor, *, body: bytes, unit_code: str, is_full: bool, invites: bool
) -> tuple[str, bool]:
    """Keep a file until it is read; returns its name, and whether its headers have to be explained first.

    Raises Invalid with a text for each field.
    """
    require(actor, "people.import")
    headers, fields = headers_of(body), dict[str, str]()
    if not body or len(body) > LARGEST_FILE:
        fields["file"] = N_("Choose a CSV file of up to 50 MB.")
    elif not headers:
        fields["file"] = N_("Its first line is no header: save it as 'CSV UTF-8', with a name for every column.")
    reached = reaches_unit(actor, "people.import")
    unit_id = session.scalar(select(OrgUnit.id).where(OrgUnit.code == unit_code, reached)) if unit_code else None
    if unit_id is None and (unit_code or not reaches_all(actor, "people.import")):
        fields["unit"] = N_("Choose a unit in your scope.")
    if fields:
        raise Invalid(N_("The file was not sent."), fields)
    ref = begin_import(session, actor, file_hash="", unit_id=unit_id, is_full=is_full, invites=invites)
    import_id = select(PeopleImport.id).where(PeopleImport.ref == ref)
    session.add(ImportFile(import_id=session.scalars(import_id).one(), body=body))
    audit(session, actor, "people.send_file", "import", ref)
    named = [name for name in headers if name not in NOT_TAKEN]
    if set(named) <= set(COLUMNS) and set(REQUIRED) <= set(named):
        _explain(session, actor, ref, {name: name for name in named})
        return ref, False
    return ref, True


@dataclass(frozen=True)
class Columns:
    """The headers of a file that waits for their meaning, each with what it is taken for."""

    ref: str
    guessed: dict[str, str]


def get_columns(session: Session, actor: Actor, *, ref: str) -> Columns:
    """What the headers of one's own file may mean. Raises NotFound, or Conflict when that was said already."""
    row = _own(session, actor, ref)
    if row.state is not State.COLUMNS:
        raise Conflict(N_("The columns of this file are chosen already."))
    body = session.scalars(select(ImportFile.body).join(PeopleImport).where(PeopleImport.ref == ref)).one()
    before = (
        select(ImportStep.data).where(ImportStep.by_id == actor.person_id, ImportStep.kind == Step.MAPPED)
        .order_by(ImportStep.id.desc()).limit(1)
    )  # fmt: skip
    remembered = (session.scalar(before) or {}).get("columns", {})
    headers = [name for name in headers_of(body) if name not in NOT_TAKEN]
    return Columns(ref, guess_columns(headers, COLUMNS, remembered))


def choose_columns(session: Session, actor: Actor, *, ref: str, chosen: Mapping[str, str]) -> None:
    """Say what each header means (empty: left out); a worker reads the file then. Raises Invalid with a text for each
    header, NotFound, Conflict."""
    headers = get_columns(session, actor, ref=ref).guessed
    columns = {header: chosen.get(header, "") for header in headers}
    taken = [name for name in columns.values() if name]
    fields = {
        header: N_("Another header means the same: choose one of them.")
        for header, name in columns.items()
        if name and taken.count(name) > 1
    }
    fields |= {header: N_("Choose.") for header, name in columns.items() if name and name not in COLUMNS}
    if missing := [name for name in REQUIRED if name not in taken]:
        fields[""] = N_("Needed, and meant by no header: %(names)s")
        raise Invalid(N_("The columns were not taken."), fields, names=", ".join(missing))
    if fields:
        raise Invalid(N_("The columns were not taken."), fields)
    _explain(session, actor, ref, columns)


def _explain(session: Session, actor: Actor, ref: str, columns: dict[str, str]) -> None:
    add_step(session, actor, ref, Step.MAPPED, {"columns": columns})
    add_job(session, READ, {"import": ref}, actor.at)


def list_imports(session: Session, actor: Actor, *, page: int = 1) -> tuple[list[ImportRow], bool]:
    """The history in the actor's scope, newest first, and whether there is more. Two queries."""
    require(actor, "people.import")
    wanted = _imports(actor).order_by(PeopleImport.id.desc()).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)
    rows = _with_steps(session, actor, session.execute(wanted).all())
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def get_import(session: Session, actor: Actor, *, ref: str) -> ImportRow:
    """One file with what happened to it. Raises NotFound."""
    require(actor, "people.import")
    found = session.execute(_imports(actor).where(PeopleImport.ref == ref)).all()
    if not found:
        raise NotFound()
    return _with_steps(session, actor, found)[0]


def list_lines(
    session: Session, actor: Actor, *, ref: str, change: str = "", page: int = 1, size: int | None = PAGE_SIZE
) -> list[Line]:
    """The differences of a file in scope, all or those of one Change; of size None all of them."""
    require(actor, "people.import")
    number = session.scalar(_imports(actor).with_only_columns(PeopleImport.id).where(PeopleImport.ref == ref))
    if number is None:
        raise NotFound()
    query = select_lines(number)
    if change in SHOWN:
        query = query.where(ImportLine.change == change)
    if size is not None:
        query = query.limit(size).offset((page - 1) * size)
    return [kept_line(row) for row in session.execute(query)]


def _imports(actor: Actor) -> Any:
    sender = aliased(Person)
    return (
        select(PeopleImport.id, PeopleImport.ref, PeopleImport.sent_at, PeopleImport.sent_by, PeopleImport.is_full)
        .add_columns(sender.display_name, OrgUnit.name.label("unit"))
        .outerjoin(sender, sender.id == PeopleImport.sent_by).outerjoin(OrgUnit, OrgUnit.id == PeopleImport.unit_id)
        .where(_in_scope(actor))
    )  # fmt: skip


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    """A condition on `PeopleImport` outer-joined to OrgUnit: whoever may send a file about these people sees it."""
    whole = and_(PeopleImport.unit_id.is_(None), literal(True) if reaches_all(actor, "people.import") else false())
    return or_(whole, and_(PeopleImport.unit_id.is_not(None), reaches_unit(actor, "people.import")))


def _with_steps(session: Session, actor: Actor, found: Sequence[Any]) -> list[ImportRow]:
    steps: dict[int, list[Any]] = {row.id: [] for row in found}
    query = (
        select(ImportStep.import_id, ImportStep.kind, ImportStep.at, ImportStep.data, Person.display_name)
        .outerjoin(Person, Person.id == ImportStep.by_id)
        .where(ImportStep.import_id.in_(steps)).order_by(ImportStep.id)
    )  # fmt: skip
    for step in session.execute(query):
        steps[step.import_id].append(step)
    return [
        ImportRow(
            row.ref, row.sent_at, row.display_name, row.unit, row.is_full, row.sent_by == actor.person_id,
            {step.kind: step.data for step in steps[row.id]},
            [(step.kind, step.at, step.display_name) for step in steps[row.id]],
        )
        for row in found
    ]  # fmt: skip


def _own(session: Session, actor: Actor, ref: str) -> ImportRow:
    row = get_import(session, actor, ref=ref)
    if not row.is_mine:
        raise Forbidden(N_("Somebody else has sent this file. It is theirs to explain and to have taken in."))
    return row


def take_file(session: Session, actor: Actor, *, ref: str) -> State:
    """Have one's own file taken in: what its preview says, and of its lines the sound ones. Where it moves or ends
    many, it waits for a second person. Raises NotFound, Forbidden, Conflict."""
    row = _own(session, actor, ref)
    if not row.may_take:
        raise Conflict(N_("This file cannot be taken in as it is now. Look at it again."))
    return _go_on(session, actor, row, Step.TAKEN)


def approve_file(session: Session, actor: Actor, *, ref: str) -> State:
    """Let a colleague's file that waits be taken in. Raises NotFound, Forbidden (one's own), Conflict."""
    row = get_import(session, actor, ref=ref)
    if row.is_mine:
        raise Forbidden(N_("You have sent this file yourself: somebody else has to approve it."))
    if row.state is not State.WAITING:
        raise Conflict(N_("This file does not wait for an approval."))
    return _go_on(session, actor, row, Step.APPROVED)


def _go_on(session: Session, actor: Actor, row: ImportRow, step: Step) -> State:
    add_step(session, actor, row.ref, step)
    audit(session, actor, f"people.{step}", "import", row.ref)
    state = state_of({**row.steps, step: {}})
    if state is State.TAKING:
        add_job(session, TAKE, {"import": row.ref}, actor.at)
    return state


def drop_file(session: Session, actor: Actor, *, ref: str) -> None:
    """Leave a file that was not taken in yet: its sender, or whoever may approve it. Raises NotFound, Conflict."""
    row = get_import(session, actor, ref=ref)
    if row.state not in (State.COLUMNS, State.READY, State.WAITING):
        raise Conflict(N_("This file is being read or was taken in already. Nothing was changed."))
    if not row.is_mine and row.state is not State.WAITING:
        raise Forbidden(N_("Somebody else has sent this file. It is theirs to explain and to have taken in."))
    add_step(session, actor, ref, Step.DROPPED)
    forget_file(session, ref)
    audit(session, actor, "people.drop_file", "import", ref)
