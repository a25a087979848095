"""A partial index that no query can use only costs."""

from typing import Any

from sqlalchemy import Boolean, Index, literal_column, select
from sqlalchemy.dialects import sqlite as lite

from lms.db import Database
from lms.models import Base


def test_what_asks_for_flagged_rows_finds_them_by_their_index(sqlite: Database) -> None:
    flagged = [index for table in Base.metadata.sorted_tables for index in table.indexes if _flag(index) is not None]
    assert len(flagged) >= 10
    with sqlite.engine.connect() as connection:
        for index in flagged:
            plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {_asked(index)}"))
            assert f"{index.name} " in f"{plan} ", plan


def _flag(index: Index) -> Any:
    """The boolean column of whose rows the index is; None where it is of all, or of others."""
    condition = str(index.dialect_options["sqlite"]["where"]).split()
    column = index.table.c.get(condition[0]) if index.table is not None else None
    return column if column is not None and isinstance(column.type, Boolean) else None


def _asked(index: Index) -> str:
    """What a query of ours says that asks for such rows."""
    one = literal_column("1")
    query = select(one).where(_flag(index), *(column == one for column in index.columns))
    return str(query.compile(dialect=lite.dialect()))
