"""CSV as RFC 4180 has it: UTF-8, comma, CRLF, a header row; streamed at constant memory.

PostgreSQL formats the rows itself (COPY), five times as fast as a cursor with the csv module; SQLite has no such
way, so its rows go through the module. The cells arrive as text from the layout either way, and the bytes are the
same (a test compares them).
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from lms.exports.layout import Layout

NAME = "csv"
CONTENT_TYPE = "text/csv; charset=utf-8"
_ROWS = 500
_SLICE = 2000


def stream(session: Session, layout: Layout, query: Select[Any]) -> Iterator[tuple[bytes, int]]:
    """Pieces of the file, each with the number of records that it completes (the header is none)."""
    yield (",".join(layout.names) + "\r\n").encode(), 0
    if session.get_bind().dialect.name == "postgresql":
        yield from _copied(session, layout, query)
    else:
        yield from _written(session, query)


def _copied(session: Session, layout: Layout, query: Select[Any]) -> Iterator[tuple[bytes, int]]:
    """In slices of the key: a sort of a whole table of wide rows would fill the disk before the first byte.

    No cell holds a line break (layout.words sees to it), so each line feed ends a record.
    """
    last = session.scalar(select(func.max(layout.key))) or 0
    # With values from the start: without them a query that holds an IN list does not compile.
    sliced = query.where(layout.key > bindparam("lms_after", 0), layout.key <= bindparam("lms_until", 0))
    connection = session.connection()
    compiled = sliced.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    raw = connection.connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor:
        for start in range(0, last, _SLICE):
            bounds = {**compiled.params, "lms_after": start, "lms_until": start + _SLICE}
            with cursor.copy(f"COPY ({compiled}) TO STDOUT (FORMAT csv)", bounds) as copy:
                piece = b"".join(bytes(part) for part in copy)
            if piece:
                yield piece.replace(b"\n", b"\r\n"), piece.count(b"\n")


def _written(session: Session, query: Select[Any]) -> Iterator[tuple[bytes, int]]:
    result = session.execute(query, execution_options={"yield_per": _ROWS})
    for rows in result.partitions(_ROWS):
        lines = io.StringIO(newline="")
        csv.writer(lines, lineterminator="\r\n").writerows(rows)
        yield lines.getvalue().encode(), len(rows)
