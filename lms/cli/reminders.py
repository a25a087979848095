"""`flask lms remind` and `offices`: who is reminded of what and when; when offices work."""

import csv
from datetime import datetime
from pathlib import Path

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.errors import N_, Fault, FaultyFile
from lms.services import offices, reminders

COLUMNS = ("unit_code", "time_zone", "closed_on")


@lms_commands.command()
@click.option("--dry-run", is_flag=True, help="Say who would get what, when and why, and write nothing.")
@click.option("--at", "at", type=click.DateTime(["%Y-%m-%d"]), help="With --dry-run: a day to come (default: today).")
@plain_errors
def remind(dry_run: bool, at: datetime | None) -> None:
    """Remind people of what is due, late or runs out. The worker does it each hour."""
    if not dry_run:
        if at is not None:
            raise click.UsageError("--at needs --dry-run: nobody is told today what is due on another day.")
        after: int | None = 0
        while after is not None:
            with plugin().database.transaction() as session:
                after = reminders.remind(session, acting(), payload={}, after=after)
        click.echo("What people at work have to be told is written; flask lms worker sends it.")
        return
    day = at.date() if at else acting().today
    with plugin().database.read() as session:
        count = 0
        for one in reminders.foresee(session, acting(), on=day):
            count += 1
            what = "runs out" if one.renewal else "due"
            why = f"{one.course} {what} {one.target_on} (step {one.step:+d})"
            click.echo(f"{day}  {one.name}  as {one.audience}  {why}")
    click.echo(f"{count} lines would be told on {day}, if nothing is done until then.")


@lms_commands.command("offices")
@click.argument("file", type=click.Path(path_type=Path))
@plain_errors
def take_offices(file: Path) -> None:
    """Take in time zones of units and days on which they are closed: a CSV FILE of unit_code, time_zone, closed_on."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            fault = Fault(file.name, 1, 1, f"the columns have to be {', '.join(COLUMNS)}")
            raise FaultyFile(N_("No office was changed."), [fault])
        rows = [offices.OfficeRow(reader.line_num, *((row[name] or "").strip() for name in COLUMNS)) for row in reader]
    with plugin().database.transaction() as session:
        zones, days = offices.take_offices(session, acting(), rows=rows, name=file.name)
    click.echo(f"{zones} time zones were set, {days} closed days added.")
