"""`flask lms check`, `coverage`, `sign-off`, `translated` and `load`: course folders."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.content import (
    DRAWS,
    Coverage,
    Played,
    append_sign_off,
    coverage,
    guess_library,
    how_to_sign_off,
    library_notes,
    load_library,
    note_translation,
    read_course,
    read_whole_or_one,
)
from lms.content.course import Library, SignOff
from lms.content.reader import require_course_folder
from lms.errors import N_, Conflict, FaultyFile
from lms.services import publishing
from lms.services.framework_versions import count_changes_of


@lms_commands.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--guess", is_flag=True, help="Also answer each quiz by looks alone; exit 1 where that goes too well.")
@plain_errors
def check(folder: Path | None, guess: bool) -> None:
    """Check the courses FOLDER (or one course's): every fault as file:line:column, exit 1 if there is any."""
    own, folder = folder is None, folder or Path(plugin().courses)
    library, faults = read_whole_or_one(folder)
    lost = _lost_code(library) if own else ""
    for fault in (*faults, *filter(None, [lost])):
        click.echo(str(fault))
    for warning in library.warnings:
        click.echo(f"warning: {warning}")
    for note in library_notes(library):
        click.echo(f"note: {note}")
    also = f" {len(library.warnings)} warnings." if library.warnings else ""
    count = len(faults) + bool(lost)
    click.echo(f"{count} faults in {folder}.{also}" if count else f"No faults in {folder}.{also}")
    is_guessable = _tell_guesses(guess_library(library)) if guess else False
    sys.exit(1 if faults or lost or is_guessable else 0)


def _lost_code(library: Library) -> str:
    """Why `load` would refuse the framework: it forgets a code that is published. Without tables nothing is."""
    framework = next((one.body for one in library.references if one.kind == "framework"), None)
    if framework is None:
        return ""
    try:
        with plugin().database.read() as session:
            publishing.refuse_lost_codes(session, framework)
    except DBAPIError:
        return ""
    except Conflict as error:
        return str(error)
    return ""


def _tell_guesses(played: Sequence[Played]) -> bool:
    """Print what looks alone give; whether it is too much somewhere."""
    widest = max(len(name) for name in ("course", *(one.course for one in played)))
    click.echo(f"\n{'course':{widest}}  language  {'strategy':13}   right  chance  pass of {DRAWS} draws")
    for one in played:
        line = f"{one.course:{widest}}  {one.language:8}  {one.strategy:13}  {one.right:4.0f} %  {one.chance:4.0f} %"
        click.echo(f"{line}  {one.passed:4.1f} %{'  too much' if one.is_fault else ''}".rstrip())
    for one in played:
        if one.is_worth_a_look:
            names = ", ".join(one.names) or "many, each a little"
            click.echo(f"{one.course} ({one.language}), {one.strategy}: gets right {names}")
    bad = sum(one.is_fault for one in played)
    click.echo(f"Too much is given away {bad} times." if bad else "Looks alone give nothing away.")
    return bad > 0


@lms_commands.command("coverage")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@plain_errors
def show_coverage(folder: Path | None) -> None:
    """Show which courses of FOLDER serve each competency and level, action and step; exit 1 where there is a gap."""
    found = coverage(load_library(folder or Path(plugin().courses)))
    for line in _coverage_lines(found):
        click.echo(line)
    click.echo(f"{len(found.gaps)} gaps." if found.gaps else "No gaps.")
    sys.exit(1 if found.gaps else 0)


def _coverage_lines(found: Coverage) -> Iterator[str]:
    """The three tables and the gaps."""
    rows = [
        [f"{code} {found.names[code]}", *(", ".join(courses) or "–" for courses in levels)]
        for code, levels in found.competencies.items()
    ]
    heads = ["competency", *(f"level {level}" for level in range(1, len(rows[0])))]
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    for row in [heads, *rows]:
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
    others = {f"action {action}": courses for action, courses in found.actions.items()}
    others |= {f"{step} {found.names[step]}": courses for step, courses in found.steps.items()}
    yield from ("", *(f"{name:{widths[0]}}  {', '.join(courses) or '–'}" for name, courses in others.items()), "")
    yield from (f"gap: {gap}" for gap in found.gaps)


@lms_commands.command("sign-off")
@click.argument("course")
@click.option("--by", required=True, help="The name of the person who has read it all and stands for it.")
@click.option("--role", required=True, help="As what: for example the office's safeguarding specialist.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day, as 2026-12-31 (default: today, UTC).")
@plain_errors
def sign_off(course: str, by: str, role: str, on: datetime | None) -> None:
    """Note in the folder of COURSE who has signed off the content that lies there now, so that it can be loaded."""
    folder = Path(plugin().courses) / course
    require_course_folder(folder)
    content, faults = read_course(folder)
    if content is None or faults:
        message = N_("%(count)d faults in %(folder)s; mend them first. Nothing was signed off.")
        raise FaultyFile(message, faults, count=len(faults), folder=str(folder))
    today = plugin().clock().date()
    append_sign_off(folder, content, SignOff(by, role, on.date() if on else today), today)
    click.echo(f"{course} version {content.number} is signed off by {by}, {role}. Content: {content.content_hash}")
    click.echo("It holds for this very content: a changed byte needs a new one. Now: flask lms load")


@lms_commands.command()
@click.argument("course")
@click.argument("language")
@click.argument("parts", nargs=-1)
@plain_errors
def translated(course: str, language: str, parts: tuple[str, ...]) -> None:
    """Note that the LANGUAGE of COURSE says what its source says now: all of it, or PARTS (files, ids of questions)."""
    noted = note_translation(Path(plugin().courses) / course, language, parts)
    click.echo(f"{course}/{language}: {len(noted)} parts are noted as translated from what their source says now.")


@lms_commands.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@plain_errors
def load(folder: Path | None) -> None:
    """Publish what is new in the courses FOLDER, but what waits for a sign-off; loading twice changes nothing."""
    library, actor = load_library(folder or Path(plugin().courses)), acting()
    with plugin().database.read() as session:  # before the transaction: it takes its time where there are many people
        changed = count_changes_of(session, actor, library=library)
    with plugin().database.transaction() as session:
        published = publishing.publish_library(session, actor, library=library, changed=changed)
    for item in published:
        click.echo(f"{item.name} version {item.number}: {_became(item)}")


def _became(item: publishing.Published) -> str:
    if item.waits_for:
        return f"left out, waits for sign-off by: {item.waits_for}. {how_to_sign_off(item.name)}"
    return "published" if item.is_new else "unchanged"
