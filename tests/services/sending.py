"""HR's files by the page: sent, read by a worker's steps, taken in."""

from lms.db import Database
from lms.permissions import Actor, operator
from lms.rules.importing import State
from lms.services import people, people_imports
from lms.services.import_lines import Line
from lms.services.people_reading import plan_sent_file
from tests import world


def send(database: Database, actor: Actor, text: str, *, unit: str = "", full: bool = False, percent: int = 100) -> str:
    """Send a file with our own headers and have it read; its name."""
    with database.transaction() as session:
        ref, is_unclear = people_imports.send_file(
            session, actor, body=text.encode(), unit_code=unit, is_full=full, invites=False
        )
    assert not is_unclear
    read(database, ref, percent)
    return ref


def read(database: Database, ref: str, percent: int = 100) -> None:
    machine = operator(world.NOW)
    with database.snapshot() as reading:
        staging = people.Staging(plan_sent_file(reading, machine, ref=ref), ref, percent=percent)
        database.in_slices(lambda session, after: staging.step(session, machine, after=after))


def decide(database: Database, actor: Actor, ref: str, *, approve: bool = False) -> State:
    with database.transaction() as session:
        act = people_imports.approve_file if approve else people_imports.take_file
        return act(session, actor, ref=ref)


def write(database: Database, ref: str, at: object = world.NOW) -> None:
    machine = operator(at)  # type: ignore[arg-type]
    database.in_slices(lambda session, after: people.take_step(session, machine, payload={"import": ref}, after=after))


def take(database: Database, actor: Actor, text: str, **more: object) -> str:
    """A file from its text to the records."""
    ref = send(database, actor, text, **more)  # type: ignore[arg-type]
    assert decide(database, actor, ref) is State.TAKING
    write(database, ref)
    return ref


def lines(database: Database, actor: Actor, ref: str) -> list[Line]:
    with database.read() as session:
        return people_imports.list_lines(session, actor, ref=ref, size=None)


def told(database: Database, actor: Actor, ref: str) -> people_imports.ImportRow:
    with database.read() as session:
        return people_imports.get_import(session, actor, ref=ref)
