"""Several acts at the same time: in threads that start together, or one that meets another half done."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from lms.db import Database


def together(database: Database, act: Callable[[Session], Any], times: int = 6) -> list[Any]:
    """What each of the acts returned or raised, each in its own transaction and thread."""
    start = Barrier(times)

    def run() -> Any:
        start.wait()
        return _in_transaction(database, act)

    with ThreadPoolExecutor(times) as threads:
        return [future.result() for future in [threads.submit(run) for _ in range(times)]]


def meeting(database: Database, first: Callable[[Session], Any], second: Callable[[Session], Any]) -> Any:
    """What the second act returned or raised, when it began before the first was committed."""
    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as session:
            first(session)
            session.flush()
            running = threads.submit(_in_transaction, database, second)
            _wait_until_blocked(database, running)
        return running.result()


def _in_transaction(database: Database, act: Callable[[Session], Any]) -> Any:
    try:
        with database.transaction() as session:
            return act(session)
    except Exception as error:  # the test asserts which
        return error


def _wait_until_blocked(database: Database, running: Future[Any]) -> None:
    """PostgreSQL says when the second waits for the first; on SQLite it waits at the door already."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.engine.connect() as connection:
        while not database.is_sqlite and not running.done() and not connection.scalar(waiting):
            connection.rollback()
