"""Parquet, in groups of rows, by pyarrow, which is an extra: where it is absent, `find_missing` says so."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from sqlalchemy.orm import Session

from lms.exports.kinds import KINDS, makers
from lms.exports.layout import Conditions, Layout, Piece, Run, as_data, headers, read_slices
from lms.exports.whole_file import give_out

NAME = "parquet"
CONTENT_TYPE = "application/vnd.apache.parquet"


def find_missing() -> str:
    """The package that has to be installed first, or nothing."""
    return "" if find_spec("pyarrow") else "pyarrow"


def stream(
    session: Session, layout: Layout, run: Run, conditions: Conditions, with_head: bool = True
) -> Iterator[Piece]:  # fmt: skip
    """The file: integers and numbers as such, all else as text."""
    import pyarrow  # imported here: it is an extra, and 170 MB
    import pyarrow.parquet

    kinds: dict[str, Any] = {"integer": pyarrow.int64(), "number": pyarrow.float64()}
    types = [kinds.get(KINDS.get(name, ""), pyarrow.string()) for name in layout.names]
    names, make = headers(layout, run), makers(layout.names)
    schema = pyarrow.schema(list(zip(names, types, strict=True)))

    def write(path: str) -> int:
        count = 0
        with pyarrow.parquet.ParquetWriter(path, schema) as file:
            for rows, _mark in read_slices(session, layout, run, conditions, as_data):
                if rows:
                    count += len(rows)
                    by_column = zip(make, zip(*rows, strict=True), strict=True)
                    columns = [[m(value) for value in cells] for m, cells in by_column]
                    file.write_table(pyarrow.table(columns, schema=schema))
        return count

    yield from give_out(write)
