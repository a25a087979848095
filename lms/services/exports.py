"""Exports: begun with a purpose, streamed from one snapshot, closed with a receipt; every one is logged."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, or_, select, true
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid, NotFound
from lms.exports import FORMATS, LAYOUTS, Run
from lms.models import ExportReceipt, ExportRun, OrgUnit, Person
from lms.permissions import Actor, Role, require, scopes
from lms.services.data_log import note_export
from lms.services.records import STATUSES, RecordFilter, in_scope
from lms.services.scope import reaches_unit
from lms.services.writing import audit

__all__ = [  # the two lists are handed on to the command line, which enters at the service
    "FORMATS",
    "LAYOUTS",
    "Begun",
    "ExportStream",
    "begin_export",
    "finish_export",
    "get_manifest",
    "list_exports",
    "stream_export",
]

PURPOSE_LIMIT = 500


@dataclass(frozen=True)
class Begun:
    """An export that may be streamed: what was asked, and when the last like one began."""

    id: int
    ref: str
    layout: str
    format: str
    wanted: RecordFilter
    since: datetime | None
    file_name: str


class ExportStream:
    """The file in pieces; `rows` and `sha256` are true when the last piece is out."""

    def __init__(self, pieces: Iterator[tuple[bytes, int]]) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()
        self.rows = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece, rows in self._pieces:
            self._hash.update(piece)
            self.rows += rows
            yield piece

    @property
    def sha256(self) -> str:
        """The hash of what is out so far, hex."""
        return self._hash.hexdigest()


def begin_export(
    session: Session, actor: Actor, *, layout: str, format: str, wanted: RecordFilter, purpose: str
) -> Begun:  # fmt: skip
    """Log that an export begins; raises Invalid for an unknown layout, format or filter, or without a purpose."""
    require(actor, "exports.run")
    fields = _faults(session, actor, layout, format, wanted, purpose)
    if fields:
        raise Invalid(N_("Nothing was exported."), fields)
    scope = _scope_text(actor)
    likeness = hashlib.sha256(json.dumps([layout, scope, wanted.as_json()], sort_keys=True).encode()).hexdigest()
    since = session.scalar(
        select(ExportRun.started_at).join(ExportReceipt, ExportReceipt.run_id == ExportRun.id)
        .where(ExportRun.likeness == likeness).order_by(ExportRun.id.desc()).limit(1)
    )  # fmt: skip
    run = ExportRun(
        layout=layout, layout_version=LAYOUTS[layout].version, format=format, filters=wanted.as_json(),
        scope=scope, likeness=likeness, purpose=purpose.strip(), actor_id=actor.person_id, started_at=actor.at,
    )  # fmt: skip
    session.add(run)
    session.flush()
    note_export(session, run)
    audit(session, actor, "exports.run", "export", run.ref)
    unit = re.sub(r"[^A-Za-z0-9]+", "-", wanted.unit) or "all"
    name = f"lpc_{layout}_{unit}_{actor.today:%Y%m%d}.{format}"
    return Begun(run.id, run.ref, layout, format, wanted, since, name)


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


def _scope_text(actor: Actor) -> str:
    """The reach of the actor's roles, as it is compared and as the manifest states it."""
    paths = {grant.unit_path or "all" for _, grant in scopes(actor, "exports.run")}
    return "all" if "all" in paths else ",".join(sorted(paths))


def stream_export(session: Session, actor: Actor, *, begun: Begun, verify_at: str) -> ExportStream:
    """The rows in the actor's scope, from the session's snapshot; `verify_at` and a number check a certificate."""
    require(actor, "exports.run")
    layout = LAYOUTS[begun.layout]
    conditions = in_scope(actor, "exports.run", begun.wanted)
    run = Run(actor.today, begun.since, actor.language, verify_at)
    return ExportStream(FORMATS[begun.format].stream(session, layout, run, conditions))


def finish_export(session: Session, actor: Actor, *, begun: Begun, rows: int, sha256: str, at: datetime) -> None:
    """Append the receipt; an export without one broke off."""
    require(actor, "exports.run")
    session.add(ExportReceipt(run_id=begun.id, rows=rows, sha256=sha256, finished_at=at))


def _own_or_all(actor: Actor) -> Any:
    """HR sees its own exports; the operator, and HR of everything, see all."""
    wide = any(grant.unit_path is None for _, grant in scopes(actor, "exports.run"))
    is_operator = any(grant.role is Role.OPERATOR for grant in actor.grants)
    return or_(ExportRun.actor_id == actor.person_id, true() if wide or is_operator else false())


def list_exports(session: Session, actor: Actor, *, size: int = 50) -> Sequence[Any]:
    """Rows of ExportRun, ExportReceipt (None: broke off) and name, newest first; one query."""
    require(actor, "exports.run")
    return session.execute(
        select(ExportRun, ExportReceipt, Person.display_name)
        .outerjoin(ExportReceipt, ExportReceipt.run_id == ExportRun.id)
        .outerjoin(Person, Person.id == ExportRun.actor_id)
        .where(_own_or_all(actor)).order_by(ExportRun.id.desc()).limit(size)
    ).all()  # fmt: skip


def get_manifest(session: Session, actor: Actor, *, ref: str) -> dict[str, Any]:
    """What a finished file holds, so that its receiver can check it; NotFound for one that broke off."""
    require(actor, "exports.run")
    row = session.execute(
        select(ExportRun, ExportReceipt, Person.ref)
        .join(ExportReceipt, ExportReceipt.run_id == ExportRun.id)
        .outerjoin(Person, Person.id == ExportRun.actor_id)
        .where(ExportRun.ref == ref, _own_or_all(actor))
    ).first()
    if row is None:
        raise NotFound()
    run, receipt, actor_ref = row
    return {
        "export": run.ref,
        "layout": run.layout,
        "layout_version": run.layout_version,
        "format": run.format,
        "rows": receipt.rows,
        "sha256": receipt.sha256,
        "filters": run.filters,
        "scope": run.scope,
        "purpose": run.purpose,
        "exported_by": actor_ref or "command line",
        "snapshot_at": run.started_at.isoformat(),
        "finished_at": receipt.finished_at.isoformat(),
    }
