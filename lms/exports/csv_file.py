"""CSV as RFC 4180 has it: UTF-8, comma, CRLF, a header row; streamed at constant memory.

The database writes the lines itself, commas and quotation marks included (layout.as_line): what they have in common
is then written once, and no row is taken apart into 65 values and put together again. PostgreSQL sends them by COPY.
The bytes are those of the csv module (a test compares them).
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Select, text
from sqlalchemy.orm import Session

from lms.exports.layout import PIECE, Conditions, Layout, Piece, Run, as_line, headers, sliced, slices

NAME = "csv"
CONTENT_TYPE = "text/csv; charset=utf-8"
# For the snapshot's transaction: a slice is sorted in memory; to compile a statement would take longer than to run it.
_SETTINGS = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"
# COPY's binary format, the only one that escapes nothing: 19 bytes before the first row, in each row the number of
# columns and the length of the one.
_HEAD, _ROW_HEAD = 19, 6

# Bounds of the key -> pieces of the slice, each with its number of records.
Write = Callable[[dict[str, int]], Iterator[tuple[bytes, int]]]


def stream(
    session: Session, layout: Layout, run: Run, conditions: Conditions, with_head: bool = True
) -> Iterator[Piece]:  # fmt: skip
    """Pieces of the file; what goes on with one that was begun has no header."""
    if with_head:
        yield (",".join(headers(layout, run)) + "\r\n").encode(), 0, 0
    ways = {"postgresql": _copying, "sqlite": _reading}
    write = ways[session.get_bind().dialect.name](session, sliced(layout, run, conditions, as_line))
    for bounds in slices(session, layout, run):
        for piece, rows in write(bounds):
            yield piece, rows, 0
        yield b"", 0, bounds["lms_until"]


def _copying(session: Session, query: Select[Any]) -> Write:
    session.execute(text(_SETTINGS))
    connection = session.connection()
    compiled = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    statement = f"COPY ({compiled}) TO STDOUT (FORMAT binary)"
    raw = connection.connection.driver_connection
    assert raw is not None

    def write(bounds: dict[str, int]) -> Iterator[tuple[bytes, int]]:
        with raw.cursor() as cursor, cursor.copy(statement, {**compiled.params, **bounds}) as copy:
            rows = _rows(copy)
            while lines := list(islice(rows, PIECE)):
                yield b"\r\n".join(lines) + b"\r\n", len(lines)

    return write


def _rows(copy: Iterable[Any]) -> Iterator[bytes]:
    """The text of each row, of what COPY sends in its binary format; the last piece, of two bytes, is its end."""
    start = _HEAD + _ROW_HEAD
    for piece in copy:
        if len(piece) > start:
            yield bytes(piece[start:])
        start = _ROW_HEAD


def _reading(session: Session, query: Select[Any]) -> Write:
    def write(bounds: dict[str, int]) -> Iterator[tuple[bytes, int]]:
        rows = session.execute(query, bounds)
        for lines in rows.scalars().partitions(PIECE):
            yield ("\r\n".join(lines) + "\r\n").encode(), len(lines)

    return write
