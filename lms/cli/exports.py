"""`flask lms export`: records out to a file, with a manifest and the layout's schema beside it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.services.export_manifests import get_manifest
from lms.services.exports import (
    FORMATS,
    IN_PIECES,
    LAYOUTS,
    Begun,
    ExportStream,
    begin_export,
    finish_export,
    make_schema,
    stream_export,
)
from lms.services.records import STATUSES, RecordFilter


@lms_commands.command()
@click.argument("layout", type=click.Choice(list(LAYOUTS)))
@click.option("--format", "format_", default="csv", show_default=True, type=click.Choice(list(FORMATS)))
@click.option("--output", type=click.Path(path_type=Path), required=True, help="Manifest and schema are put beside it.")
@click.option("--after", default=0, type=click.IntRange(min=0), help="The cursor of the last manifest of records_v1.")
@click.option("--unit", default="", help="Only this unit and below, by its code.")
@click.option("--partner", default="", help="Only this partner organisation, by its code.")
@click.option("--course", default="", help="Only this course, by its code.")
@click.option("--status", default="", type=click.Choice(["", *STATUSES]))
@click.option("--purpose", default="export by the operator", show_default=True)
@plain_errors
def export(layout: str, format_: str, output: Path, after: int, purpose: str, **filters: Any) -> None:
    """Export LAYOUT to a file, with a manifest; killed amid records_v1, the same command goes on where it was."""
    with plugin().database.transaction() as session:
        begun = begin_export(
            session, acting(), layout=layout, format=format_, wanted=RecordFilter(**filters), purpose=purpose,
            after=after,
        )  # fmt: skip
    stream = _write_file(begun, output)
    with plugin().database.transaction() as session:
        finish_export(
            session, acting(), begun=begun, rows=stream.rows, sha256=stream.sha256, at=plugin().clock(),
            totals=stream.totals, cursor=stream.reached, private=plugin().find_seal_key(),
        )  # fmt: skip
    with plugin().database.read() as session:
        manifest = get_manifest(session, acting(), ref=begun.ref)
    _beside(output, "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False))
    _beside(output, "schema.json").write_text(json.dumps(make_schema(LAYOUTS[layout]), indent=2))
    click.echo(f"{manifest['rows']} rows in {output}, SHA-256 {manifest['sha256']}")
    if manifest["cursor"] is not None:
        click.echo(f"What comes after is read with --after {manifest['cursor']}")


def _beside(output: Path, ending: str) -> Path:
    return output.with_name(f"{output.name}.{ending}")


def _write_file(begun: Begun, output: Path) -> ExportStream:
    """Write beside the target and move at the end, so that a broken export never looks like a whole one."""
    partial, mark = _beside(output, "partial"), _beside(output, "mark")
    may_go_on = LAYOUTS[begun.layout].is_order and begun.format in IN_PIECES
    question = [begun.layout, LAYOUTS[begun.layout].version, begun.format, begun.wanted.as_json(), begun.after]
    old = _read_mark(partial, mark, question) if may_go_on else None
    with plugin().database.snapshot() as session, partial.open("r+b" if old else "wb") as target:
        stream = stream_export(
            session, acting(), begun=begun, verify_at=plugin().verify_at, headers=plugin().export_headers,
            behind=old["reached"] if old else None,
        )  # fmt: skip
        if old:
            stream.go_on(_read(target, old["size"]), old["rows"])
            target.truncate(old["size"])
            target.seek(old["size"])
        reached = stream.reached
        for piece in stream:
            target.write(piece)
            if may_go_on and stream.reached != reached:
                reached = stream.reached
                _set_mark(target, mark, {"question": question, "reached": reached, "rows": stream.rows})
        target.flush()
        os.fsync(target.fileno())
    partial.replace(output)
    mark.unlink(missing_ok=True)
    return stream


def _set_mark(target: BinaryIO, mark: Path, found: dict[str, Any]) -> None:
    """The file first, then what is known of it; each is on the disk before the next."""
    target.flush()
    os.fsync(target.fileno())
    new = mark.with_name(f"{mark.name}.new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(found | {"size": target.tell()}, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(mark)


def _read_mark(partial: Path, mark: Path, question: list[Any]) -> dict[str, Any] | None:
    """Where a killed run of the same question was, as far as the disk has it."""
    if not (mark.exists() and partial.exists()):
        return None
    found: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
    return found if found["question"] == question and partial.stat().st_size >= found["size"] else None


def _read(file: BinaryIO, size: int) -> Iterator[bytes]:
    file.seek(0)
    while size and (piece := file.read(min(size, 1 << 20))):
        size -= len(piece)
        yield piece
