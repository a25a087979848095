"""The plugin leaves the host's database as it was before it came: every table, index, trigger and function."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lms import migrations, schema
from lms.db import Database
from tests import world
from tests.conftest import BOTH, fresh

# Everything that a database can hold, as its own catalogue tells it; row counts stand beside.
_SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_OURS = "(SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')"
_POSTGRESQL = (
    f"SELECT relkind, relname, relpersistence, relhastriggers FROM pg_class WHERE relnamespace IN {_OURS}",
    f"SELECT attrelid::regclass, attname, atttypid::regtype, attnotnull, attidentity, pg_get_expr(adbin, adrelid)"
    f" FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
    f" WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace IN {_OURS})",
    f"SELECT pg_get_indexdef(oid) FROM pg_class WHERE relkind = 'i' AND relnamespace IN {_OURS}",
    f"SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace IN {_OURS}",
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    f"SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace IN {_OURS} AND prokind IN ('f', 'p')",
    f"SELECT typname, typtype FROM pg_type WHERE typnamespace IN {_OURS}",
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'",
    "SELECT extname FROM pg_extension",
    "SELECT setconfig FROM pg_db_role_setting",
)
_TRIGGER = {
    True: ("CREATE TRIGGER room_kept BEFORE DELETE ON room BEGIN SELECT RAISE(ABORT, 'rooms stay'); END",),
    False: (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'rooms stay'; END $$",
        "CREATE TRIGGER room_kept BEFORE DELETE ON room FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TYPE mood AS ENUM ('calm', 'loud')",
    ),
}


@pytest.fixture(params=BOTH)
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with things of a host alone in it."""
    with fresh(request, request.param, filled=False) as made:
        database = Database(f"sqlite:///{tmp_path}/host.sqlite3") if made.is_sqlite else made
        with database.transaction() as session:
            if not database.is_sqlite:
                session.execute(text("DROP SCHEMA public CASCADE"))
                session.execute(text("CREATE SCHEMA public"))
            for statement in (
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
                "INSERT INTO alembic_version VALUES ('host-7')",
                "CREATE TABLE room (id INTEGER PRIMARY KEY, name VARCHAR(20) DEFAULT 'a room' UNIQUE)",
                "CREATE TABLE lmsroom (id INTEGER PRIMARY KEY, room_id INTEGER REFERENCES room (id))",
                "CREATE INDEX ix_lms_own ON lmsroom (room_id)",
                "CREATE VIEW lmsview AS SELECT name FROM room",
                "INSERT INTO room (id) VALUES (1), (2) ON CONFLICT DO NOTHING",
                "INSERT INTO lmsroom VALUES (1, 1)",
                *_TRIGGER[database.is_sqlite],
            ):
                session.execute(text(statement))
        yield database
        database.dispose()


def everything(database: Database) -> list[list[Any]]:
    """The whole schema, sorted, and the host's rows."""
    own = ("SELECT * FROM alembic_version", "SELECT * FROM room", "SELECT * FROM lmsroom")
    with database.read() as session:
        kinds = (_SQLITE,) if database.is_sqlite else _POSTGRESQL
        return [sorted(map(repr, session.execute(text(query)))) for query in (*kinds, *own)]


def test_the_hosts_schema_is_as_before(hosts: Database, tmp_path: Path) -> None:
    before = everything(hosts)
    migrations.upgrade(hosts)
    world.fill(hosts, tmp_path)
    assert everything(hosts) != before
    assert migrations.count_rows(hosts) > 50
    migrations.uninstall(hosts)
    assert everything(hosts) == before
    assert migrations.count_rows(hosts) == 0


def test_an_older_version_goes_as_well(hosts: Database) -> None:
    before = everything(hosts)
    with hosts.transaction() as session:
        command.upgrade(migrations._config(session.connection()), schema.known_versions()[0])
    assert everything(hosts) != before
    migrations.uninstall(hosts)
    assert everything(hosts) == before


def test_it_can_come_back_and_go_again(hosts: Database) -> None:
    before = everything(hosts)
    migrations.upgrade(hosts)
    migrations.uninstall(hosts)
    migrations.upgrade(hosts)
    migrations.check(hosts)
    migrations.uninstall(hosts)
    assert everything(hosts) == before
    migrations.uninstall(hosts)  # there is nothing of ours: that is how it stays
    assert everything(hosts) == before


def test_what_the_host_has_tied_to_ours_stops_it(hosts: Database, tmp_path: Path) -> None:
    """All or nothing: nothing of the host is taken along, and nothing of ours is half gone."""
    migrations.upgrade(hosts)
    world.fill(hosts, tmp_path)
    with hosts.transaction() as session:
        session.execute(text("CREATE TABLE desk (person_id INTEGER REFERENCES lms_people (id))"))
        session.execute(text("INSERT INTO desk SELECT id FROM lms_people"))
    before, rows = everything(hosts), migrations.count_rows(hosts)
    with pytest.raises(DBAPIError):
        migrations.uninstall(hosts)
    assert everything(hosts) == before
    assert migrations.count_rows(hosts) == rows
    migrations.check(hosts)
