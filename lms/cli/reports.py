"""`flask lms report`: what was so on one date as it was known on another, and what moved since."""

import json
from datetime import datetime
from typing import Any

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.services.known_on import Report, UnitFigures, get_report

DAY = click.DateTime(["%Y-%m-%d"])


@lms_commands.command()
@click.option("--as-of", type=DAY, help="The date of the figure; today if left out.")
@click.option("--known-on", type=DAY, help="By what had been recorded at the end of that day; today if left out.")
@click.option("--unit", default="", help="The code of a unit: of those who worked in it or below.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plain_errors
def report(as_of: datetime | None, known_on: datetime | None, unit: str, as_json: bool) -> None:
    """Say what was asked, achieved, valid and overdue on a date as it was known on another, and what moved since."""
    actor = acting()
    on, known = as_of.date() if as_of else actor.today, known_on.date() if known_on else actor.today
    with plugin().database.snapshot() as session:
        found = get_report(session, actor, as_of=on, known_on=known, unit=unit)
    click.echo(json.dumps(_as_data(found), indent=2, ensure_ascii=False) if as_json else "\n".join(_told(found)))


def _as_data(found: Report) -> dict[str, Any]:
    def figures(one: UnitFigures) -> dict[str, Any]:
        return {"unit": one.code, "known_then": vars(one.then), "known_now": vars(one.now)}

    return {
        "as_of": found.as_of.isoformat(), "known_on": found.known_on.isoformat(), "total": figures(found.total),
        "units": [figures(one) for one in found.units], "moved": [vars(one) for one in found.moved],
    }  # fmt: skip


def _told(found: Report) -> list[str]:
    lines = [f"{found.as_of}, as known on {found.known_on} -> as known today", ""]
    lines.append(f"{'unit':<24}{'asked':>16}{'achieved':>16}{'valid':>16}{'overdue':>16}")
    for one in (*found.units, found.total):
        pairs = zip(vars(one.then).values(), vars(one.now).values(), strict=True)
        name = "all" if one is found.total else one.code or "elsewhere"
        lines.append(f"{name:<24}" + "".join(f"{f'{then} -> {now}':>16}" for then, now in pairs))
    lines += ["", f"{len(found.moved)} records are known otherwise today:"]
    return lines + [
        f"{one.ref}  {one.person}, {one.course}: {one.before or 'not known'} -> {one.after or 'not known'}"
        for one in found.moved
    ]
