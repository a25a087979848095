"""The connection cut after every byte (in the short form, every third) of request and answer, on each act of a quiz."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults.checking import lost_or_doubled
from tests.faults.cutting import DOWN, UP, Proxy
from tests.faults.field import ATTEMPTS, Field
from tests.faults.serving import served
from tests.faults.sizes import SIZE, chance
from tests.faults.taker import Line, Log, Taker


class Cuts:
    """Whole attempts over a line that is cut once in each act, a little further with each attempt."""

    def __init__(self, field: Field, proxy: Proxy) -> None:
        self.field, self.proxy, self.log, self.random = field, proxy, Log(), chance("cuts")
        self.people = iter(range(SIZE.takers))

    def everywhere(self, direction: str, step: int, fresh: int) -> None:
        """Attempts until every act of one is answered before its first cut is reached.

        Each act is cut after every `step` bytes of the `fresh` that are this attempt's, and then sent whole.
        """
        attempts = self._attempts()
        for begin in range(0, 100_000, fresh):
            taker, passing = next(attempts)
            before = self.proxy.cuts
            places = range(begin, begin + fresh, step)
            taker.before_try = lambda number, line=taker.line, at=places: self._plan(line, direction, at[number:])
            taker.attempt(passing)
            taker.line.close()
            if self.proxy.cuts == before:
                return
        raise AssertionError("an act has no end")

    def _plan(self, line: Line, direction: str, places: Sequence[int]) -> None:
        """Each try has a connection of its own, and is cut at the next place."""
        line.close()
        if places:
            self.proxy.cut_next(direction, places[0])

    def _attempts(self) -> Iterator[tuple[Taker, bool]]:
        """Somebody's next attempt; of ten the last one passes."""
        for number in self.people:
            taker = Taker(self.field, number, self.proxy.port, self.log, self.random)
            taker.saves_at_once = True
            for left in reversed(range(ATTEMPTS)):
                yield taker, left == 0


def test_no_cut_loses_or_doubles_anything(field: Field, tmp_path: Path) -> None:
    kind, step = ("SQLite" if field.database.is_sqlite else "PostgreSQL"), SIZE.step
    with served(field, tmp_path) as server:
        proxy = Proxy(server.port)
        try:
            cuts = Cuts(field, proxy)
            for direction in (UP, DOWN):
                cuts.everywhere(direction, step, max(step, SIZE.fresh))
        finally:
            proxy.stop()
    log = cuts.log
    print(
        f"{kind}: {proxy.cuts} cuts, after every {step} bytes, {log.requests} requests, {log.unanswered} unanswered; "
        f"{len(log.stored)} answers, {len(log.started)} starts, {len(log.right)} submits acknowledged"
    )
    assert proxy.cuts == log.unanswered
    assert lost_or_doubled(field.database, log) == []
