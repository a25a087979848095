"""CSV as RFC 4180 has it: UTF-8, comma, CRLF, a header row; streamed at constant memory.

PostgreSQL formats the rows itself (COPY), five times as fast as a cursor with the csv module; SQLite has no such
way, so its rows go through the module. The cells arrive as text from the layout either way, and the bytes are the
same (a test compares them).
"""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from lms.exports.layout import Layout

NAME = "csv"
CONTENT_TYPE = "text/csv; charset=utf-8"
# How many keys a slice takes, and on PostgreSQL, which plans each slice anew and sends it as a stream, the later ones.
SLICE, COPIED = 5000, 20_000
PIECE = 1000  # records that leave together

# Bounds of the key -> pieces of the slice, each with its number of records.
Write = Callable[[dict[str, int]], Iterator[tuple[bytes, int]]]


def stream(session: Session, layout: Layout, query: Select[Any]) -> Iterator[tuple[bytes, int]]:
    """Pieces of the file, each with the number of records that it completes (the header is none).

    In slices of the layout's key: a sort of a whole table of wide rows would take long before the first byte.
    """
    yield (",".join(layout.names) + "\r\n").encode(), 0
    # With values from the start: without them a query that holds an IN list does not compile.
    sliced = query.where(layout.key > bindparam("lms_after", 0), layout.key <= bindparam("lms_until", 0))
    last = session.scalar(select(func.max(layout.key))) or 0
    if session.get_bind().dialect.name == "postgresql":
        write, following = _copying(session, sliced), COPIED
    else:
        write, following = _writing(session, sliced), SLICE
    start, size = 0, SLICE
    while start < last:
        yield from write({"lms_after": start, "lms_until": start + size})
        start, size = start + size, following


def _copying(session: Session, sliced: Select[Any]) -> Write:
    """PostgreSQL writes the slice, a line for each record: no cell holds a line break (layout.words)."""
    connection = session.connection()
    compiled = sliced.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    statement = f"COPY ({compiled}) TO STDOUT (FORMAT csv)"
    raw = connection.connection.driver_connection
    assert raw is not None

    def write(bounds: dict[str, int]) -> Iterator[tuple[bytes, int]]:
        with raw.cursor() as cursor, cursor.copy(statement, {**compiled.params, **bounds}) as copy:
            lines = iter(copy)
            while piece := b"".join(bytes(line) for line in islice(lines, PIECE)):
                yield piece.replace(b"\n", b"\r\n"), piece.count(b"\n")

    return write


def _writing(session: Session, sliced: Select[Any]) -> Write:
    """The csv module writes the slice."""

    def write(bounds: dict[str, int]) -> Iterator[tuple[bytes, int]]:
        rows = session.execute(sliced, bounds).all()
        lines = io.StringIO(newline="")
        csv.writer(lines, lineterminator="\r\n").writerows(rows)
        if rows:
            yield lines.getvalue().encode(), len(rows)

    return write
