"""Of whom an export held records, written down slice by slice by a job, and read by each of these people."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Executable, func, null, select
from sqlalchemy.orm import Session

from lms.models import Enrolment, ExportedPerson, ExportRun, Person, from_records
from lms.permissions import Actor, Grant, Role, require
from lms.services.jobs import add_job
from lms.services.records import RecordFilter, in_scope
from lms.services.scope import rows
from lms.services.writing import insert_missing

NOTE = "note_exported"  # the kind of job
SLICE = 2000  # people
SHOWN = 50
WITHOUT_PEOPLE = ("attempts_v1",)  # layouts of counts alone


def note_export(session: Session, run: ExportRun) -> None:
    """Let the worker write down whom the export is about; in the transaction in which it begins, so that one that
    breaks off is told too."""
    if run.layout not in WITHOUT_PEOPLE:
        add_job(session, NOTE, {"export": run.ref}, run.started_at)


def note_people(session: Session, actor: Actor, *, payload: Mapping[str, Any], after: int) -> int | None:
    """A slice of the people in an export's scope and filters; returns the last number, None at the end."""
    require(actor, "jobs.work")
    run = session.scalars(select(ExportRun).where(ExportRun.ref == payload["export"])).one()
    upto = after + SLICE
    conditions = [*in_scope(_as_it_ran(run), "exports.run", read_filter(run.filters)), Person.id > after]
    conditions += [Person.id <= upto, Enrolment.enrolled_at <= run.started_at]
    found = rows(session, from_records(select(Person.id).distinct()).where(*conditions))
    insert_missing(session, ExportedPerson, [{"run_id": run.id, "person_id": number} for (number,) in found])
    return upto if upto < (session.scalar(select(func.max(Person.id))) or 0) else None


def _as_it_ran(run: ExportRun) -> Actor:
    """Whoever has the scope that the run states, at its moment."""
    paths = [None] if run.scope == "all" else run.scope.split(",")
    grants = tuple(Grant(Role.HR_OFFICER, unit_path=path) for path in paths)
    return Actor(person_id=None, at=run.started_at, grants=grants)


def read_filter(filters: Mapping[str, str]) -> RecordFilter:
    """The filter that `RecordFilter.as_json` wrote."""
    known = {one.name for one in fields(RecordFilter)}
    wanted: dict[str, Any] = {name: value for name, value in filters.items() if name in known}
    days = {name: date.fromisoformat(value) for name, value in wanted.items() if name.endswith(("_from", "_to"))}
    return RecordFilter(**wanted | days)


def list_exports_of_me(session: Session, actor: Actor) -> Sequence[Any]:
    """Rows of started_at, layout, purpose, name (None for partner staff) and actor_id, newest first; one query."""
    require(actor, "privacy.own")
    return rows(session, _exports_of(actor))


def _exports_of(actor: Actor) -> Executable:
    shown = null() if actor.kind == "partner_staff" else Person.display_name
    return (
        select(ExportRun.started_at, ExportRun.layout, ExportRun.purpose, shown.label("name"), ExportRun.actor_id)
        .join(ExportedPerson, ExportedPerson.run_id == ExportRun.id)
        .outerjoin(Person, Person.id == ExportRun.actor_id)
        .where(ExportedPerson.person_id == actor.person_id)
        .order_by(ExportRun.id.desc()).limit(SHOWN)
    )  # fmt: skip
