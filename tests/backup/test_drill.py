"""The drill: fill, back up while others write, change, restore; everything is as it was at the backup's moment."""

import stat
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from alembic import command
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from lms import migrations
from lms.backup import read_manifest
from lms.db import Database
from lms.models import AuditEntry, Completion, append_only
from lms.schema import VERSION_TABLE, current_version, newest_version
from tests.backup.conftest import Keeper
from tests.services import steps
from tests.world import NOW


def execute(database: Database, *statements: str) -> None:
    with database.transaction() as session:
        for statement in statements:
            session.execute(text(statement))


def scalar(database: Database, statement: str) -> object:
    with database.read() as session:
        return session.scalar(text(statement))


def test_everything_is_as_it_was(keeper: Keeper, who) -> None:  # type: ignore[no-untyped-def]
    database = keeper.database
    steps.take(database, who("amina"))
    before = steps.contents(database)
    made = keeper.back_up()
    assert made.rows == {name: len(rows) for name, rows in before.items()}
    steps.take(database, who("wei"))
    execute(database, "UPDATE lms_people SET display_name = 'Spoiled'", "DELETE FROM lms_standings")
    done = keeper.restore()
    assert steps.contents(database) == before
    migrations.check(database)
    assert done.tables_version == newest_version()


def test_facts_refuse_change_and_work_goes_on_after_a_restore(keeper: Keeper, who) -> None:  # type: ignore[no-untyped-def]
    database = keeper.database
    steps.take(database, who("amina"))
    keeper.back_up()
    keeper.restore()
    for statement in ("UPDATE lms_completions SET expires_on = NULL", "DELETE FROM lms_audit_entries"):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
            session.execute(text(statement))
    steps.take(database, who("wei"))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Completion)) == 2


def note(database: Database, name: str) -> None:
    """One transaction of two rows, which a backup must hold both or not at all."""
    with database.transaction() as session:
        for part in ("first", "second"):
            session.add(AuditEntry(at=NOW, action=part, object_kind="drill", object_ref=name))
            session.flush()


def notes(database: Database, action: str) -> set[str]:
    query = select(AuditEntry.object_ref).where(AuditEntry.object_kind == "drill", AuditEntry.action == action)
    with database.read() as session:
        return set(session.scalars(query))


def test_a_backup_while_others_write_is_one_moment(keeper: Keeper) -> None:
    database, writing, stop = keeper.database, Event(), Event()
    for number in range(20):
        note(database, f"before-{number}")

    def write() -> int:
        number = 0
        while not stop.is_set():
            note(database, f"during-{number}")
            number += 1
            writing.set()
        return number

    with ThreadPoolExecutor(1) as threads:
        writer = threads.submit(write)
        assert writing.wait(timeout=30)
        try:
            made = keeper.back_up()
        finally:
            stop.set()
        written = writer.result()
    note(database, "after")
    keeper.restore()
    held = notes(database, "first")
    assert held == notes(database, "second"), "no transaction was cut in two"
    assert {f"before-{number}" for number in range(20)} | {"during-0"} <= held
    assert "after" not in held
    during = {name for name in held if name.startswith("during-")}
    assert during == {f"during-{number}" for number in range(len(during))}, "what is held has no gap"
    assert len(during) <= written
    assert sum(made.rows.values()) > 40


def test_an_empty_installation_needs_not_be_told_to_replace(keeper: Keeper, who) -> None:  # type: ignore[no-untyped-def]
    steps.take(keeper.database, who("amina"))
    keeper.back_up()
    before = steps.contents(keeper.database)
    drop_all(keeper.database)
    migrations.upgrade(keeper.database)
    keeper.restore(replace=False)
    assert steps.contents(keeper.database) == before


def drop_all(database: Database) -> None:
    """What `flask lms uninstall` leaves: nothing."""
    with database.transaction() as session:
        connection = session.connection()
        append_only.remove(connection)
        config = migrations._config(connection)
        command.downgrade(config, "base")


def test_a_backup_of_an_older_version_is_upgraded(keeper: Keeper) -> None:
    database = keeper.database
    drop_all(database)
    with database.transaction() as session:
        connection = session.connection()
        command.upgrade(migrations._config(connection), "0001")
        session.add(AuditEntry(at=NOW, action="old", object_kind="drill", object_ref="old"))
    assert keeper.back_up().tables_version == "0001"
    migrations.upgrade(database)
    keeper.restore()
    with database.engine.connect() as connection:
        assert current_version(connection) == newest_version()
    migrations.check(database)
    assert notes(database, "old") == {"old"}
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(text("DELETE FROM lms_audit_entries"))


HOSTS_OWN = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)",
    "INSERT INTO customers VALUES (1, 'canary of the host')",
    "CREATE VIEW loud AS SELECT upper(name) AS name FROM customers",
)


def test_the_hosts_own_tables_are_neither_held_nor_touched(keeper: Keeper) -> None:
    database = keeper.database
    execute(database, *HOSTS_OWN)
    made = keeper.back_up()
    assert not [name for name in made.rows if not name.startswith("lms_")]
    with zipfile.ZipFile(keeper.file) as packed:
        assert b"canary of the host" not in packed.read(made.member)
    execute(database, "UPDATE customers SET name = 'changed since'")
    keeper.restore()
    assert scalar(database, "SELECT name FROM loud") == "CHANGED SINCE"


def test_tables_that_the_host_adds_are_held(keeper: Keeper) -> None:
    """As the first host does with its accounts, which lie in the same database."""
    database, keeper.prefixes = keeper.database, ("lms_", "host_")
    execute(database, "CREATE TABLE host_user (id INTEGER PRIMARY KEY, email TEXT)")
    execute(database, "INSERT INTO host_user VALUES (1, 'amina@lantern.example')")
    assert keeper.back_up().rows["host_user"] == 1
    execute(database, "DELETE FROM host_user")
    keeper.restore()
    assert scalar(database, "SELECT email FROM host_user") == "amina@lantern.example"


def test_a_backup_of_records_alone_leaves_the_accounts(keeper: Keeper) -> None:
    database = keeper.database
    keeper.back_up()
    execute(database, "CREATE TABLE host_user (id INTEGER PRIMARY KEY)", "INSERT INTO host_user VALUES (7)")
    keeper.prefixes = ("lms_", "host_")
    keeper.restore()
    assert scalar(database, "SELECT id FROM host_user") == 7


def test_the_file_says_what_it_is_and_is_for_its_owner_alone(keeper: Keeper) -> None:
    made = keeper.back_up()
    assert read_manifest(keeper.file) == made
    assert made.moment == NOW
    assert made.rows[VERSION_TABLE] == 1
    assert len(made.sha256) == 64
    assert stat.S_IMODE(keeper.file.stat().st_mode) == 0o600
    assert [path.name for path in keeper.file.parent.glob("*.partial")] == []


def test_what_is_newer_than_the_backup_is_counted(keeper: Keeper, who) -> None:  # type: ignore[no-untyped-def]
    from datetime import timedelta

    from lms.services.exports import begin_export
    from lms.services.records import RecordFilter

    keeper.back_up()
    later = who("ingrid", at=NOW + timedelta(hours=1))
    with keeper.database.transaction() as session:
        begin_export(session, later, layout="full_v1", format="csv", wanted=RecordFilter(), purpose="Payroll")
    done = keeper.restore()
    assert done.later_exports == 1
    assert done.lost_acts >= 1
