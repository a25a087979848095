"""Backup and restore of an SQLite file that other processes go on using.

A dump is made by SQLite's backup API inside one read transaction: a moment, however long the copying takes. A restore
copies tables, not pages, in one write transaction, so that tables of a host in the same file are never touched.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from lms.db import Database
from lms.errors import ConfigurationError, Conflict, Invalid

PAGES = 2000  # at a time, so that Ctrl+C is heard


def dump(database: Database, prefixes: tuple[str, ...], target: Path) -> dict[str, int]:
    """Copy our tables to a new file; return the rows of each. Raises ConfigurationError where there is no file."""
    with _opened(_file(database)) as source, _opened(target, new=True) as copy:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this moment
        source.backup(copy, pages=PAGES)
        source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA foreign_keys=OFF")
        foreign = [name for name in _tables(copy) if not name.startswith(prefixes)]
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            copy.execute(f"DROP VIEW {_quoted(name)}")
        for name in foreign:  # of a host in the same file
            copy.execute(f"DROP TABLE {_quoted(name)}")
        if foreign:
            copy.execute("VACUUM")  # so that nothing of them stays in free pages
        _check(copy, _tables(copy))
        return _count(copy)


def read_rows(file: Path) -> dict[str, int]:
    """The rows of each table of a dump. Raises Invalid when the file is broken inside."""
    with _opened(file) as connection:
        try:
            _check(connection, _tables(connection))
            return _count(connection)
        except sqlite3.DatabaseError as error:
            raise Invalid("The database in the backup is broken (%(why)s).", why=error) from None


def restore(database: Database, dumped: Path, prefixes: tuple[str, ...]) -> None:
    """Put the tables of a dump in the place of ours, all at once or not at all."""
    path = Path(str(database.url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    with database.write_lock(), _opened(path, new=True) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("ATTACH DATABASE ? AS dumped", (str(dumped),))
        connection.execute("BEGIN IMMEDIATE")
        try:
            for name in [name for name in _tables(connection) if name.startswith(prefixes)]:
                connection.execute(f"DROP TABLE {_quoted(name)}")
            copied = _copy(connection)
            _check(connection, copied)
            _refuse_dangling(connection, copied)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _refuse_dangling(connection: sqlite3.Connection, ours: list[str]) -> None:
    """Raise Conflict when a host's row would refer to none of ours; PostgreSQL refuses that by itself."""
    for table, _row, parent, _number in connection.execute("PRAGMA main.foreign_key_check").fetchall():
        if parent in ours and table not in ours:
            raise Conflict(
                "The table %(table)s refers to rows of %(parent)s that the backup does not hold. Nothing was changed.",
                table=table, parent=parent,
            )  # fmt: skip


def _copy(connection: sqlite3.Connection) -> list[str]:
    """Tables first, then their rows, then indexes and triggers: rows are taken in fastest without them."""
    made = connection.execute("SELECT type, name, sql FROM dumped.sqlite_master WHERE sql IS NOT NULL").fetchall()
    tables = [name for kind, name, _ in made if kind == "table" and not name.startswith("sqlite_")]
    for kind, name, statement in made:
        if kind == "table" and name in tables:
            connection.execute(statement)
    for name in tables:
        connection.execute(f"INSERT INTO main.{_quoted(name)} SELECT * FROM dumped.{_quoted(name)}")  # noqa: S608
    for wanted in ("index", "trigger"):
        for kind, _, statement in made:
            if kind == wanted:
                connection.execute(statement)
    return tables


def _file(database: Database) -> Path:
    path = Path(database.url.database or ":memory:")
    if not path.is_file():
        raise ConfigurationError(f"There is no database file {path}.")
    return path


@contextmanager
def _opened(path: Path, new: bool = False) -> Iterator[sqlite3.Connection]:
    if not new and not path.is_file():
        raise ConfigurationError(f"There is no database file {path}.")
    with closing(sqlite3.connect(path, timeout=15, isolation_level=None)) as connection:
        yield connection


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    return sorted(name for (name,) in connection.execute(query))


def _count(connection: sqlite3.Connection) -> dict[str, int]:
    names = _tables(connection)
    return {name: connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0] for name in names}  # noqa: S608


def _check(connection: sqlite3.Connection, tables: list[str]) -> None:
    """Pages, indexes and references. Raises Invalid."""
    (said,) = connection.execute("PRAGMA main.integrity_check(1)").fetchone()
    if said != "ok":
        raise Invalid("The database is broken (%(why)s).", why=said)
    for name in tables:
        if connection.execute(f"PRAGMA main.foreign_key_check({_quoted(name)})").fetchone():
            raise Invalid("Rows of %(table)s refer to rows that are not there.", table=name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
