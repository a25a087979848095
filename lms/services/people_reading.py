"""Opens a file of people that came by the page, for the worker that reads it; a web process never does."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.people_file import PeopleFile, open_people_file, row_faults
from lms.errors import FaultyFile, NotFound
from lms.models import ImportFile, ImportStep, PeopleImport
from lms.permissions import Actor, require
from lms.rules.importing import Step
from lms.services.people import Staging, refuse_file
from lms.services.people_plan import About, Plan


def plan_sent_file(session: Session, actor: Actor, *, ref: str) -> Plan:
    """The plan of a file that was sent and whose headers were explained. Raises FaultyFile where it cannot be read."""
    require(actor, "jobs.work")
    found = session.execute(
        select(PeopleImport.sent_by, PeopleImport.unit_id, PeopleImport.is_full, ImportFile.body, ImportStep.data)
        .join(ImportFile, ImportFile.import_id == PeopleImport.id)
        .join(ImportStep, ImportStep.import_id == PeopleImport.id)
        .where(PeopleImport.ref == ref, ImportStep.kind == Step.MAPPED)
    ).first()
    if found is None:
        raise NotFound()
    file: PeopleFile = open_people_file("people.csv", found.body, found.data["columns"])
    about = About(actor.today, found.sent_by, found.unit_id, found.is_full)
    return Plan(session, file, about, row_faults(file))


def reading_step(session: Session, actor: Actor, *, ref: str, percent: int) -> Callable[..., int | None]:
    """The step by which a worker writes down what a file would change, or why it cannot be read. Nothing is left to do
    where it was read by a worker that fell silent over saying so."""
    try:
        return Staging(plan_sent_file(session, actor, ref=ref), ref, percent=percent).step
    except NotFound:
        return lambda _session, _actor, **_more: None
    except FaultyFile as error:
        faults = error.faults

    def refuse(session: Session, actor: Actor, **_more: Any) -> None:
        refuse_file(session, actor, ref=ref, faults=faults)

    return refuse
