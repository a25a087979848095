"""CSV as RFC 4180 has it: UTF-8, comma, CRLF, a header row; streamed at constant memory.

PostgreSQL formats the rows itself (COPY), five times as fast as a cursor with the csv module; SQLite has no such
way, so its rows go through the module. The cells arrive as text from the layout either way, and the bytes are the
same (a test compares them).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

NAME = "csv"
CONTENT_TYPE = "text/csv; charset=utf-8"
_ROWS = 500
_BYTES = 64 * 1024


def stream(session: Session, names: tuple[str, ...], query: Select[Any]) -> Iterator[tuple[bytes, int]]:
    """Pieces of the file, each with the number of records that it completes (the header is none)."""
    yield (",".join(names) + "\r\n").encode(), 0
    if session.get_bind().dialect.name == "postgresql":
        yield from _copied(session, query)
    else:
        yield from _written(session, query)


def _copied(session: Session, query: Select[Any]) -> Iterator[tuple[bytes, int]]:
    """No cell holds a line break (layout.words sees to it), so each line feed ends a record."""
    connection = session.connection()
    compiled = query.compile(dialect=connection.dialect)
    raw = connection.connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor, cursor.copy(f"COPY ({compiled}) TO STDOUT (FORMAT csv)", compiled.params) as copy:
        for piece in _batched(copy):
            yield piece.replace(b"\n", b"\r\n"), piece.count(b"\n")


def _batched(pieces: Iterable[Any]) -> Iterator[bytes]:
    """COPY hands out row by row; fewer, larger pieces cost a web server less."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(bytes(piece))
        size += len(waiting[-1])
        if size >= _BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _written(session: Session, query: Select[Any]) -> Iterator[tuple[bytes, int]]:
    result = session.execute(query, execution_options={"yield_per": _ROWS})
    for rows in result.partitions(_ROWS):
        lines = io.StringIO(newline="")
        csv.writer(lines, lineterminator="\r\n").writerows(rows)
        yield lines.getvalue().encode(), len(rows)
