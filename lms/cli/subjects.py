"""`flask lms subject`: what is kept about one person, handed out or erased."""

from pathlib import Path

import click
from flask import current_app

from lms.cli.group import acting, confirm, lms_commands, plain_errors, plugin
from lms.delivery.host import forget
from lms.services import erasing
from lms.services.own_data import write_subject_data


@lms_commands.group()
def subject() -> None:
    """Answer a person's request to see what is kept about them, or to be erased."""


@subject.command("export")
@click.argument("person")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="The zip file to write.")
@plain_errors
def export_subject(person: str, output: Path) -> None:
    """Write all that is kept about PERSON (employee number or e-mail) to a zip: give it to them alone."""
    with plugin().database.transaction() as session:
        who = erasing.find_subject(session, acting(), person=person)
        body = write_subject_data(session, acting(), subject=who)
    output.touch(mode=0o600)
    output.write_bytes(body)
    click.echo(f"All that is kept about {who.name} is in {output}. Nobody but they should open it.")


@subject.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
@plain_errors
def erase(person: str, yes: bool) -> None:
    """Erase PERSON (employee number or e-mail) now: names and words go, dates and results stay under a number."""
    with plugin().database.read() as session:
        who = erasing.find_subject(session, acting(), person=person)
    confirm("erase", f"{who.name} ({who.email or 'no e-mail'}) is erased; this cannot be undone.", yes)
    forget(current_app._get_current_object(), [who.email] if who.email else [])  # type: ignore[attr-defined]
    with plugin().database.transaction() as session:
        erasing.erase_person(session, acting(), person=who.ref, cause=erasing.BY_OPERATOR)
    plugin().database.scrub(erasing.TOUCHED)
    click.echo("Erased. Files that were exported before still hold the name: tell whoever received one.")


@subject.command()
@plain_errors
def erased() -> None:
    """List who was erased, without names: keep it beside the backups, for `flask lms restore --erased`."""
    with plugin().database.read() as session:
        for ref, cause in erasing.list_erased(session, acting()):
            click.echo(f"{ref} {cause}")
