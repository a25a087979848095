"""What is acknowledged is on the disk before: the order of the calls, as the kernel sees them.

A power cut takes what was written and not flushed. Killing processes cannot show that, and so no other test here can.
"""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.field import ATTEMPTS, Field
from tests.faults.serving import served
from tests.faults.sizes import SIZE, chance
from tests.faults.taker import Log, Taker
from tests.faults.tracing import Trace, traced

WORKERS = 2  # that the host's configuration starts: all of them are followed


def take(field: Field, port: int, attempts: int) -> Log:
    """Whole attempts, one after the other; the last of each taker passes."""
    log, random = Log(), chance("order")
    for number in range(-(-attempts // ATTEMPTS)):
        taker = Taker(field, number, port, log, random)
        for left in reversed(range(min(ATTEMPTS, attempts - number * ATTEMPTS))):
            taker.attempt(passing=left == 0)
        taker.line.close()
    return log


def test_each_answer_leaves_after_what_it_says_is_kept(durable_field: Field, tmp_path: Path) -> None:
    field, calls = durable_field, tmp_path / "calls"
    with served(field, tmp_path) as server:
        first = Taker(field, SIZE.takers - 1, server.port, Log(), chance("first"))
        first.start()
        while len(server.workers()) < WORKERS:  # the second is born after the first, and may answer everybody
            first.start()  # it goes on with the open attempt
        first.line.close()
        try:
            with traced(server.workers(), calls):
                log = take(field, server.port, SIZE.in_order)
        except PermissionError as error:
            pytest.skip(f"this system lets nobody trace a process: {error}")
    trace = Trace().read(calls)
    kind = "SQLite" if field.database.is_sqlite else "PostgreSQL"
    answers = sum(trace.answered.values())
    print(f"{kind}: the order of {answers} answers {trace.answered}, {len(trace.too_early)} of them too early")
    assert trace.too_early == []
    assert trace.after == []
    assert answers == log.requests - log.unanswered
    assert set(trace.answered) == {"attempts", "answers", "submit"}


def test_the_database_says_that_it_flushes(durable_field: Field) -> None:
    if durable_field.database.is_sqlite:
        wanted = {"synchronous": "2", "journal_mode": "wal"}
        ask = "PRAGMA {}"
    else:
        wanted = {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
        ask = "SHOW {}"
    with durable_field.database.transaction() as session:
        found = {name: str(session.scalar(text(ask.format(name)))) for name in wanted}
    assert found == wanted
