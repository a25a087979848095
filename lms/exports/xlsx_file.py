"""XLSX at constant memory, by the faster of two writers. A text cell is text: no formula can be in it."""

from collections.abc import Iterator
from typing import Any

from rustpy_xlsxwriter import write_worksheet
from sqlalchemy.orm import Session

from lms.exports.kinds import makers
from lms.exports.layout import Conditions, Layout, Piece, Run, apart, headers, read_slices
from lms.exports.whole_file import give_out

NAME = "xlsx"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def stream(
    session: Session, layout: Layout, run: Run, conditions: Conditions, with_head: bool = True
) -> Iterator[Piece]:  # fmt: skip
    """The file; one without records is its header over an empty line."""
    names, make = headers(layout, run), makers(layout.names)

    def write(path: str) -> int:
        count = 0

        def records() -> Iterator[dict[str, Any]]:
            nonlocal count
            for rows, _mark in read_slices(session, layout, run, conditions, apart):
                count += len(rows)
                for row in rows:
                    yield {name: m(value) for name, m, value in zip(names, make, row, strict=True)}
            if not count:
                yield dict.fromkeys(names)

        write_worksheet(records(), path, sheet_name=layout.name)
        return count

    yield from give_out(write)
