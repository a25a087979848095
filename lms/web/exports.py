"""Exports: asked for, streamed, listed with their manifests."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from lms.errors import Invalid, NotFound
from lms.exports import FORMATS, LAYOUTS, make_schema
from lms.permissions import Actor
from lms.services.export_manifests import get_manifest
from lms.services.exports import Begun, begin_export, finish_export, list_exports, stream_export
from lms.services.records import RecordFilter, list_choices
from lms.web.forms import ExportForm
from lms.web.gate import view
from lms.web.hr import fill_choices, read_filter
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import Plugin, actor, plugin, reading, transaction

# Records of a file that has to be whole before its first byte leaves: some five seconds of one thread.
MOST_AT_ONCE = 20_000


@view("/exports")
def exports() -> ResponseReturnValue:
    """The form and what was exported before."""
    return _page(ExportForm(request.args))


def _fill(form: ExportForm) -> None:
    fill_choices(form, list_choices(reading(), actor()))
    offer(form.layout, [(name, f"{name} ({layout.version})") for name, layout in LAYOUTS.items()])
    offer(form.format, [(name, name.upper()) for name in FORMATS])


def _page(form: ExportForm, status: int = 200) -> ResponseReturnValue:
    _fill(form)
    return render("exports.html", form=form, layouts=list(LAYOUTS), runs=list_exports(reading(), actor())), status


@view("/exports", "POST")
def run_export() -> ResponseReturnValue:
    """Log the export, then stream its file; its receipt is written when the last piece is out."""
    form = ExportForm(request.form)
    _fill(form)
    if not form.validate():
        return _page(form, 422)
    try:
        begun = _begin(form, replace(read_filter(form), partner=(form.partner.data or "").strip()))
    except Invalid as error:
        form.take_faults(error.fields)
        return _page(form, 422)
    response = Response(_stream(plugin(), actor(), begun), content_type=FORMATS[begun.format].CONTENT_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=begun.file_name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _begin(form: ExportForm, wanted: RecordFilter) -> Begun:
    with transaction() as session:
        return begin_export(
            session, actor(), layout=form.layout.data, format=form.format.data, wanted=wanted,
            purpose=form.purpose.data or "", after=int(form.after.data or 0), most=MOST_AT_ONCE,
        )  # fmt: skip


def _stream(running: Plugin, who: Actor, begun: Begun) -> Iterator[bytes]:
    """Runs while the server sends, outside of the request; one snapshot, then one receipt."""
    session = running.database.snapshot()
    try:
        stream = stream_export(
            session, who, begun=begun, verify_at=running.verify_at, headers=running.export_headers
        )  # fmt: skip
        yield from filter(None, stream)
    finally:
        session.close()
    with running.database.transaction() as writing:
        finish_export(
            writing, who, begun=begun, rows=stream.rows, sha256=stream.sha256, at=running.clock(),
            totals=stream.totals, cursor=stream.reached, private=running.find_seal_key(),
        )  # fmt: skip


@view("/exports/layouts/<name>.json")
def export_schema(name: str) -> ResponseReturnValue:
    """The published schema of a layout."""
    if name not in LAYOUTS:
        raise NotFound()
    return jsonify(make_schema(LAYOUTS[name]))


@view("/exports/<ref>/manifest.json")
def export_manifest(ref: str) -> ResponseReturnValue:
    """What the file holds, for its receiver."""
    response = jsonify(get_manifest(reading(), actor(), ref=ref))
    response.headers.set("Content-Disposition", "attachment", filename=f"manifest-{ref}.json")
    return response
