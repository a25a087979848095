"""CSV as RFC 4180 has it: UTF-8, comma, CRLF, a header row; streamed at constant memory.

PostgreSQL formats the rows itself (COPY), five times as fast as a cursor with the csv module; SQLite has no such
way, so its rows go through the module. The cells arrive as text from the layout either way, and the bytes are the
same (a test compares them).
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from lms.exports.layout import Layout

NAME = "csv"
CONTENT_TYPE = "text/csv; charset=utf-8"
SLICE = 5000

# Bounds of the key -> the slice's bytes and its number of records.
Write = Callable[[dict[str, int]], tuple[bytes, int]]


def stream(session: Session, layout: Layout, query: Select[Any]) -> Iterator[tuple[bytes, int]]:
    """Pieces of the file, each with the number of records that it completes (the header is none).

    In slices of the layout's key: a sort of a whole table of wide rows would take long before the first byte.
    """
    yield (",".join(layout.names) + "\r\n").encode(), 0
    # With values from the start: without them a query that holds an IN list does not compile.
    sliced = query.where(layout.key > bindparam("lms_after", 0), layout.key <= bindparam("lms_until", 0))
    last = session.scalar(select(func.max(layout.key))) or 0
    write = _copying(session, sliced) if session.get_bind().dialect.name == "postgresql" else _writing(session, sliced)
    for start in range(0, last, SLICE):
        piece, rows = write({"lms_after": start, "lms_until": start + SLICE})
        if rows:
            yield piece, rows


def _copying(session: Session, sliced: Select[Any]) -> Write:
    """PostgreSQL writes the slice. No cell holds a line break (layout.words), so each line feed ends a record."""
    connection = session.connection()
    compiled = sliced.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    statement = f"COPY ({compiled}) TO STDOUT (FORMAT csv)"
    raw = connection.connection.driver_connection
    assert raw is not None

    def write(bounds: dict[str, int]) -> tuple[bytes, int]:
        with raw.cursor() as cursor, cursor.copy(statement, {**compiled.params, **bounds}) as copy:
            piece = b"".join(bytes(part) for part in copy)
        return piece.replace(b"\n", b"\r\n"), piece.count(b"\n")

    return write


def _writing(session: Session, sliced: Select[Any]) -> Write:
    """The csv module writes the slice."""

    def write(bounds: dict[str, int]) -> tuple[bytes, int]:
        rows = session.execute(sliced, bounds).all()
        lines = io.StringIO(newline="")
        csv.writer(lines, lineterminator="\r\n").writerows(rows)
        return lines.getvalue().encode(), len(rows)

    return write
