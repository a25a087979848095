"""What a layout is, and how its cells are written as SQL: formatted, and safe in a spreadsheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, null
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

# A cell that begins with one of these would run as a formula in a spreadsheet (OWASP ASVS 1.2.10); the last four
# are the full-width forms, which some spreadsheets take for the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class Run:
    """What an export is asked for: the day on which it is true, the last like run, the titles' language."""

    today: date
    since: datetime | None
    language: str


@dataclass(frozen=True)
class Column:
    """One column: its name and the SQL of its cell."""

    name: str
    cell: ColumnElement[Any]


@dataclass(frozen=True)
class Layout:
    """A published order of columns; `build(run)` gives the columns and the joined query."""

    name: str
    version: str
    names: tuple[str, ...]
    build: Callable[[Run, Sequence[ColumnElement[bool]]], Select[Any]]


def words(value: Any) -> ColumnElement[Any]:
    """A text cell: one line, no formula; empty text becomes an empty cell."""
    line = func.replace(func.replace(func.replace(value, "\r", " "), "\n", " "), "\t", " ")
    guarded = case((func.substr(line, 1, 1).in_(FORMULA_STARTS), literal("'").concat(line)), else_=line)
    return func.nullif(guarded, "")


def code(value: Any) -> ColumnElement[Any]:
    """A cell from a list or an identifier of ours: never begins like a formula, never holds a line break."""
    return func.nullif(value, "")


def number(value: Any) -> ColumnElement[Any]:
    """A whole number."""
    return cast(value, String)


def day(value: Any) -> ColumnElement[Any]:
    """A date as YYYY-MM-DD, as both databases write it."""
    return cast(value, String)


def flag(condition: Any) -> ColumnElement[Any]:
    """Y or N."""
    return case((condition, "Y"), else_="N")


def hours(minutes: Any) -> ColumnElement[Any]:
    """Minutes as hours with two decimals and a point."""
    hundredths = (minutes * 100 + 30) // 60
    zero = case((hundredths % 100 < 10, "0"), else_="")
    return cast(hundredths // 100, String).concat(".").concat(zero).concat(cast(hundredths % 100, String))


class instant(FunctionElement[str]):
    """A UTC instant as 2026-11-23T14:05:09+00:00."""

    type = String()
    inherit_cache = True


@compiles(instant, "sqlite")
def _sqlite_instant(element: Any, compiler: Any, **kw: Any) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%S+00:00', {compiler.process(element.clauses, **kw)})"


@compiles(instant, "postgresql")
def _postgresql_instant(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    return f"""to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')"""


EMPTY: ColumnElement[Any] = null()
