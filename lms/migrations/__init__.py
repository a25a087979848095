"""Alembic scripts with a version table of their own; a host's migrations are neither seen nor touched."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from lms.db import Database
from lms.models import append_only
from lms.models.base import PREFIX

VERSION_TABLE = "lms_alembic_version"


def upgrade(database: Database) -> None:
    """Bring the tables to the newest version; safe to call from several processes at once, and again."""
    _run(database, lambda config: command.upgrade(config, "head"))


def check(database: Database) -> None:
    """Raise alembic's CommandError when the tables differ from the models."""
    _run(database, command.check)


def _run(database: Database, act) -> None:  # type: ignore[no-untyped-def]
    with database.transaction() as session:
        connection = session.connection()
        if not database.is_sqlite:  # SQLite's write transaction is a lock already
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lms_migrations'))"))
        append_only.remove(connection)
        act(_config(connection))
        append_only.install(connection)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "lms:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def belongs_to_plugin(name: str | None, kind: str, _parents: object) -> bool:
    """Alembic's `include_name`: tables of other prefixes are not ours to compare or drop."""
    return kind != "table" or (name is not None and name.startswith(PREFIX) and name != VERSION_TABLE)
