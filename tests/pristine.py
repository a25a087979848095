"""One PostgreSQL database for test after test: what a test changed is put back, which costs less than another copy.

Each test finds every row, sequence and definition as the template has them: what changed is found by comparing all of
them, and where it is more than rows, or somebody still holds on to the database, a new copy takes its place.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection, sql

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
SEQUENCES = TABLES.replace("'r'", "'S'")
# Catalogues of definitions: a row that is new or was changed has a number of a later transaction.
DEFINITIONS = (
    "pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_type",
    "pg_namespace", "pg_rewrite", "pg_statistic", "pg_extension", "pg_largeobject_metadata",
)  # fmt: skip
# What no such number shows: what VACUUM noted, and settings of this one database.
NOTED = """
    SELECT 'noted', sum(reltuples)::int8, sum(relpages) FROM pg_class UNION ALL
    SELECT 'settings', count(*), 0 FROM pg_db_role_setting JOIN pg_database ON setdatabase = pg_database.oid
    WHERE datname = current_database()
"""
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
END = f"SELECT pg_terminate_backend(pid, 10000) {OTHERS}"  # most are closed, and take a moment: waits for each
NEWEST = "SELECT {name}, count(*), coalesce(max(xmin::text::int8), 0) FROM {table}"


def _each(names: list[str], form: str) -> sql.Composed:
    """One statement that asks the same of each: its name, and two numbers."""
    parts = [sql.SQL(form).format(name=sql.Literal(name), table=sql.Identifier(name)) for name in names]
    return sql.SQL(" UNION ALL ").join(parts)


class Pristine:
    """A copy of a template, and what it was like at first."""

    def __init__(self, url: str) -> None:
        self.url = url
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._connection = connection = psycopg.connect(plain, autocommit=True, prepare_threshold=0)
        connection.execute("SET max_parallel_workers_per_gather = 0")  # to begin them costs more than to count
        names = [name for (name,) in connection.execute(TABLES)]
        counters = [name for (name,) in connection.execute(SEQUENCES)]
        self._rows = {name: _rows(connection, name) for name in names}
        self._of_rows = _each(names, NEWEST)
        self._of_counters = _each(counters, "SELECT {name}, last_value, is_called::int FROM {table}")
        self._of_definitions = _each([*DEFINITIONS], NEWEST) + sql.SQL(" UNION ALL " + NOTED)
        self._first = self._marks(self._of_rows)
        self._counted = self._marks(self._of_counters)
        self._defined = self._marks(self._of_definitions)

    def _marks(self, asked: sql.Composed) -> dict[str, tuple[int, int]]:
        return {name: (one, other) for name, one, other in self._connection.execute(asked)}

    def restore(self) -> bool:
        """Put back what was changed; False where that is not enough."""
        if self._connection.closed:
            return False
        self._connection.execute(END)
        if self._connection.execute(f"SELECT count(*) {OTHERS}").fetchone() != (0,):
            return False
        if self._marks(self._of_definitions) != self._defined:
            return False
        rows, counters = self._marks(self._of_rows), self._marks(self._of_counters)
        changed = [name for name in rows if rows[name] != self._first[name]]
        with self._connection.transaction():
            self._connection.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
            for name in changed:
                self._connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                    copy.write(self._rows[name])
            for name, (value, called) in self._counted.items():
                if counters[name] != (value, called):
                    self._connection.execute("SELECT setval(%s::regclass, %s, %s)", (f'"{name}"', value, bool(called)))
        self._first = self._marks(self._of_rows)
        return True

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()


class Pool:
    """Copies of one template that are used again; more than one where a test wants several."""

    def __init__(self, make: Callable[[], str], drop: Callable[[str], None]) -> None:
        self._make, self._drop = make, drop
        self._free: list[Pristine] = []

    @contextmanager
    def one(self) -> Iterator[str]:
        """The URL of a database that is as the template is."""
        taken = self._free.pop() if self._free else Pristine(self._make())
        try:
            yield taken.url
        finally:
            if taken.restore():
                self._free.append(taken)
            else:
                taken.close()
                self._drop(taken.url)

    def close(self) -> None:
        """Drop them all."""
        for one in self._free:
            one.close()
            self._drop(one.url)


def _rows(connection: Connection, name: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
        return b"".join(bytes(part) for part in copy)
