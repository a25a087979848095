"""An export from begin to receipt, as rows by column."""

import csv
import io
from typing import Any

from lms.db import Database
from lms.permissions import Actor
from lms.services.exports import Begun, begin_export, finish_export, stream_export
from lms.services.records import RecordFilter

VERIFY_AT = "https://learn.example/learn/verify/"


def begin(database: Database, actor: Actor, wanted: RecordFilter | None = None) -> Begun:
    """Log that an export begins."""
    with database.transaction() as session:
        return begin_export(
            session, actor, layout="full_v1", format="csv", wanted=wanted or RecordFilter(), purpose="Test"
        )


def export(database: Database, actor: Actor, wanted: RecordFilter | None = None) -> tuple[Begun, bytes]:
    """The whole way: begun, streamed from a snapshot, closed with the receipt."""
    begun = begin(database, actor, wanted)
    with database.snapshot() as session:
        stream = stream_export(session, actor, begun=begun, verify_at=VERIFY_AT)
        body = b"".join(stream)
    with database.transaction() as session:
        finish_export(session, actor, begun=begun, rows=stream.rows, sha256=stream.sha256, at=actor.at)
    return begun, body


def read(body: bytes) -> list[dict[str, str]]:
    """The records of a CSV file."""
    return list(csv.DictReader(io.StringIO(body.decode(), newline=""), strict=True))


def rows(database: Database, actor: Actor, **filters: Any) -> list[dict[str, str]]:
    """The records of a fresh export."""
    return read(export(database, actor, RecordFilter(**filters))[1])


def names(database: Database, actor: Actor, **filters: Any) -> list[str]:
    """The given names in a fresh export, sorted."""
    return sorted(row["given_name"] for row in rows(database, actor, **filters))
