"""The plugin's own engine: durable, fair to writers, open to readers, silent about values, whole after a full disk."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from lms.db import Busy, Database
from lms.models import AuditEntry, OrgUnit, Person
from tests.services import steps
from tests.world import NOW

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "secure_delete": 1,
}


def test_pragmas_hold_on_every_connection(sqlite) -> None:
    with sqlite.engine.connect() as one, sqlite.engine.connect() as two:
        for connection in (one, two):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
            assert found == PRAGMAS


def test_postgresql_speaks_utc(database) -> None:
    if not database.is_sqlite:
        with database.read() as session:
            assert session.scalar(text("SHOW timezone")) == "UTC"


def test_writers_come_one_after_the_other(sqlite) -> None:
    """Each reads, adds one and writes; none overwrites another's."""
    start = Barrier(6)

    def add() -> None:
        start.wait()
        for _ in range(5):
            with sqlite.transaction() as session:
                unit = session.scalars(select(OrgUnit).where(OrgUnit.code == "HUB")).one()
                unit.name = str(int(unit.name) + 1)

    with sqlite.transaction() as session:
        session.scalars(select(OrgUnit).where(OrgUnit.code == "HUB")).one().name = "0"
    with ThreadPoolExecutor(6) as threads:
        for future in [threads.submit(add) for _ in range(6)]:
            future.result()
    with sqlite.read() as session:
        assert session.scalar(select(OrgUnit.name).where(OrgUnit.code == "HUB")) == "30"


def test_a_second_writer_waits_for_the_first(sqlite) -> None:
    entered, order = Event(), []

    def second() -> None:
        entered.set()
        with sqlite.transaction():
            order.append("second")

    with ThreadPoolExecutor(1) as threads:
        with sqlite.transaction():
            waiting = threads.submit(second)
            assert entered.wait(timeout=10)
            order.append("first")
        waiting.result()
    assert order == ["first", "second"]


def test_a_writer_that_waits_too_long_is_refused_and_the_next_one_writes(sqlite) -> None:
    beside = Database(sqlite.url)  # as another process holds it
    with steps.unchanged(sqlite), beside.transaction():
        for _ in range(3):
            with pytest.raises(Busy, match=r"longer than 0\.01 seconds"), sqlite.transaction(patience=0.01) as session:
                session.add(OrgUnit(code="NEW", name="New"))
    _add_unit(sqlite)
    _add_unit(beside, code="NEWER")
    beside.dispose()


def test_whoever_walks_away_stops_nobody_else(sqlite) -> None:
    order: list[int] = []
    joined = [Event() for _ in range(4)]

    def write(number: int) -> None:
        joined[number].set()
        with sqlite.transaction(patience=0.01 if number == 1 else None):
            order.append(number)

    with ThreadPoolExecutor(4) as threads:
        with sqlite.transaction():
            waiting = []
            for number in range(4):
                waiting.append(threads.submit(write, number))
                assert joined[number].wait(timeout=10)
            assert isinstance(waiting[1].exception(), Busy)
        for number in (0, 2, 3):
            waiting[number].result()
    assert sorted(order) == [0, 2, 3]


def test_a_lock_file_that_cannot_be_opened_is_said(sqlite, tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path}/there/x.sqlite3")
    Path(tmp_path, "there").rmdir()
    for _ in range(2):  # the queue outlives the fault
        with pytest.raises(FileNotFoundError), database.transaction():
            pass
    Path(tmp_path, "there").mkdir()
    with database.transaction() as session:
        session.execute(text("CREATE TABLE sheets (id INTEGER)"))
    database.dispose()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # newer Pythons warn of forks beside threads
def test_a_child_that_was_forked_queues_anew(sqlite) -> None:
    """As gunicorn's workers do, where the parent has written before."""
    _add_unit(sqlite)
    child = os.fork()
    if child == 0:
        try:
            sqlite.dispose(close=False)
            _add_unit(sqlite, code="OF CHILD")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    with sqlite.read() as session:
        assert session.scalar(select(OrgUnit.id).where(OrgUnit.code == "OF CHILD")) is not None


def test_a_reader_is_not_blocked_and_sees_what_is_committed(database) -> None:
    with database.transaction() as session:
        session.scalars(select(OrgUnit).where(OrgUnit.code == "HUB")).one().name = "Renamed"
        session.flush()
        with database.read() as reader:
            assert reader.scalar(select(OrgUnit.name).where(OrgUnit.code == "HUB")) == "Global hub"
    with database.read() as reader:
        assert reader.scalar(select(OrgUnit.name).where(OrgUnit.code == "HUB")) == "Renamed"


def test_a_snapshot_sees_one_moment(database) -> None:
    people = select(func.count()).select_from(OrgUnit)
    with database.snapshot() as snapshot:
        before = snapshot.scalar(people)
        with database.transaction() as session:
            session.add(OrgUnit(code="NEW", name="New"))
        assert snapshot.scalar(people) == before
    with database.read() as session:
        assert session.scalar(people) == before + 1


def _add_unit(database: Database, error: type[BaseException] | None = None, code: str = "NEW") -> None:
    with database.transaction() as session:
        session.add(OrgUnit(code=code, name="New"))
        session.flush()
        if error:
            raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_rolls_everything_back(database, error) -> None:
    with steps.unchanged(database), pytest.raises(error):
        _add_unit(database, error)
    _add_unit(database)


def test_a_read_session_keeps_nothing(database) -> None:
    """SQLite rolls it back; PostgreSQL does not even take it."""
    refused = nullcontext() if database.is_sqlite else pytest.raises(DBAPIError, match="read-only")
    with steps.unchanged(database), database.read() as session:
        session.add(OrgUnit(code="NEW", name="New"))
        with refused:
            session.flush()


def test_errors_tell_no_values(database) -> None:
    """No e-mail reaches a log through the text of an error."""
    person = Person(kind="nobody", display_name="x", email_key="secret@x.example", created_at=NOW, changed_at=NOW)
    with pytest.raises(IntegrityError) as refused, database.transaction() as session:
        session.add(person)
    assert "parameters hidden" in str(refused.value)
    for error in (refused.value, refused.value.orig):
        assert "kind" in str(error), "what was wrong is still told"
        assert "secret@x.example" not in str(error)


@contextmanager
def _full_disk(database: Database) -> Iterator[None]:
    """No connection may make the file any larger."""
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def limit(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    def lift(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count=1073741823")

    event.listen(database.engine, "checkout", limit)
    event.listen(database.engine, "checkin", lift)
    yield
    event.remove(database.engine, "checkout", limit)


def _write_much(database: Database) -> None:
    with database.transaction() as session:
        for number in range(400):
            session.add(
                AuditEntry(at=NOW, actor_id=1, action="x" * 60, object_kind="y" * 40, object_ref=f"{number:080}")
            )
            session.flush()


def test_a_full_disk_loses_nothing(sqlite, who) -> None:
    steps.take(sqlite, who("amina"))
    with steps.unchanged(sqlite), _full_disk(sqlite), pytest.raises(OperationalError, match="full"):
        _write_much(sqlite)
    with sqlite.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    _write_much(sqlite)
    steps.take(sqlite, who("wei"))


@pytest.mark.postgresql
def test_a_connection_that_broke_while_it_rested_is_replaced(database, monkeypatch) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has no server that could go away")
    monkeypatch.setattr("lms.db.REST", -1)
    with database.read() as session:
        broken = session.scalar(text("SELECT pg_backend_pid()"))
    with database.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": broken})
    with database.read() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != broken
