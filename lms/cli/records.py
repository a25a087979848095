"""`flask lms export` and `rebuild`: records out, and standings anew."""

import json
from pathlib import Path

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.services import item_analysis, plan_rows, standings, stored_levels, uniting
from lms.services.exports import FORMATS, LAYOUTS, Begun, begin_export, finish_export, get_manifest, stream_export
from lms.services.records import STATUSES, RecordFilter


@lms_commands.command()
@click.argument("layout", type=click.Choice(list(LAYOUTS)))
@click.option("--format", "format_", default="csv", show_default=True, type=click.Choice(list(FORMATS)))
@click.option("--output", type=click.Path(path_type=Path), required=True, help="The manifest is put beside it.")
@click.option("--unit", default="", help="Only this unit and below, by its code.")
@click.option("--course", default="", help="Only this course, by its code.")
@click.option("--status", default="", type=click.Choice(["", *STATUSES]))
@click.option("--purpose", default="export by the operator", show_default=True)
@plain_errors
def export(layout: str, format_: str, output: Path, unit: str, course: str, status: str, purpose: str) -> None:
    """Export LAYOUT (full_v1) to a file, with a manifest."""
    wanted = RecordFilter(unit=unit, course=course, status=status)
    with plugin().database.transaction() as session:
        begun = begin_export(session, acting(), layout=layout, format=format_, wanted=wanted, purpose=purpose)
    rows, sha256 = _write_file(begun, output)
    with plugin().database.transaction() as session:
        finish_export(session, acting(), begun=begun, rows=rows, sha256=sha256, at=plugin().clock())
    with plugin().database.read() as session:
        manifest = get_manifest(session, acting(), ref=begun.ref)
    output.with_name(f"{output.name}.manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False))
    click.echo(f"{manifest['rows']} rows in {output}, SHA-256 {manifest['sha256']}")


def _write_file(begun: Begun, output: Path) -> tuple[int, str]:
    """Write beside the target and move at the end, so that a broken export never looks like a whole one."""
    partial = output.with_name(f"{output.name}.partial")
    with plugin().database.snapshot() as session, partial.open("wb") as target:
        stream = stream_export(session, acting(), begun=begun, verify_at=plugin().verify_at)
        for piece in stream:
            target.write(piece)
    partial.replace(output)
    return stream.rows, stream.sha256


@lms_commands.command()
@plain_errors
def rebuild() -> None:
    """Drop what is derived; compute standings, levels and stages of plans anew from the facts."""
    actor, database = acting(), plugin().database
    with database.transaction() as session:
        item_analysis.drop_figures(session, actor)
        uniting.rebuild_holders(session, actor)
        count = standings.rebuild(session, actor)
    database.in_slices(lambda session, after: stored_levels.rebuild_slice(session, actor, after))
    with database.transaction() as session:
        levels = stored_levels.finish_rebuild(session, actor)
    database.in_slices(lambda session, after: plan_rows.rebuild_stages(session, actor, after))
    click.echo(f"{count} standings and {levels} levels were computed anew.")
