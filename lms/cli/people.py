"""`flask lms people`, `grant` and `revoke`: who there is, and who may do what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from lms.cli.group import acting, invites_by_mail, lms_commands, plain_errors, plugin, tell_invited
from lms.content.people_file import COLUMNS, read_people_file
from lms.permissions import GRANTABLE
from lms.services import announcing, people, roles


@lms_commands.command("people", epilog=f"Columns: {', '.join(COLUMNS)}. docs/hr.md explains each.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--invite/--no-invite", "inviting", default=True, help="Invite the people who are new (default: yes).")
@plain_errors
def import_people(file: Path, dry_run: bool, inviting: bool) -> None:
    """Take in HR's FILE (CSV) of people, units, posts, managers and partners: all of it or nothing."""
    rows = read_people_file(file)
    with _kept_unless(dry_run) as session:
        result = people.import_people(session, acting(), file=rows)
        if inviting and invites_by_mail():  # in the same transaction: whoever is in is invited, and nobody else
            announcing.invite_later(session, acting(), emails=[email for email, _name in result.new_people])
    done = "would be" if dry_run else "were"
    click.echo(f"{result.added} people {done} added, {result.changed} changed; {result.unchanged} stay as they are.")
    if inviting and not dry_run:
        tell_invited(result.new_people)


@contextmanager
def _kept_unless(dry_run: bool) -> Iterator[Any]:
    """A transaction that a dry run rolls back at its end: the dry run is the real run, but for the commit."""

    class _DryRun(Exception):
        pass

    try:
        with plugin().database.transaction() as session:
            yield session
            session.flush()
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass


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
