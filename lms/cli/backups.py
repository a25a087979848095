"""`flask lms backup` and `restore`: one checked file out, and back in."""

from pathlib import Path

import click

from lms.cli.group import acting, confirm, lms_commands, plain_errors, plugin
from lms.services import erasing
from lms.services.writing import audit
from lms.settings import read_settings


@lms_commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@plain_errors
def backup(file: Path) -> None:
    """Write all records to FILE while the server goes on, and check what was written."""
    from lms.backup import back_up

    made = back_up(plugin().database, file, prefixes=plugin().backed_up, at=plugin().clock(), programs=_programs())
    click.echo(f"{sum(made.rows.values())} rows of {len(made.rows)} tables, as of {made.moment:%Y-%m-%d %H:%M:%S} UTC.")
    click.echo(f"{file}: checked, SHA-256 of the records {made.sha256}")


@lms_commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Take the place of the people and records that are there.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--erased", type=click.Path(path_type=Path), help="What `flask lms subject erased` wrote: erased again.")
@plain_errors
def restore(file: Path, replace: bool, yes: bool, erased: Path | None) -> None:
    """Put the records of the backup FILE into the database, at once or not at all; stop the server first."""
    from lms.backup import count_people, read_manifest
    from lms.backup import restore as run

    database, made = plugin().database, read_manifest(file)
    if replace and (people := count_people(database)):
        about = (
            f"The database holds {people} people. They and all their records go; what takes their place is of "
            f"{made.moment:%Y-%m-%d %H:%M:%S} UTC."
        )
        confirm("replace", about, yes)
    gone = erasing.read_list(erased.read_text()) if erased else []
    with database.read() as session:
        gone += erasing.list_erased(session, acting())
    done = run(database, file, prefixes=plugin().backed_up, replace=replace, programs=_programs())
    with database.transaction() as session:
        audit(session, acting(), "backup.restore", "backup", made.sha256)
        again = erasing.erase_again(session, acting(), gone=gone)
    database.scrub(erasing.TOUCHED)
    for name, count in made.rows.items():
        if count:
            click.echo(f"{count:>9} {name}")
    click.echo(
        f"The records are those of {made.moment:%Y-%m-%d %H:%M:%S} UTC; tables of version {done.tables_version}."
    )
    click.echo(
        f"{done.lost_acts} acts and {done.later_exports} exports of this database were newer, and are gone from it."
    )
    click.echo(f"{again} people had been erased since, and are erased again.")
    click.echo("Every export that was made after that moment is newer than these records: tell whoever received one.")


def _programs() -> str:
    return read_settings()["LMS_POSTGRESQL_BIN"]
