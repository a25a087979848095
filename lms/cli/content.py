"""`flask lms check` and `load`: course folders."""

import sys
from pathlib import Path

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.content import check_library, library_notes, load_library, read_library
from lms.services import publishing


@lms_commands.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@plain_errors
def check(folder: Path | None) -> None:
    """Check the courses FOLDER (or one course's): every fault as file:line:column, exit 1 if there is any."""
    folder = folder or Path(plugin().courses)
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
    library = load_library(folder or Path(plugin().courses))
    with plugin().database.transaction() as session:
        published = publishing.publish_library(session, acting(), library=library)
    for item in published:
        click.echo(f"{item.name} version {item.number}: {'published' if item.is_new else 'unchanged'}")
