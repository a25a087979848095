"""What a layout is, and how its cells are written as SQL: formatted, and safe in a spreadsheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, String, case, cast, func, literal, null
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

# A cell that begins with one of these would run as a formula in a spreadsheet (OWASP ASVS 1.2.10); the last four
# are the full-width forms, which some spreadsheets take for the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_STARTS = "".join(FORMULA_STARTS)
_BREAKS_SQLITE = "' ' || char(13, 10, 9)"


@dataclass(frozen=True)
class Run:
    """What an export is asked for: the day on which it is true, the last like run, the titles' language.

    `verify_at` is the address at which a certificate's number is checked, up to the number.
    """

    today: date
    since: datetime | None
    language: str
    verify_at: str


@dataclass(frozen=True)
class Column:
    """One column: its name and the SQL of its cell."""

    name: str
    cell: ColumnElement[Any]


@dataclass(frozen=True)
class Layout:
    """A published order of columns; `build(run, conditions)` gives the query.

    `key` is the whole number by which the rows are ordered, so that a writer may take them in slices.
    """

    name: str
    version: str
    names: tuple[str, ...]
    key: InstrumentedAttribute[int]
    build: Callable[[Run, Sequence[ColumnElement[bool]]], Select[Any]]


def words(value: Any) -> ColumnElement[Any]:
    """A text cell: one line, no formula; empty text becomes an empty cell."""
    filled = func.nullif(value, "")
    return case(
        (begins_with_letter(filled), one_line(filled)),  # nearly all; cheaper to see than what is no formula
        (begins_like_formula(filled), literal("'").concat(one_line(filled))),
        else_=one_line(filled),
    )


class begins_with_letter(FunctionElement[bool]):
    """Whether the first sign lies between A and the full-width forms: no blank, no digit, no sign of a formula."""

    type = Boolean()
    inherit_cache = True


class begins_like_formula(FunctionElement[bool]):
    """Whether a text that is not empty begins with one of FORMULA_STARTS; NULL for NULL."""

    type = Boolean()
    inherit_cache = True


class one_line(FunctionElement[str]):
    """A text with blanks in the place of line breaks and tabs."""

    type = String()
    inherit_cache = True


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
    # a cast costs a fifth of to_char; our connections write dates in ISO's order
    return f"replace(left(CAST({value} AT TIME ZONE 'UTC' AS text), 19), ' ', 'T') || '+00:00'"


@compiles(begins_with_letter, "sqlite")
def _sqlite_letter(element: Any, compiler: Any, **kw: Any) -> str:
    return f"unicode({compiler.process(element.clauses, **kw)}) BETWEEN 65 AND 65280"


@compiles(begins_with_letter, "postgresql")
def _postgresql_letter(element: Any, compiler: Any, **kw: Any) -> str:
    return f"ascii({compiler.process(element.clauses, **kw)}) BETWEEN 65 AND 65280"


@compiles(begins_like_formula, "sqlite")
def _sqlite_formula(element: Any, compiler: Any, **kw: Any) -> str:
    # one call each: instr costs a third of an IN list with a parameter for each sign
    return f"instr('{_STARTS}', substr(ltrim({compiler.process(element.clauses, **kw)}, {_BREAKS_SQLITE}), 1, 1)) > 0"


@compiles(begins_like_formula, "postgresql")
def _postgresql_formula(element: Any, compiler: Any, **kw: Any) -> str:
    return f"strpos('{_STARTS}', left(ltrim({compiler.process(element.clauses, **kw)}, E' \\r\\n\\t'), 1)) > 0"


@compiles(one_line, "sqlite")
def _sqlite_line(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    replaced = f"replace(replace(replace({value}, char(13), ' '), char(10), ' '), char(9), ' ')"
    return f"CASE WHEN {value} GLOB '*[' || char(13, 10, 9) || ']*' THEN {replaced} ELSE {value} END"


@compiles(one_line, "postgresql")
def _postgresql_line(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    return f"CASE WHEN {value} ~ E'[\\r\\n\\t]' THEN translate({value}, E'\\r\\n\\t', '   ') ELSE {value} END"


EMPTY: ColumnElement[Any] = null()
