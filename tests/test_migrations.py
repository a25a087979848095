"""Migrations: no drift, safe to repeat and to meet, and a guest in the host's database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from lms import migrations
from lms.db import Database
from lms.models import Base, append_only
from lms.rules.certificates import read_number
from tests.services import steps
from tests.working import make_worker


@pytest.fixture
def blank(empty_database, tmp_path):
    """A database with nothing in it, on each kind in turn."""
    if empty_database.is_sqlite:
        made = Database(f"sqlite:///{tmp_path}/blank.sqlite3")
        yield made
        made.dispose()
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


def downgrade(database, to: str = "base") -> None:
    config = Config()
    config.set_main_option("script_location", "lms:migrations")
    config.set_main_option("path_separator", "os")
    with database.transaction() as session:
        config.attributes["connection"] = session.connection()
        append_only.remove(session.connection())
        command.downgrade(config, to)


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
        database.dispose()

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


def test_completions_of_before_0002_get_certificate_numbers(database, who) -> None:
    """Each its own, in the printed form; the rows are as they were, and can be changed no more than before."""
    for person in ("amina", "wei", "jose"):
        steps.take(database, who(person))
    before = without_number(database)
    downgrade(database, "0001")
    with database.engine.connect() as connection:
        assert "certificate_number" not in {c["name"] for c in inspect(connection).get_columns("lms_completions")}
    migrations.upgrade(database)
    migrations.check(database)
    assert without_number(database) == before
    with database.read() as session:
        numbers = list(session.scalars(text("SELECT certificate_number FROM lms_completions")))
    assert len(set(numbers)) == len(numbers) == 3
    assert all(read_number(number) == number for number in numbers)
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(text("UPDATE lms_completions SET certificate_number = NULL"))


def without_number(database) -> list[tuple[object, ...]]:
    """The completions, as far as both versions of the table have them."""
    columns = "ref, enrolment_id, version_id, attempt_id, effective_at, recorded_at, expires_on, application_due_on"
    with database.read() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT {columns} FROM lms_completions ORDER BY id"))]


def test_completions_of_before_0015_stay_what_they_were(database, who) -> None:
    """SQLite gets a new table of that name: what refers to the rows still finds them, and nothing of them moves."""
    for person in ("amina", "wei"):
        steps.take(database, who(person))
    steps.withdraw(database, who("ingrid"), "wei")
    before = {name: rows for name, rows in steps.contents(database).items() if name != migrations.VERSION_TABLE}
    downgrade(database, "0014")
    migrations.upgrade(database)
    migrations.check(database)
    after = steps.contents(database)
    differing = {name for name, rows in before.items() if after[name] != rows}
    assert {
        name for name in differing if name != "lms_people_imports" and not name.startswith("lms_import_")
    } == set()  # 0024 keeps counts of lines
    if database.is_sqlite:
        with database.read() as session:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    with pytest.raises(DatabaseError, match="append-only"), database.transaction() as session:
        session.execute(text("DELETE FROM lms_completions"))


def test_evidence_of_before_0010_keeps_its_source_and_levels_follow(database, who) -> None:
    """The completion that it rests on becomes its source; a job computes the levels, which are stored since then."""
    for person in ("amina", "wei"):
        steps.take(database, who(person))
    before = steps.contents(database)
    downgrade(database, "0009")
    migrations.upgrade(database)
    after = steps.contents(database)
    assert after["lms_evidence"] == before["lms_evidence"]
    make_worker(database, 0).run(once=True)
    assert steps.contents(database)["lms_levels"] == before["lms_levels"]


def test_a_completion_by_attendance_is_lost_by_no_downgrade(database, who) -> None:
    steps.take(database, who("amina"))
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO lms_completions (ref, enrolment_id, version_id, effective_at, recorded_at) "
                "SELECT 'attended', enrolment_id, version_id, effective_at, recorded_at FROM lms_completions"
            )
        )
    with steps.unchanged(database), pytest.raises(DatabaseError):
        downgrade(database, "0009")
