"""Migrations: no drift, safe to repeat and to meet, and a guest in the host's database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import inspect, text

from lms import migrations
from lms.db import Database
from lms.models import Base, append_only


@pytest.fixture
def blank(empty_database, tmp_path):
    """A database with nothing in it, on each kind in turn."""
    if empty_database.is_sqlite:
        made = Database(f"sqlite:///{tmp_path}/blank.sqlite3")
        yield made
        made.engine.dispose()
        return
    with empty_database.transaction() as session:
        session.execute(text("DROP SCHEMA public CASCADE"))
        session.execute(text("CREATE SCHEMA public"))
    yield empty_database


def tables(database) -> set[str]:
    with database.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def functions(database) -> list[str]:
    if database.is_sqlite:
        return []
    with database.engine.connect() as connection:
        return list(connection.scalars(text("SELECT proname FROM pg_proc WHERE proname LIKE 'lms%'")))


def downgrade(database) -> None:
    config = Config()
    config.set_main_option("script_location", "lms:migrations")
    config.set_main_option("path_separator", "os")
    with database.transaction() as session:
        config.attributes["connection"] = session.connection()
        append_only.remove(session.connection())
        command.downgrade(config, "base")


def test_an_upgraded_empty_database_shows_no_drift(blank) -> None:
    migrations.upgrade(blank)
    migrations.check(blank)
    assert tables(blank) == set(Base.metadata.tables) | {migrations.VERSION_TABLE}


def test_a_drift_is_seen(blank) -> None:
    migrations.upgrade(blank)
    with blank.transaction() as session:
        session.execute(text("ALTER TABLE lms_fact_texts ADD COLUMN extra INTEGER"))
    with pytest.raises(CommandError, match="New upgrade operations detected"):
        migrations.check(blank)


def test_upgrading_twice_changes_nothing(blank) -> None:
    migrations.upgrade(blank)
    before = tables(blank)
    migrations.upgrade(blank)
    migrations.check(blank)
    assert tables(blank) == before


def test_the_hosts_tables_are_neither_seen_nor_touched(blank) -> None:
    with blank.transaction() as session:
        for statement in (
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
            "INSERT INTO alembic_version VALUES ('host-7')",
            "CREATE TABLE users (id INTEGER, name TEXT)",
            "INSERT INTO users VALUES (1, 'host user')",
        ):
            session.execute(text(statement))
    migrations.upgrade(blank)
    migrations.check(blank)
    downgrade(blank)
    with blank.read() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "host-7"
        assert session.execute(text("SELECT id, name FROM users")).all() == [(1, "host user")]


def test_upgrades_that_meet_wait_for_each_other(blank) -> None:
    start = Barrier(4)
    url = blank.url.render_as_string(hide_password=False)

    def run() -> None:
        database = Database(url)
        start.wait()
        migrations.upgrade(database)
        database.engine.dispose()

    with ThreadPoolExecutor(4) as threads:
        for future in [threads.submit(run) for _ in range(4)]:
            future.result()
    migrations.check(blank)


def test_a_downgrade_leaves_nothing_of_ours(blank) -> None:
    migrations.upgrade(blank)
    downgrade(blank)
    assert tables(blank) == {migrations.VERSION_TABLE}, "Alembic keeps its empty table"
    assert functions(blank) == []
    migrations.upgrade(blank)
    migrations.check(blank)
