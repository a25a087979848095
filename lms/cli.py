"""`flask lms ...`: the operator's commands. Each act is logged; each refusal says what to do."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from lms.content import check_library, library_notes, load_library, read_library
from lms.content.people_file import COLUMNS, read_people_file
from lms.delivery.host import invite
from lms.errors import FaultyFile, Invalid, LmsError
from lms.permissions import GRANTABLE, Actor, operator
from lms.services import people, publishing, roles, standings
from lms.services.exports import FORMATS, LAYOUTS, Begun, begin_export, finish_export, get_manifest, stream_export
from lms.services.records import STATUSES, RecordFilter

# Of the demonstration: one person of each role.
INVITED = 8

lms_commands = AppGroup("lms", help="Partnership Learning: content, people, roles, records.")


def _plugin() -> Any:
    return current_app.extensions["lms"]


def _operator() -> Actor:
    return operator(_plugin().clock())


def plain_errors(function: Callable[..., None]) -> Callable[..., None]:
    """What the user can mend is printed without a trace, every fault on its line; the exit code is 1."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except (LmsError, OSError, DBAPIError) as error:
            for line in _told(error):
                click.echo(line, err=True)
            sys.exit(1)

    return run


def _told(error: LmsError | OSError | DBAPIError) -> list[str]:
    """What to print: each fault or field on a line of its own, and what came of it."""
    if isinstance(error, FaultyFile):
        return [*map(str, error.faults), str(error)]
    if isinstance(error, Invalid):
        return [*(f"{name}: {why}" for name, why in error.fields.items()), str(error)]
    if isinstance(error, DBAPIError):
        return [f"The database refused: {error.orig}", "If tables are missing, run: flask lms upgrade"]
    return [str(error)]


@lms_commands.command()
@plain_errors
def upgrade() -> None:
    """Bring the database's tables to the newest version."""
    from lms.migrations import upgrade as run

    run(_plugin().database)
    click.echo("The tables are up to date.")


@lms_commands.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@plain_errors
def check(folder: Path | None) -> None:
    """Check the courses FOLDER (or one course's): every fault as file:line:column, exit 1 if there is any."""
    folder = folder or Path(_plugin().courses)
    faults = check_library(folder)
    for fault in faults:
        click.echo(str(fault))
    for note in library_notes(read_library(folder)[0]):
        click.echo(f"note: {note}")
    click.echo(f"{len(faults)} faults in {folder}" if faults else f"No faults in {folder}.")
    sys.exit(1 if faults else 0)


@lms_commands.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@plain_errors
def load(folder: Path | None) -> None:
    """Publish what is new in the courses FOLDER; loading twice changes nothing."""
    library = load_library(folder or Path(_plugin().courses))
    with _plugin().database.transaction() as session:
        published = publishing.publish_library(session, _operator(), library=library)
    for item in published:
        click.echo(f"{item.name} version {item.number}: {'published' if item.is_new else 'unchanged'}")


@lms_commands.command("people", epilog=f"Columns: {', '.join(COLUMNS)}. docs/hr.md explains each.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--invite/--no-invite", "inviting", default=True, help="Invite the people who are new (default: yes).")
@plain_errors
def import_people(file: Path, dry_run: bool, inviting: bool) -> None:
    """Take in HR's FILE (CSV) of people, units, posts, managers and partners: all of it or nothing."""
    rows = read_people_file(file)
    with _kept_unless(dry_run) as session:
        result = people.import_people(session, _operator(), file=rows)
    done = "would be" if dry_run else "were"
    click.echo(f"{result.added} people {done} added, {result.changed} changed; {result.unchanged} stay as they are.")
    if inviting and not dry_run:
        _invite(result.new_people)


@contextmanager
def _kept_unless(dry_run: bool) -> Iterator[Any]:
    """A transaction that a dry run rolls back at its end: the dry run is the real run, but for the commit."""

    class _DryRun(Exception):
        pass

    try:
        with _plugin().database.transaction() as session:
            yield session
            session.flush()
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass


def _invite(invited: list[tuple[str, str]]) -> None:
    for invitation in invite(current_app._get_current_object(), invited):  # type: ignore[attr-defined]
        how = "was sent a mail" if invitation.sent else f"no mail was sent; give them this link: {invitation.link}"
        click.echo(f"{invitation.email}: {how}")


def _placed(function: Callable[..., None]) -> Callable[..., None]:
    """The arguments that say which role, of whom, where."""
    for decorate in (
        click.option("--course", "course_code", default="", help="For an author: one course, by its code."),
        click.option("--unit", "unit_code", default="", help="For an HR officer: a unit and below, by its code."),
        click.argument("role", type=click.Choice([role.value for role in GRANTABLE])),
        click.argument("email"),
    ):
        function = decorate(function)
    return function


@lms_commands.command()
@_placed
@plain_errors
def grant(email: str, role: str, unit_code: str, course_code: str) -> None:
    """Give EMAIL a ROLE; the person is invited."""
    with _plugin().database.transaction() as session:
        person, is_new = roles.grant_role(
            session, _operator(), email=email, role=role, unit_code=unit_code, course_code=course_code
        )
        invited = (person.work_email or email, person.display_name)
    click.echo(f"{invited[1]} {'now holds' if is_new else 'holds already'} the role {role}.")
    _invite([invited])


@lms_commands.command()
@_placed
@plain_errors
def revoke(email: str, role: str, unit_code: str, course_code: str) -> None:
    """Take a ROLE back from EMAIL."""
    with _plugin().database.transaction() as session:
        person = roles.revoke_role(
            session, _operator(), email=email, role=role, unit_code=unit_code, course_code=course_code
        )
        name = person.display_name
    click.echo(f"{name} no longer holds the role {role} there.")


@lms_commands.command()
@click.argument("layout", type=click.Choice(list(LAYOUTS)))
@click.option("--format", "format_", default="csv", show_default=True, type=click.Choice(list(FORMATS)))
@click.option("--output", type=click.Path(path_type=Path), required=True, help="The manifest is put beside it.")
@click.option("--unit", default="", help="Only this unit and below, by its code.")
@click.option("--course", default="", help="Only this course, by its code.")
@click.option("--status", default="", type=click.Choice(["", *STATUSES]))
@click.option("--purpose", default="export by the operator", show_default=True)
@plain_errors
def export(layout: str, format_: str, output: Path, unit: str, course: str, status: str, purpose: str) -> None:
    """Export LAYOUT (full_v1) to a file, with a manifest."""
    wanted = RecordFilter(unit=unit, course=course, status=status)
    with _plugin().database.transaction() as session:
        begun = begin_export(session, _operator(), layout=layout, format=format_, wanted=wanted, purpose=purpose)
    rows, sha256 = _write_file(begun, output)
    with _plugin().database.transaction() as session:
        finish_export(session, _operator(), begun=begun, rows=rows, sha256=sha256, at=_plugin().clock())
    with _plugin().database.read() as session:
        manifest = get_manifest(session, _operator(), ref=begun.ref)
    output.with_name(f"{output.name}.manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False))
    click.echo(f"{manifest['rows']} rows in {output}, SHA-256 {manifest['sha256']}")


def _write_file(begun: Begun, output: Path) -> tuple[int, str]:
    """Write beside the target and move at the end, so that a broken export never looks like a whole one."""
    partial = output.with_name(f"{output.name}.partial")
    with _plugin().database.snapshot() as session, partial.open("wb") as target:
        stream = stream_export(session, _operator(), begun=begun)
        for piece in stream:
            target.write(piece)
    partial.replace(output)
    return stream.rows, stream.sha256


@lms_commands.command()
@plain_errors
def rebuild() -> None:
    """Drop what is derived (standings) and compute it anew from the facts."""
    with _plugin().database.transaction() as session:
        count = standings.rebuild(session, _operator())
    click.echo(f"{count} standings were computed anew.")


@lms_commands.command()
@click.option("--staff", default=60, show_default=True, help="How many people the organisation has.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same organisation.")
@plain_errors
def demo(staff: int, seed: int) -> None:
    """Fill an empty database with a small fictional organisation."""
    from lms.demonstration import make_demonstration

    accounts = make_demonstration(
        _plugin().database, _operator(), people=staff, seed=seed, cycle_start=_plugin().plan_cycle_start
    )
    click.echo(f"A fictional organisation of {len(accounts)} people is there. Its first people are invited:")
    _invite([(account.email, account.name) for account in accounts[:INVITED]])
