"""Exports: begun with a purpose, streamed from one snapshot, closed with a receipt; every one is logged."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid
from lms.exports import FORMATS, IN_PIECES, LAYOUTS, Run, make_schema, parquet_file
from lms.exports.layout import Piece
from lms.models import Enrolment, ExportReceipt, ExportRun, OrgUnit, Person, from_records
from lms.permissions import Actor, require, scopes
from lms.services.data_log import WITHOUT_PEOPLE, note_export
from lms.services.export_manifests import own_or_all, sign_receipt
from lms.services.records import STATUSES, RecordFilter, in_scope
from lms.services.scope import reaches_unit
from lms.services.writing import audit

__all__ = [  # the two lists are handed on to the command line, which enters at the service
    "FORMATS",
    "IN_PIECES",
    "LAYOUTS",
    "Begun",
    "ExportStream",
    "begin_export",
    "finish_export",
    "list_exports",
    "make_schema",
    "stream_export",
]

PURPOSE_LIMIT = 500


@dataclass(frozen=True)
class Begun:
    """An export that may be streamed: what was asked, when the last like one began, behind which cursor it begins."""

    id: int
    ref: str
    layout: str
    format: str
    wanted: RecordFilter
    since: datetime | None
    after: int
    file_name: str


class ExportStream:
    """The file in pieces; `rows`, `sha256` and `totals` are true when the last piece is out.

    `reached` is the key up to which the file is whole with what is out; amid a slice it stays.
    """

    def __init__(self, pieces: Iterator[Piece], count: Callable[[], list[dict[str, Any]]], reached: int) -> None:
        self._pieces, self._count = pieces, count
        self._hash = hashlib.sha256()
        self.rows, self.reached = 0, reached
        self.totals: list[dict[str, Any]] = []

    def go_on(self, begun: Iterable[bytes], rows: int) -> None:
        """The first pieces are there already, from a run that was killed."""
        for piece in begun:
            self._hash.update(piece)
        self.rows = rows

    def __iter__(self) -> Iterator[bytes]:
        for piece, rows, mark in self._pieces:
            self._hash.update(piece)
            self.rows += rows
            self.reached = mark or self.reached
            yield piece
        self.totals = self._count()

    @property
    def sha256(self) -> str:
        """The hash of what is out so far, hex."""
        return self._hash.hexdigest()


def begin_export(
    session: Session, actor: Actor, *, layout: str, format: str, wanted: RecordFilter, purpose: str, after: int = 0,
    most: int | None = None,
) -> Begun:  # fmt: skip
    """Log that an export begins; raises Invalid for an unknown layout, format or filter, or without a purpose.

    `after` is the cursor of an earlier manifest, for a layout that is an order. Of more than `most` records no file is
    made that has to be whole before its first byte leaves.
    """
    require(actor, "exports.run")
    fields = _faults(session, actor, layout, format, wanted, purpose) | _unfit(layout, format, wanted, after)
    if most and not fields and format not in IN_PIECES and _are_more(session, actor, layout, wanted, most):
        fields["format"] = N_("Too many records for such a file here: take CSV or JSON Lines, or narrow them down.")
    if fields:
        raise Invalid(N_("Nothing was exported."), fields)
    scope = _scope_text(actor)
    likeness = hashlib.sha256(json.dumps([layout, scope, wanted.as_json()], sort_keys=True).encode()).hexdigest()
    since = session.scalar(
        select(ExportRun.started_at).join(ExportReceipt, ExportReceipt.run_id == ExportRun.id)
        .where(ExportRun.likeness == likeness).order_by(ExportRun.id.desc()).limit(1)
    )  # fmt: skip
    run = ExportRun(
        layout=layout, layout_version=LAYOUTS[layout].version, format=format,
        filters=wanted.as_json() | ({"after": str(after)} if after else {}),
        scope=scope, likeness=likeness, purpose=purpose.strip(), actor_id=actor.person_id, started_at=actor.at,
    )  # fmt: skip
    session.add(run)
    session.flush()
    note_export(session, run)
    audit(session, actor, "exports.run", "export", run.ref)
    unit = re.sub(r"[^A-Za-z0-9]+", "-", wanted.unit) or "all"
    name = f"lpc_{layout}_{unit}_{actor.today:%Y%m%d}.{format}"
    return Begun(run.id, run.ref, layout, format, wanted, since, after, name)


def _faults(
    session: Session, actor: Actor, layout: str, format: str, wanted: RecordFilter, purpose: str
) -> dict[str, str]:
    fields = {}
    if layout not in LAYOUTS:
        fields["layout"] = N_("There is no such layout.")
    if format not in FORMATS:
        fields["format"] = N_("There is no such format.")
    if wanted.status and wanted.status not in STATUSES:
        fields["status"] = N_("There is no such status.")
    if not purpose.strip() or len(purpose) > PURPOSE_LIMIT:
        fields["purpose"] = N_("Write what the file is for, in up to 500 characters: the people in it may read that.")
    reached = reaches_unit(actor, "exports.run")
    if wanted.unit and session.scalar(select(OrgUnit.id).where(OrgUnit.code == wanted.unit, reached)) is None:
        fields["unit"] = N_("There is no such unit in your scope.")
    return fields


def _unfit(name: str, format: str, wanted: RecordFilter, after: int) -> dict[str, str]:
    """What this layout or this installation cannot do, of all that there is."""
    layout = LAYOUTS.get(name)
    if layout is None:
        return {}
    given = set(wanted.as_json())
    fields = {}
    if layout.filters is not None and given - layout.filters:
        fields["layout"] = N_("This layout cannot be narrowed down like that: take these filters out.")
    if layout.needs and layout.needs not in given:
        fields[layout.needs] = N_("This layout is for one partner organisation: say which.")
    if after and not layout.is_order:
        fields["after"] = N_("Only records_v1 goes on behind a cursor.")
    if format == parquet_file.NAME and parquet_file.find_missing():
        fields["format"] = N_("Parquet needs a library that is not installed here: pip install pyarrow.")
    return fields


def _are_more(session: Session, actor: Actor, layout: str, wanted: RecordFilter, most: int) -> bool:
    if layout in WITHOUT_PEOPLE:  # some rows a question, however many people
        return False
    found = from_records(select(Enrolment.id)).where(*in_scope(actor, "exports.run", wanted)).limit(most + 1)
    return (session.scalar(select(func.count()).select_from(found.subquery())) or 0) > most


def _scope_text(actor: Actor) -> str:
    """The reach of the actor's roles, as it is compared and as the manifest states it."""
    paths = {grant.unit_path or "all" for _, grant in scopes(actor, "exports.run")}
    return "all" if "all" in paths else ",".join(sorted(paths))


def stream_export(
    session: Session, actor: Actor, *, begun: Begun, verify_at: str, headers: Mapping[str, str] | None = None,
    behind: int | None = None,
) -> ExportStream:  # fmt: skip
    """The rows in the actor's scope, from the session's snapshot; `verify_at` and a number check a certificate.

    `headers` are the receiver's words for columns of sf_history_v1. `behind` is where a killed run of a layout that is
    an order is taken up, in a format of which a part is true.
    """
    require(actor, "exports.run")
    layout = LAYOUTS[begun.layout]
    conditions = in_scope(actor, "exports.run", begun.wanted)
    words = headers or {} if begun.layout == "sf_history_v1" else {}
    run = Run(actor.today, begun.since, actor.language, verify_at, begun.after, words)
    start = begun.after if behind is None else behind
    pieces = FORMATS[begun.format].stream(session, layout, replace(run, after=start), conditions, behind is None)

    def count() -> list[dict[str, Any]]:
        rows = session.execute(layout.count(run, conditions)).mappings()
        return [{name: v if isinstance(v, str) else int(v) for name, v in row.items()} for row in rows]

    return ExportStream(pieces, count, start)


def finish_export(
    session: Session, actor: Actor, *, begun: Begun, rows: int, sha256: str, at: datetime,
    totals: list[dict[str, Any]] | None = None, cursor: int = 0, private: Ed25519PrivateKey | None = None,
) -> None:  # fmt: skip
    """Append the receipt, signed where there is a key; an export without one broke off."""
    require(actor, "exports.run")
    is_order = LAYOUTS[begun.layout].is_order
    receipt = ExportReceipt(
        run_id=begun.id, rows=rows, sha256=sha256, finished_at=at, totals=totals or [],
        cursor=cursor if is_order else None,
    )  # fmt: skip
    sign_receipt(session, receipt, private)
    session.add(receipt)


def list_exports(session: Session, actor: Actor, *, size: int = 50) -> Sequence[Any]:
    """Rows of ExportRun, ExportReceipt (None: broke off) and name, newest first; one query."""
    require(actor, "exports.run")
    return session.execute(
        select(ExportRun, ExportReceipt, Person.display_name)
        .outerjoin(ExportReceipt, ExportReceipt.run_id == ExportRun.id)
        .outerjoin(Person, Person.id == ExportRun.actor_id)
        .where(own_or_all(actor)).order_by(ExportRun.id.desc()).limit(size)
    ).all()  # fmt: skip
