"""The export as HR starts it on its page, beside COPY and the csv module on the same query.

Rows per second are medians of five runs.
"""

import csv
import io
import statistics
import time
from datetime import UTC, datetime

from bench.pages import PREFIX, Stage, token_of
from lms.db import Database
from lms.demonstration.cast import INGRID
from lms.exports import LAYOUTS, Run
from lms.exports.layout import apart

RUNS = 5
FIELDS = {"layout": "full_v1", "format": "csv", "purpose": "Measuring how fast it is"}


def measure_export(stage: Stage, database: Database) -> dict[str, float]:
    """Rows per second over HTTP, seconds to the first byte, and the share of the fastest plain way."""
    visitor = stage.visitor(INGRID)
    fields = {**FIELDS, "csrf_token": token_of(visitor.get(f"{PREFIX}/exports").body)}
    rates, firsts, beside = [], [], []
    for _ in range(RUNS):
        begun = time.perf_counter()
        first, lines = visitor.stream(f"{PREFIX}/exports", fields)
        rates.append((lines - 1) / (time.perf_counter() - begun))
        firsts.append(first)
        begun = time.perf_counter()
        _by_hand(database)
        beside.append((lines - 1) / (time.perf_counter() - begun))
    rate, plain = statistics.median(rates), statistics.median(beside)
    figures = {"rows": lines - 1, "rows_per_second": rate, "first_byte_seconds": statistics.median(firsts)}
    return {**figures, "beside_it_rows_per_second": plain, "share": rate / plain}


def _by_hand(database: Database) -> None:
    """COPY on PostgreSQL, the csv module on SQLite: the same columns apart, without hash, count and web server."""
    query = LAYOUTS["full_v1"].build(Run(datetime.now(UTC).date(), None, "en", ""), [], (), apart)
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
