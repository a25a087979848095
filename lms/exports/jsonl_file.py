"""JSON Lines: an object a line, in UTF-8, as a machine takes it: numbers are numbers, nothing is guarded."""

import json
from collections.abc import Iterator

from sqlalchemy.orm import Session

from lms.exports.kinds import makers
from lms.exports.layout import Conditions, Layout, Piece, Run, as_data, headers, read_slices

NAME = "jsonl"
CONTENT_TYPE = "application/x-ndjson"
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def stream(
    session: Session, layout: Layout, run: Run, conditions: Conditions, with_head: bool = True
) -> Iterator[Piece]:  # fmt: skip
    """Pieces of the file; every key is there in each line, null where it is unknown."""
    names, make = headers(layout, run), makers(layout.names)
    for rows, mark in read_slices(session, layout, run, conditions, as_data):
        lines = [_write({n: m(v) for n, m, v in zip(names, make, row, strict=True)}) for row in rows]
        yield "".join(f"{line}\n" for line in lines).encode(), len(rows), mark
