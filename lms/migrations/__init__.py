"""Alembic scripts with a version table of their own; a host's migrations are neither seen nor touched."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, inspect, select, text

from lms.db import Database
from lms.models import Base, append_only
from lms.models.base import PREFIX
from lms.schema import VERSION_TABLE


def upgrade(database: Database) -> None:
    """Bring the tables to the newest version; safe to call from several processes at once, and again."""
    with _alone(database) as connection:
        command.upgrade(_config(connection), "head")
        append_only.install(connection)


def check(database: Database) -> None:
    """Raise alembic's CommandError when the tables differ from the models."""
    with _alone(database) as connection:
        command.check(_config(connection))
        append_only.install(connection)


def count_rows(database: Database) -> int:
    """How many rows `uninstall` would delete."""
    with database.snapshot() as session:
        there = set(inspect(session.connection()).get_table_names())
        tables = [table for table in Base.metadata.sorted_tables if table.name in there]
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def uninstall(database: Database) -> None:
    """Delete every table, index, trigger and function of ours, with all that is in them, and nothing else.

    All or nothing. What a host has tied to our tables, such as a view, is not taken along: the database refuses.
    """
    with _alone(database) as connection:
        command.upgrade(_config(connection), "head")  # the models know the newest tables alone
        Base.metadata.drop_all(connection)
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """One transaction in which no other migration runs and no trigger refuses."""
    with database.transaction() as session:
        connection = session.connection()
        if not database.is_sqlite:  # SQLite's write transaction is a lock already
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lms_migrations'))"))
        append_only.remove(connection)
        yield connection


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "lms:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def belongs_to_plugin(name: str | None, kind: str, _parents: object) -> bool:
    """Alembic's `include_name`: tables of other prefixes are not ours to compare or drop."""
    return kind != "table" or (name is not None and name.startswith(PREFIX) and name != VERSION_TABLE)
