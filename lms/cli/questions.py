"""`flask lms questions import` and `export`: question banks of other programs."""

import sys
from pathlib import Path

import click

from lms.cli.group import lms_commands, plain_errors, plugin
from lms.content.exporters import FORMATS as OUT
from lms.content.exporters import export_questions
from lms.content.importers import FORMATS as IN
from lms.content.importers import Fate, Import, plan_import, write_import

_WORDS = {Fate.CARRIED: "carried", Fate.CHANGED: "changed", Fate.DROPPED: "dropped"}


@lms_commands.group()
def questions() -> None:
    """Take in question banks of other programs, and give them out."""


@questions.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_", required=True, type=click.Choice(list(IN)))
@click.option("--into", "folder", required=True, type=click.Path(path_type=Path), help="The course's folder.")
@click.option("--pool", default="", help="Put them at the end of this pool; else a new pool is made.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@plain_errors
def import_questions(file: Path, format_: str, folder: Path, pool: str, dry_run: bool) -> None:
    """Add the questions of FILE to quiz.yaml; say of each part whether it was carried, changed or dropped."""
    planned = plan_import(file, format_, folder=folder, pool=pool)
    _tell_parts(file, planned)
    if planned.body is None:
        click.echo("No question could be taken: nothing was written.", err=True)
        sys.exit(1)
    if not dry_run:
        write_import(planned)
    _tell_outcome(planned, dry_run)


def _tell_parts(file: Path, planned: Import) -> None:
    """One line a part, in the order of the file, and their sum."""
    ledger = planned.ledger
    for part, question in ledger.entries():
        named = f" [{question.head['id']}]" if question is not None and "id" in question.head else ""
        why = f": {'; '.join(part.reasons)}" if part.reasons else ""
        click.echo(f"{file}:{part.line}: {_WORDS[part.fate or Fate.CARRIED]}{named} {part.what} “{part.excerpt}”{why}")
    counts = [(ledger.count(fate), word) for fate, word in _WORDS.items()]
    told = ", ".join(f"{count} {word}" for count, word in counts)
    click.echo(f"{told}: {sum(count for count, _ in counts)} parts in all.")


def _tell_outcome(planned: Import, dry_run: bool) -> None:
    """What was written, and what an author has to do before the course can be loaded."""
    taken, all_of_them = len(planned.ledger.taken), len(planned.ledger.questions)
    done = "would be" if dry_run else "were"
    click.echo(f"{taken} of {all_of_them} questions {done} added to {planned.quiz}, in the pool '{planned.pool}'.")
    if planned.to_do:
        click.echo("Before this course can be loaded (flask lms check names every place):")
    for todo in planned.to_do:
        click.echo(f"{todo.count:>5} × {todo.first}")


@questions.command("export")
@click.argument("slug")
@click.option("--format", "format_", required=True, type=click.Choice(list(OUT)))
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file (default: print).")
@plain_errors
def export(slug: str, format_: str, output: Path | None) -> None:
    """Give out the questions of the course SLUG in its source language; what cannot go along is said line by line."""
    made = export_questions(Path(plugin().courses) / slug, format_)
    for note in made.notes:
        click.echo(str(note), err=True)
    if output is None:
        click.echo(made.text, nl=False)
    else:
        output.write_text(made.text, encoding="utf-8")
    click.echo(f"{made.count} of {made.count + made.left_out} questions were exported.", err=True)
