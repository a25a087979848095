"""Processes killed at random moments under several takers: nothing that was acknowledged is lost or there twice.

A kill leaves what the kernel has taken over, so this says nothing of a power cut: for that, see test_order.
"""

import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.checking import is_whole, lost_or_doubled
from tests.faults.field import ATTEMPTS, Field
from tests.faults.serving import Served, served
from tests.faults.sizes import SIZE, chance
from tests.faults.taker import Log, Taker

TOGETHER = 6
MOST_SECONDS = 60  # for the takers to get somewhere between two kills


class Storm:
    """Takers at work until the last kill; each then finishes the attempt that it is at."""

    def __init__(self, field: Field, server: Served, random: Random) -> None:
        self.field, self.server, self.log, self.random = field, server, Log(), random
        self.people: Iterator[int] = iter(range(SIZE.takers))
        self.over = threading.Event()
        self.errors: list[BaseException] = []

    def take(self, random: Random) -> None:
        """One thread: one person after the other, each until they have passed or have no attempt left."""
        try:
            for number in self.people:
                taker = Taker(self.field, number, self.server.port, self.log, random)
                for left in reversed(range(ATTEMPTS)):
                    passing = left == 0 or random.random() < 0.2
                    taker.attempt(passing)
                    if passing or self.over.is_set():
                        break
                taker.line.close()
                if self.over.is_set():
                    return
        except BaseException as error:
            self.errors.append(error)

    def kill(self, times: int) -> dict[str, int]:
        """Kill, as soon as the takers have got a little further; returns how often what was killed."""
        ways = (self.server.kill_worker,) * 6 + (self.server.kill_workers, self.server.kill_master) + (
            self.server.kill_all,
        ) * 2  # fmt: skip
        killed: dict[str, int] = {}
        for _ in range(times):
            with self.log.progress:
                wanted = self.log.requests + self.random.randint(1, 12)
                reached = self.log.progress.wait_for(
                    lambda wanted=wanted: self.log.requests >= wanted or self.errors, MOST_SECONDS
                )
            assert reached, f"nobody was answered for {MOST_SECONDS} s: {self.server.log.read_text()[-2000:]}"
            self.over.wait(self.random.uniform(0, 0.01))  # into the middle of what is under way
            way = self.random.choice(ways)
            way(self.random)
            killed[way.__name__] = killed.get(way.__name__, 0) + 1
        return killed


def test_no_kill_loses_or_doubles_what_was_acknowledged(durable_field: Field, tmp_path: Path) -> None:
    field, random = durable_field, chance("kills")
    with served(field, tmp_path) as server:
        storm = Storm(field, server, random)
        seeds = [random.random() for _ in range(TOGETHER)]
        threads = [threading.Thread(target=storm.take, args=(Random(seed),)) for seed in seeds]
        for thread in threads:
            thread.start()
        try:
            killed = storm.kill(SIZE.kills)
        finally:
            storm.over.set()
            for thread in threads:
                thread.join()
    log = storm.log
    kind = "SQLite" if field.database.is_sqlite else "PostgreSQL"
    print(
        f"{kind}: {sum(killed.values())} kills {killed}, {log.requests} requests, {log.unanswered} of them unanswered, "
        f"{len(log.stored)} answers, {len(log.started)} starts, {len(log.right)} submits acknowledged"
    )
    assert not storm.errors, storm.errors
    assert lost_or_doubled(field.database, log) == []
    assert is_whole(field.database)
    assert len(log.right) > 1
