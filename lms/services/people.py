"""Takes HR's file in: staged line by line, then made effective by one row, then written slice by slice.

`stage` and `take_step` are the steps of all ways in: a worker does them for a file that came by the page, the command
line does them itself, and `import_people` does them in the one transaction of its caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from lms.errors import N_, CellFault, Conflict, Fault, FaultyFile, NotFound
from lms.models import (
    ImportLine,
    ImportRun,
    ImportSlice,
    ImportStep,
    OrgUnit,
    PeopleImport,
    Person,
    Post,
    RoleGrant,
)
from lms.permissions import Actor, reaches_all, require
from lms.rules.importing import Step, is_effective
from lms.rules.people_changes import Change, is_large
from lms.services.announcing import invite_later
from lms.services.assignment_rules import apply_after_import
from lms.services.assignments import apply_unit_assignments
from lms.services.import_lines import (
    Line,
    forget_file,
    forget_lines,
    forget_strangers,
    keep_lines,
    kept_line,
    name_newcomers,
    select_lines,
)
from lms.services.known_people import SLICE, slices
from lms.services.organisation import write_organisation
from lms.services.people_plan import About, Plan, present
from lms.services.people_writing import Written, write_managers, write_people
from lms.services.scope import reaches_unit
from lms.services.writing import audit

if TYPE_CHECKING:
    from lms.content.people_file import PeopleFile

ORGANISATION, PEOPLE, MANAGERS, UNITS = range(4)  # phases of the taking, in their order
_PEOPLE = (Change.NEW, Change.CHANGED, Change.MOVED, Change.LEAVING, Change.REHIRED)
_TOLD_FAULTS = 50  # of a file that cannot be read at all
KEEP_STRANGERS = timedelta(days=90)  # the words of lines that are nobody's
HOLDERS = ("hr_officer", "administrator")


@dataclass(frozen=True)
class Imported:
    """What a file changed. `new_people` are (e-mail, name) of those who can be invited."""

    added: int
    changed: int
    unchanged: int
    new_people: list[tuple[str, str]]


def import_people(session: Session, actor: Actor, *, file: PeopleFile) -> Imported:
    """Take a file in, in this one transaction. Raises FaultyFile with every fault that shows only beside what is known
    already."""
    require(actor, "people.import")
    ref = begin_import(session, actor, file_hash=file.sha256, invites=False)
    plan = Plan(session, file, About(actor.today, actor.person_id), [])
    staging = Staging(plan, ref, percent=100)
    while staging.step(session, actor) is not None:
        pass
    if plan.faults:
        raise FaultyFile(N_("The file was not taken in: nothing has changed."), plan.faults)
    add_step(session, actor, ref, Step.TAKEN)
    while take_step(session, actor, payload={"import": ref}, after=0) is not None:
        pass
    return get_imported(session, ref)


def begin_import(
    session: Session, actor: Actor, *, file_hash: str, unit_id: int | None = None, is_full: bool = False,
    invites: bool = True,
) -> str:  # fmt: skip
    """A file that was sent; returns its public name."""
    require(actor, "people.import")
    reached = reaches_unit(actor, "people.import")
    is_whole = reaches_all(actor, "people.import")
    if not (is_whole if unit_id is None else session.scalar(select(OrgUnit.id).where(OrgUnit.id == unit_id, reached))):
        raise NotFound()
    made = PeopleImport(
        sent_by=actor.person_id, sent_at=actor.at, unit_id=unit_id, is_full=is_full, invites=invites,
        file_hash=file_hash,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.ref


def add_step(session: Session, actor: Actor, ref: str, kind: Step, data: dict[str, Any] | None = None) -> None:
    """Append what happened to a file; each kind happens once."""
    found = select(PeopleImport.id).where(PeopleImport.ref == ref)
    number = session.execute(found).scalar_one()
    step = ImportStep(import_id=number, kind=kind.value, by_id=actor.person_id, at=actor.at, data=data or {})
    session.add(step)
    session.flush()


def settle(session: Session, actor: Actor, *, ref: str, takes: bool) -> None:
    """Make a file of the command line effective, or drop it."""
    require(actor, "people.import")
    add_step(session, actor, ref, Step.TAKEN if takes else Step.DROPPED)


class Staging:
    """Writes down what a file would change, slice by slice, while the plan reads what is known in its own session."""

    def __init__(self, plan: Plan, ref: str, *, percent: int) -> None:
        self.plan, self._ref, self._percent = plan, ref, percent
        self._slices = slices(plan.lines(), SLICE)
        self._is_first = True

    def step(self, session: Session, actor: Actor, payload: Any = None, after: int = 0) -> int | None:
        """The next slice; at the end what came of it, and the file's bytes are gone. None when that is done."""
        import_id = session.execute(select(PeopleImport.id).where(PeopleImport.ref == self._ref)).scalar_one()
        if self._is_first:
            self._is_first = False
            forget_lines(session, import_id)
        part = next(self._slices, None)
        if part is not None:
            keep_lines(session, import_id, part)
            return after + 1
        add_step(session, actor, self._ref, Step.READ, self._told(session, actor))
        forget_file(session, self._ref)
        forget_strangers(session, actor.at - KEEP_STRANGERS)
        return None

    def _told(self, session: Session, actor: Actor) -> dict[str, Any]:
        """Counts, and why it waits for a second person (never for one that is not there)."""
        plan, counts = self.plan, self.plan.counts
        here = present(plan.within_path, plan.about.today).subquery()
        there = session.scalar(select(func.count()).select_from(here)) or 0
        moved, leaving = counts.of.get(Change.MOVED, 0), counts.of.get(Change.LEAVING, 0)
        why = ["share"] if is_large(moved=moved, leaving=leaving, present=there, percent=self._percent) else []
        why += ["sender_manages"] if counts.makes_sender_manager else []
        is_sent = plan.about.sent_by is not None
        waits = why if is_sent and _has_second(session, actor, plan) else []
        return {"rows": counts.rows, "of": counts.of, "present": there, "waits_for": waits}


def _has_second(session: Session, actor: Actor, plan: Plan) -> bool:
    """Whether somebody else could approve it: where only one person holds the role, nobody waits for nobody."""
    held = or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > actor.at)
    is_above = func.substr(plan.within_path, 1, func.length(OrgUnit.path)) == OrgUnit.path
    reaches = or_(RoleGrant.unit_id.is_(None), is_above)
    found = (
        select(RoleGrant.id).outerjoin(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(RoleGrant.role.in_(HOLDERS), held, reaches, RoleGrant.person_id != plan.about.sent_by)
    )  # fmt: skip
    return session.scalar(found.limit(1)) is not None


def refuse_file(session: Session, actor: Actor, *, ref: str, faults: Sequence[Fault]) -> None:
    """A file that cannot be read: why, and its bytes are gone."""
    require(actor, "jobs.work")
    cells = [fault for fault in faults if isinstance(fault, CellFault)]
    told = [[fault.line, fault.template, fault.params] for fault in cells[:_TOLD_FAULTS]]
    add_step(session, actor, ref, Step.UNREADABLE, {"faults": told})
    forget_file(session, ref)


def take_step(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> int | None:
    """Write the next slice of a file that was made effective; None when everything is written. Begun anew after a
    crash, it goes on where it was."""
    require(actor, "people.import")
    found = session.execute(
        select(PeopleImport.id, PeopleImport.ref, PeopleImport.invites, PeopleImport.file_hash).where(
            PeopleImport.ref == payload["import"]
        )
    ).first()
    if found is None:
        raise NotFound()
    happened = select(ImportStep.kind, ImportStep.data).where(ImportStep.import_id == found.id)
    steps = {step.kind: step.data for step in session.execute(happened)}
    if Step.DONE in steps:
        return None
    if not is_effective(steps):
        raise Conflict(N_("Nobody has had this file taken in. Nothing was changed."))
    phase, upto = _progress(session, found.id)
    for now in range(phase, UNITS + 1):
        last, data = _PHASES[now](session, actor, found, upto if now == phase else 0)
        if last:
            session.add(ImportSlice(import_id=found.id, phase=now, upto=last, data=data))
            session.flush()
            return after + 1
    _finish(session, actor, found, steps[Step.READ])
    return None


def _progress(session: Session, import_id: int) -> tuple[int, int]:
    reached = select(ImportSlice.phase, ImportSlice.upto).where(ImportSlice.import_id == import_id)
    row = session.execute(reached.order_by(ImportSlice.phase.desc(), ImportSlice.upto.desc()).limit(1)).first()
    return (row.phase, row.upto) if row else (ORGANISATION, 0)


def _lines(session: Session, import_id: int, after: int, *conditions: Any, most: int | None = SLICE) -> list[Line]:
    query = select_lines(import_id).where(ImportLine.position > after, *conditions)
    return [kept_line(row) for row in session.execute(query.limit(most))]


def _take_organisation(session: Session, _actor: Actor, found: Any, after: int) -> tuple[int, dict[str, Any]]:
    wanted = ImportLine.change.in_((Change.UNIT, Change.PARTNER))
    lines = _lines(session, found.id, after, wanted, most=None)  # a tree hangs together
    if lines:
        write_organisation(session, lines)
    return (lines[-1].position if lines else 0), {}


def _take_people(session: Session, actor: Actor, found: Any, after: int) -> tuple[int, dict[str, Any]]:
    lines = _lines(session, found.id, after, ImportLine.change.in_(_PEOPLE))
    done: Written = write_people(session, actor, lines)
    name_newcomers(session, found.id, lines)
    if found.invites and done.new_people:
        invite_later(session, actor, emails=[email for email, _name in done.new_people])
    data = {"added": done.added, "changed": done.changed, "late": done.late}
    return (lines[-1].position if lines else 0), data


def _take_managers(session: Session, actor: Actor, found: Any, after: int) -> tuple[int, dict[str, Any]]:
    lines = _lines(session, found.id, after, ImportLine.moves_manager)
    late = write_managers(session, actor, lines) if lines else []
    return (lines[-1].position if lines else 0), {"late": late}


def _take_units(session: Session, actor: Actor, found: Any, after: int) -> tuple[int, dict[str, Any]]:
    """People who came into a unit, or into whose unit's place something moved, get what is asked there."""
    came = (
        select(Post.unit_id).join(Person, Person.id == Post.person_id)
        .join(ImportLine, ImportLine.person_ref == Person.ref)
        .where(ImportLine.import_id == found.id, ImportLine.change.in_(_PEOPLE), Post.is_latest, Post.unit_id > after)
    )  # fmt: skip
    moved = select(OrgUnit.path).where(OrgUnit.code.in_(_moved_units(session, found.id)))
    paths = session.scalars(moved).all()
    is_below = or_(false(), *(OrgUnit.path.startswith(path) for path in paths))
    below = select(OrgUnit.id).where(is_below, OrgUnit.id > after)
    units = set(session.scalars(came.order_by(Post.unit_id).limit(1)))
    units |= set(session.scalars(below.order_by(OrgUnit.id).limit(1)))
    if not units:
        return 0, {}
    apply_unit_assignments(session, actor, unit_ids={min(units)})
    return min(units), {}


def _moved_units(session: Session, import_id: int) -> list[str]:
    lines = _lines(session, import_id, 0, ImportLine.change == Change.UNIT, most=None)
    return [line.code for line in lines if "unit_parent_code" in line.fields]


_PHASES = {ORGANISATION: _take_organisation, PEOPLE: _take_people, MANAGERS: _take_managers, UNITS: _take_units}


def _finish(session: Session, actor: Actor, found: Any, read: dict[str, Any]) -> None:
    data: dict[str, Any] = {"added": 0, "changed": 0, "unchanged": read["of"].get(Change.SAME, 0), "late": []}
    for (part,) in session.execute(select(ImportSlice.data).where(ImportSlice.import_id == found.id)):
        for name in ("added", "changed"):
            data[name] += part.get(name, 0)
        data["late"] += part.get("late", [])
    add_step(session, actor, found.ref, Step.DONE, data)
    run = ImportRun(
        ref=found.ref, at=actor.at, file_hash=found.file_hash, rows=read["rows"], people_added=data["added"],
        people_changed=data["changed"],
    )  # fmt: skip
    session.add(run)
    session.flush()
    apply_after_import(session, actor, run=found.ref)
    audit(session, actor, "people.import", "import", found.ref)


def get_imported(session: Session, ref: str) -> Imported:
    """What came of a file that is done. For the command line and its like; no permission of its own."""
    done = select(ImportStep.data).join(PeopleImport, PeopleImport.id == ImportStep.import_id)
    data = session.scalars(done.where(PeopleImport.ref == ref, ImportStep.kind == Step.DONE)).one()
    new = (
        select(Person.work_email, Person.display_name)
        .join(ImportLine, ImportLine.person_ref == Person.ref)
        .join(PeopleImport, PeopleImport.id == ImportLine.import_id)
        .where(PeopleImport.ref == ref, ImportLine.change == Change.NEW, Person.work_email.is_not(None))
    )  # fmt: skip
    people = [(str(email), name) for email, name in session.execute(new.order_by(Person.id))]
    return Imported(data["added"], data["changed"], data["unchanged"], people)
