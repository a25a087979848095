"""`flask lms framework`: the competency framework and the role profiles, in and out, and who changes."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.content import load_library
from lms.content.framework_files import export_framework, plan_framework, write_framework
from lms.services.framework_versions import (
    PersonChange,
    Sides,
    count_changes,
    differences,
    find_changes,
    list_lost_codes,
    name_people,
    newest_numbers,
    sides_in_force,
    sides_of,
)


@lms_commands.group()
def framework() -> None:
    """The competency framework and role profiles: as tables, what changes, and for whom."""


@framework.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--roles", is_flag=True, help="The role profiles with their targets, not the framework.")
@plain_errors
def export(file: Path, roles: bool) -> None:
    """Write the framework of the courses folder to FILE, a .csv (a row per indicator) or a .yaml."""
    body = export_framework(Path(plugin().courses), "roles" if roles else "framework", file.suffix)
    file.write_bytes(body)
    click.echo(f"{file} is written. Edit it, then: flask lms framework import {file} --dry-run")


@framework.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@plain_errors
def import_(file: Path, dry_run: bool) -> None:
    """Take FILE (.csv or .yaml) into framework.yaml or roles.yaml of the courses folder; say what changes."""
    with plugin().database.read() as session:
        newest = newest_numbers(session, acting())
    planned = plan_framework(file, folder=Path(plugin().courses), newest=newest)
    if not planned.changes:
        click.echo(f"{file} says what {planned.path} says already: nothing is to be written.")
        return
    for line in _told(planned.differences()):
        click.echo(line)
    if dry_run:
        click.echo(f"Nothing was written: {planned.path} would be version {planned.number}.")
        return
    write_framework(planned)
    click.echo(f"{planned.path} is version {planned.number} now. Next: flask lms check, flask lms framework compare")


@framework.command("compare")
@click.option("--people", is_flag=True, help="Also a line for each person whose level or gap changes.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plain_errors
def compare(people: bool, as_json: bool) -> None:
    """Compare the courses folder with what is published: what changes, and for whom; exit 1 for lost codes."""
    actor = acting()
    new = sides_of(load_library(Path(plugin().courses)))
    with plugin().database.read() as session:
        old = sides_in_force(session)
        found = differences(old, new)
        changes = list(find_changes(session, actor, old=old, new=new))
        lost = list_lost_codes(session, new.framework)
        names = name_people(session, actor, {change.person_id for change in changes}) if people or as_json else {}
    if as_json:
        click.echo(json.dumps(_plain(found, changes, names, lost), indent=2, ensure_ascii=False))
    else:
        for line in (*_told(found), *_told_people(changes, names, new), *map(_told_lost, lost)):
            click.echo(line)
    sys.exit(1 if lost else 0)


def _told(found: Sequence[Any]) -> Iterable[str]:
    for one in found:
        words = " -> ".join(part for part in (one.before, one.after) if part)
        yield f"{one.what} {one.code} {one.how}: {words}".rstrip(": ")
    yield f"{len(found)} differences."


def _told_people(changes: Sequence[PersonChange], names: dict[int, str], new: Sides) -> Iterable[str]:
    counts = count_changes(changes)
    for change in changes if names else ():
        codes = " -> ".join(dict.fromkeys(code for code in (change.before, change.after) if code))
        levels = f"level {change.level_before} -> {change.level_after}"
        yield f"{names[change.person_id]}: {codes}: {levels}, gap {change.gap_before} -> {change.gap_after}"
    by_code = Counter(change.after or change.before for change in changes)
    yield from (f"{code}: level or gap of {count} people" for code, count in sorted(by_code.items()))
    yield f"The level of {counts.levels} people changes, the gap to the target of {counts.gaps} people."


def _told_lost(code: str) -> str:
    return f"{code} is lost: evidence may rest on it; write under `mapping:` of framework.yaml what became of it"


def _plain(
    found: Sequence[Any], changes: Sequence[PersonChange], names: dict[int, str], lost: Sequence[str]
) -> dict[str, Any]:
    counts = count_changes(changes)
    return {
        "differences": [vars(one) for one in found],
        "people_whose_level_changes": counts.levels,
        "people_whose_gap_changes": counts.gaps,
        "people": [{"person": names[change.person_id], **_without_id(change)} for change in changes],
        "lost_codes": list(lost),
    }


def _without_id(change: PersonChange) -> dict[str, Any]:
    return {name: value for name, value in change._asdict().items() if name != "person_id"}
