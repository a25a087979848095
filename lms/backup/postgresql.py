"""Backup and restore of our tables in a PostgreSQL database, by its own programs: pg_dump, pg_restore, psql.

The programs must be as new as the server or newer; an old one is refused before it begins. Connection and password
reach them through the environment, never through arguments, which other users of the machine could read.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from lms.db import Database
from lms.errors import ConfigurationError, Invalid
from lms.models import append_only

SECONDS_FOR_LOCK = 30


def dump(database: Database, prefixes: tuple[str, ...], target: Path, programs: str) -> dict[str, int]:
    """Dump our tables as of one moment; return the rows of each. Raises ConfigurationError for missing programs."""
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        pg_dump = _program("pg_dump", programs, connection)
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        schema, tables = schema_of(connection), _tables(connection, prefixes)
        rows = {name: connection.scalar(text(f"SELECT count(*) FROM {_quoted(name)}")) or 0 for name in tables}  # noqa: S608
        if not tables:
            return rows
        named = [f"--table={_quoted(schema)}.{_quoted(name)}" for name in tables]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        _run([pg_dump, *options, *named], _environment(connection))
    return rows


def restore(database: Database, dumped: Path, prefixes: tuple[str, ...], rows: dict[str, int], programs: str) -> None:
    """Put the tables of a dump in the place of ours in one transaction that also counts them. Raises Invalid."""
    script = dumped.with_suffix(".sql")
    with database.engine.connect() as connection:
        pg_restore, psql = (_program(name, programs, connection) for name in ("pg_restore", "psql"))
        environment = _environment(connection)
        schema, ours = schema_of(connection), _tables(connection, prefixes)
    # First the whole script, then psql: a pipe that breaks would look like an end, and be committed.
    _run([pg_restore, "--no-owner", "--no-privileges", f"--file={script}", str(dumped)], environment)
    before = [f"SET lock_timeout = '{SECONDS_FOR_LOCK}s'", append_only.POSTGRESQL_FUNCTION]
    # In one statement and without CASCADE: what a host made upon our tables is a reason to stop, not to drop it.
    before += [f"DROP TABLE {', '.join(map(_quoted, ours))}"] if ours else []
    once = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    before_and_after = (
        *(f"--command={line}" for line in before),
        f"--file={script}",
        f"--command={_count(schema, rows)}",
    )
    _run([psql, *once, *before_and_after], environment)


def _count(schema: str, rows: dict[str, int]) -> str:
    """A statement that fails, and with it the whole transaction, unless each table holds its rows."""
    tests = [
        f"IF (SELECT count(*) FROM {_quoted(schema)}.{_quoted(name)}) <> {count} THEN "  # noqa: S608
        f"RAISE EXCEPTION 'the backup does not hold the rows that its manifest names'; END IF;"
        for name, count in rows.items()
    ]
    return f"DO $count$ BEGIN {' '.join(tests)} END $count$"


def schema_of(connection: Connection) -> str:
    """The schema that our tables are in."""
    return str(connection.scalar(text("SELECT current_schema()")))


def _tables(connection: Connection, prefixes: tuple[str, ...]) -> list[str]:
    return sorted(name for name in inspect(connection).get_table_names() if name.startswith(prefixes))


def _program(name: str, folder: str, connection: Connection) -> str:
    """The path of a program that can talk to this server. Raises ConfigurationError."""
    found = shutil.which(name, path=folder or None)
    server = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000
    where = f"in {folder} (LMS_POSTGRESQL_BIN)" if folder else "on the PATH"
    needed = (
        f"PostgreSQL's client programs of version {server} or newer are needed: install postgresql-client-{server}, "
        f"or name their folder in LMS_POSTGRESQL_BIN, such as /usr/lib/postgresql/{server}/bin"
    )
    if found is None:
        raise ConfigurationError(f"There is no {name} {where}. {needed}")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = re.search(r"\) (\d+)", said)
    if version is None or int(version[1]) < server:
        raise ConfigurationError(f"{found} is of version {version[1] if version else '?'}. {needed}")
    return found


def _environment(connection: Connection) -> dict[str, str]:
    """The process's environment with libpq's variables for the very connection that is open here."""
    from psycopg import pq  # only where there is a PostgreSQL

    info: Any = connection.connection.driver_connection.info  # type: ignore[union-attr]
    given = {**info.get_parameters(), "password": info.password}
    names = {option.keyword.decode(): option.envvar.decode() for option in pq.Conninfo.get_defaults() if option.envvar}
    ours = {names[key]: str(value) for key, value in given.items() if value and key in names}
    return {**{key: value for key, value in os.environ.items() if not key.startswith("PG")}, **ours}


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    """Run one of the programs; its first words of complaint are told, and no row of anybody's."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = [
            line for line in done.stderr.splitlines() if line and not line.startswith(("DETAIL", "CONTEXT", "HINT"))
        ]
        raise Invalid("%(program)s failed: %(why)s", program=Path(command[0]).name, why=" ".join(said[:2]) or "?")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
