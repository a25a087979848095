"""`flask lms people`, `grant` and `revoke`: who there is, and who may do what."""

from collections.abc import Callable
from pathlib import Path

import click

from lms.cli.group import acting, invites_by_mail, lms_commands, plain_errors, plugin, tell_invited
from lms.content.people_file import COLUMNS, REFUSED, PeopleFile, open_people_file, read_bytes, row_faults
from lms.errors import FaultyFile
from lms.permissions import GRANTABLE
from lms.services import announcing, people, roles
from lms.services.import_lines import Line, refused_csv
from lms.services.people_plan import About, Plan, find_unit

MOST_TOLD = 20


@lms_commands.command("people", epilog=f"Columns: {', '.join(COLUMNS)}. docs/hr.md explains each.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--full", is_flag=True, help="Who is there and not in the file leaves today.")
@click.option("--unit", "unit_code", default="", help="The file is about this unit and all below it, by its code.")
@click.option("--sound-rows", is_flag=True, help="Take the sound rows though others are refused.")
@click.option("--refused", type=click.Path(path_type=Path), help="Write refused rows and reasons into this CSV file.")
@click.option("--invite/--no-invite", "inviting", default=True, help="Invite the people who are new (default: yes).")
@plain_errors
def import_people(
    file: Path, dry_run: bool, full: bool, unit_code: str, sound_rows: bool, refused: Path | None, inviting: bool
) -> None:
    """Take in HR's FILE (CSV) of people, units, posts, managers and partners: all of it or nothing."""
    read = open_people_file(str(file), read_bytes(file))
    faults = row_faults(read)
    if faults and not sound_rows and refused is None:
        raise FaultyFile(REFUSED, faults)
    with plugin().database.snapshot() as reading:
        unit_id = find_unit(reading, acting(), code=unit_code) if unit_code else None
        plan = Plan(reading, read, About(acting().today, None, unit_id, full), faults)
        if dry_run:
            _preview(plan, sound_rows and not full, refused)
            return
        ref = _stage(plan, read, unit_id, full, inviting and invites_by_mail())
    _refuse(plan, sound_rows and not full, refused, ref)
    plugin().database.in_slices(lambda session, after: people.take_step(
        session, acting(), payload={"import": ref}, after=after
    ))  # fmt: skip
    with plugin().database.read() as session:
        result = people.get_imported(session, ref)
    _tell(result.added, result.changed, result.unchanged, "were")
    if inviting:
        tell_invited(result.new_people)


def _stage(plan: Plan, file: PeopleFile, unit_id: int | None, full: bool, invites: bool) -> str:
    """Write down what would change; returns the import's name."""
    with plugin().database.transaction() as session:
        ref = people.begin_import(
            session, acting(), file_hash=file.sha256, unit_id=unit_id, is_full=full, invites=invites
        )
    staging = people.Staging(plan, ref, percent=100)
    plugin().database.in_slices(lambda session, after: staging.step(session, acting(), after=after))
    return ref


def _refuse(plan: Plan, takes_sound: bool, refused: Path | None, ref: str) -> None:
    """Make the file effective, or drop it where a row is refused and the sound ones alone are not wanted."""
    is_refused = bool(plan.faults) and not takes_sound
    with plugin().database.transaction() as session:
        people.settle(session, acting(), ref=ref, takes=not is_refused)
    _write_refused(list(plan.refused_lines()), refused)
    if is_refused:
        raise FaultyFile(REFUSED, [] if refused else plan.faults)


def _preview(plan: Plan, takes_sound: bool, refused: Path | None) -> None:
    """What the file would change, one line each for the first of every kind; then the counts."""
    told: dict[str, int] = {}
    for line in plan.lines():
        told[line.change] = told.get(line.change, 0) + 1
        if told[line.change] <= MOST_TOLD and line.change != "refused":
            cells = ", ".join(f"{name}: {before!r} -> {after!r}" for name, (before, after) in line.fields.items())
            click.echo(f"{line.number or '-'}: {line.change}: {line.name}: {cells}")
        elif told[line.change] == MOST_TOLD + 1 and line.change != "refused":
            click.echo(f"... and more that are {line.change}")
    of = plan.counts.of
    _write_refused(list(plan.refused_lines()), refused)
    if plan.faults and not takes_sound:
        raise FaultyFile(REFUSED, [] if refused else plan.faults)
    kept = ("changed", "moved", "leaving", "rehired")
    _tell(of.get("new", 0), sum(of.get(change, 0) for change in kept), of.get("same", 0), "would be")


def _write_refused(lines: list[Line], path: Path | None) -> None:
    """A file with the refused rows and why, to be corrected and sent again."""
    if lines and path is not None:
        path.write_text(
            "".join(refused_csv(lines, lambda told, values: told % values)), encoding="utf-8-sig", newline=""
        )
        click.echo(f"{len(lines)} refused rows are in {path}.")


def _tell(added: int, changed: int, unchanged: int, done: str) -> None:
    click.echo(f"{added} people {done} added, {changed} changed; {unchanged} stay as they are.")


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
    with plugin().database.transaction() as session:
        person, is_new = roles.grant_role(
            session, acting(), email=email, role=role, unit_code=unit_code, course_code=course_code
        )
        invited = (person.work_email or email, person.display_name)
        if invites_by_mail():
            announcing.invite_later(session, acting(), emails=[invited[0]])
    click.echo(f"{invited[1]} {'now holds' if is_new else 'holds already'} the role {role}.")
    tell_invited([invited])


@lms_commands.command()
@_placed
@plain_errors
def revoke(email: str, role: str, unit_code: str, course_code: str) -> None:
    """Take a ROLE back from EMAIL."""
    with plugin().database.transaction() as session:
        person = roles.revoke_role(
            session, acting(), email=email, role=role, unit_code=unit_code, course_code=course_code
        )
        name = person.display_name
    click.echo(f"{name} no longer holds the role {role} there.")
