"""`flask lms upgrade`, `doctor` and `uninstall`: the tables, and whether everything is in order."""

import sys
from pathlib import Path

import click
from flask import current_app

from lms.cli.group import confirm, lms_commands, plain_errors, plugin
from lms.doctor import State
from lms.doctor.examination import examine


@lms_commands.command()
@plain_errors
def upgrade() -> None:
    """Bring the database's tables to the newest version."""
    from lms.migrations import upgrade as run

    run(plugin().database)
    click.echo("The tables are up to date.")


@lms_commands.command()
@click.option("--backups", type=click.Path(path_type=Path), help="Look at this folder of backups too.")
@click.option("--mail", is_flag=True, help="Ask the mail server too whether it answers; no mail is sent.")
@plain_errors
def doctor(backups: Path | None, mail: bool) -> None:
    """Say in words what is wrong with this installation; exit 1 if anything is."""
    findings = examine(current_app._get_current_object(), backups, greet=mail)  # type: ignore[attr-defined]
    for finding in findings:
        click.echo(f"{finding.state.value:<7} {finding.about}: {finding.text}")
        if finding.advice:
            click.echo(f"{'':<7} -> {finding.advice}")
    count = {state: sum(finding.state == state for finding in findings) for state in State}
    click.echo(f"{count[State.WRONG]} wrong, {count[State.ADVICE]} to think about, {count[State.OK]} in order.")
    sys.exit(1 if count[State.WRONG] else 0)


@lms_commands.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@plain_errors
def uninstall(yes: bool) -> None:
    """Drop the plugin's tables, and with them every learning record; what the host keeps stays."""
    from lms.migrations import uninstall as run

    where = plugin().database.url.render_as_string(hide_password=True)
    about = (
        f"All tables that begin with lms_ in {where} go, with every person, course, answer, completion and audit entry "
        "in them. Nothing else in that database is touched. There is no way back but a backup: flask lms backup FILE"
    )
    confirm("uninstall", about, yes)
    run(plugin().database)
    click.echo("The plugin's tables are gone.")
