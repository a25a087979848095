"""Rows that wait to be written together, a slice in one transaction; in the database's own fastest way."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Table, bindparam, delete, func, select, text, update
from sqlalchemy.orm import Session

from lms.db import Database
from lms.models import Attempt, Base, Person, Standing

_AT_ONCE = 500
_POSITION = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")


class Slices:
    """Rows of facts in the order of the acts, and the newest state of the few rows that move."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.count = 0
        self._facts: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._standings: dict[int, dict[str, Any]] = {}
        self._closed: list[dict[str, Any]] = []
        self._people: list[dict[str, Any]] = []
        self._last: dict[type[Any], int] = {}

    def add(self, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
        """Rows of like keys; the columns' own defaults fill the rest."""
        waiting = self._facts[model]
        before = len(waiting)
        waiting += rows
        self.count += len(waiting) - before

    def set_standing(self, row: dict[str, Any]) -> None:
        """The newest standing of an enrolment."""
        self._standings[row["enrolment_id"]] = row

    def close_attempt(self, row: dict[str, Any]) -> None:
        """The attempt is handed in; as long as its row waits, that is all."""
        row["is_open"] = False
        self._closed.append(row)

    def change_person(self, person_id: int, values: dict[str, Any]) -> None:
        """What a person changed on the profile."""
        self._people.append({"person": person_id, **values})

    def number(self, model: type[Any]) -> int:
        """The id of the next row, as the database would give it."""
        if model not in self._last:
            with self.database.read() as session:
                self._last[model] = session.scalar(select(func.max(model.id))) or 0
        self._last[model] += 1
        return self._last[model]

    def write(self) -> None:
        """Write what waits. Afterwards others may write: ids are counted anew."""
        if self.count:
            with self.database.transaction() as session:
                self._change(session)
                self._insert(session)
        self.count = 0
        self._last.clear()

    def _change(self, session: Session) -> None:
        waiting = {row["id"] for row in self._facts[Attempt]}
        closed = [{"attempt": row["id"]} for row in self._closed if row["id"] not in waiting]
        _update(session, Attempt, "attempt", [{**row, "is_open": False} for row in closed])
        _update(session, Person, "person", self._people)
        ids = list(self._standings)
        for start in range(0, len(ids), _AT_ONCE):
            session.execute(delete(Standing).where(Standing.enrolment_id.in_(ids[start : start + _AT_ONCE])))
        self._closed.clear()
        self._people.clear()

    def _insert(self, session: Session) -> None:
        rows = {model.__table__: rows for model, rows in self._facts.items() if rows}
        rows[Standing.__table__] = list(self._standings.values())
        for table in Base.metadata.sorted_tables:  # what is pointed to comes first
            if rows.get(table):
                _insert(session, table, rows[table])
        if not self.database.is_sqlite:
            for model, last in self._last.items():
                session.execute(_POSITION, {"table": model.__tablename__, "last": last})
        self._facts.clear()
        self._standings.clear()


def _update(session: Session, model: Any, key: str, rows: list[dict[str, Any]]) -> None:
    """Set the other values of each row where the id is the value of `key`."""
    if rows:
        table: Table = model.__table__
        names = [name for name in rows[0] if name != key]
        statement = update(table).where(table.c.id == bindparam(key))
        session.execute(statement.values({name: bindparam(name) for name in names}), rows)


def _insert(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows: prepared on SQLite, by COPY on PostgreSQL; either costs a third of a statement for each."""
    connection = session.connection()
    given = list(rows[0])
    names = [*given, *(c.name for c in table.columns if c.default is not None and c.name not in rows[0])]
    columns = ", ".join(names)
    values = _converted(table, given, names, rows, connection.dialect)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({columns}) VALUES ({places})"  # noqa: S608  (our own names)
        connection.exec_driver_sql(statement, list(values))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _converted(
    table: Table, given: Sequence[str], names: Sequence[str], rows: Sequence[dict[str, Any]], dialect: Dialect
) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them, with the columns' own defaults behind what is given."""
    processors = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    converting = [(place, process) for place, process in enumerate(processors) if process]
    defaults = [_default(table.c[name].default) for name in names[len(given) :]]
    values_of = itemgetter(*given)
    for row in rows:
        values = [*values_of(row), *(default() for default in defaults)]
        for place, process in converting:
            values[place] = process(values[place])
        yield tuple(values)


def _default(default: Any) -> Callable[[], Any]:
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)
