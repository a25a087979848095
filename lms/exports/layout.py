"""What a layout is, and how its cells are written as SQL: formatted, and safe in a spreadsheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, String, bindparam, case, cast, func, literal, null, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import True_
from sqlalchemy.sql.functions import FunctionElement

from lms.rules.spreadsheets import FORMULA_STARTS

_STARTS = "".join(FORMULA_STARTS)  # the hyphen first: between others it would be a range in PostgreSQL's brackets
_COMMA = ", ',', "


@dataclass(frozen=True)
class Run:
    """What an export is asked for: the day on which it is true, the last like run, the titles' language.

    `verify_at` is the address at which a certificate's number is checked, up to the number. `after` is the key behind
    which the file begins. `headers` are the receiver's words for columns.
    """

    today: date
    since: datetime | None
    language: str
    verify_at: str
    after: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """One column: its name, the SQL of its cell, the same as it stands between the commas of a line, and as it is for
    a machine, which no apostrophe has to guard."""

    name: str
    cell: ColumnElement[Any]
    enclosed: ColumnElement[Any] | None = None  # None: no comma or quotation mark can be in it, so it is the cell
    plain: ColumnElement[Any] | None = None  # None: it is the cell


Conditions = Sequence[ColumnElement[bool]]
# How a format takes columns that stand side by side: each as it is, or several as one.
Pack = Callable[[Sequence[Column]], list[Column]]


def apart(columns: Sequence[Column]) -> list[Column]:
    """Each column as a cell."""
    return [Column(column.name, column.cell) for column in columns]


def as_data(columns: Sequence[Column]) -> list[Column]:
    """Each column as it is, for formats that run no formula."""
    return [Column(c.name, c.cell if c.plain is None else c.plain) for c in columns]


def as_line(columns: Sequence[Column]) -> list[Column]:
    """All columns as one, a piece of a CSV line, under the first one's name."""
    cells = [column.cell if column.enclosed is None else column.enclosed for column in columns]
    return [Column(columns[0].name, with_commas(*cells))]


@dataclass(frozen=True)
class Layout:
    """A published order of columns; `build(run, conditions, bounds, pack)` gives the query of its packed columns.

    `key` is the whole number by which the rows are ordered; bounds of it cut slices. `count` gives what the rows add
    up to, as (group, rows, sums by name). `filters` are those that it can be narrowed by, None for all; `needs` is the
    one that it cannot do without. `is_order`: a row keeps its place for ever; its key is the cursor of who reads on.
    """

    name: str
    version: str
    names: tuple[str, ...]
    key: InstrumentedAttribute[int]
    build: Callable[[Run, Conditions, Conditions, Pack], Select[Any]]
    count: Callable[[Run, Conditions], Select[Any]]
    filters: frozenset[str] | None = None
    needs: str = ""
    is_order: bool = False


def headers(layout: Layout, run: Run) -> list[str]:
    """The names of the columns, in the receiver's words where there are some."""
    return [run.headers.get(name, name) for name in layout.names]


def narrows(conditions: Conditions) -> bool:
    """Whether any condition leaves something out; what is written as "or true" does not."""
    return any(not isinstance(getattr(condition, "element", condition), True_) for condition in conditions)


# How many keys a slice takes: few at first, for the first byte, then many, because each slice has a cost of its own.
FIRST, LATER = 5000, 100_000
PIECE = 1000  # records that leave together

# Bytes, how many records they complete, and the key up to which the file is whole with them; 0 amid a slice.
Piece = tuple[bytes, int, int]


def slices(session: Session, layout: Layout, run: Run) -> Iterator[dict[str, int]]:
    """The bounds of the key, slice by slice: to sort a whole table would take long before a first row."""
    last = session.scalar(select(func.max(layout.key))) or 0
    start, size = run.after, FIRST
    while start < last:
        until = min(start + size, last)
        yield {"lms_after": start, "lms_until": until}
        start, size = until, LATER


def sliced(layout: Layout, run: Run, conditions: Conditions, pack: Pack) -> Select[Any]:
    """The query of a slice, with room for its bounds."""
    # With values from the start: without them a query that holds an IN list does not compile.
    bounds = (layout.key > bindparam("lms_after", 0), layout.key <= bindparam("lms_until", 0))
    return layout.build(run, conditions, bounds, pack)


def read_slices(
    session: Session, layout: Layout, run: Run, conditions: Conditions, pack: Pack
) -> Iterator[tuple[list[Any], int]]:
    """Rows that leave together, and the key up to which all are out with them; 0 amid a slice. At constant memory."""
    query = sliced(layout, run, conditions, pack)
    for bounds in slices(session, layout, run):
        found = session.execute(query, bounds, execution_options={"yield_per": PIECE})
        for rows in found.partitions():
            yield list(rows), 0
        yield [], bounds["lms_until"]


def words(name: str, value: Any) -> Column:
    """A text: one line, no formula; empty text becomes an empty cell."""
    # Nearly all are empty or harmless, and one question sees that; what the others need is long.
    quickly = ((value == "", null()), (or_(value.is_(None), is_harmless(value)), value))
    enclosed = case(*quickly, else_=in_quotes(guarded(value)))
    return Column(name, case(*quickly, else_=guarded(value)), enclosed, func.nullif(value, ""))


class is_harmless(FunctionElement[bool]):
    """Whether a text begins with a letter or digit and holds no line break, comma or quotation mark."""

    type = Boolean()
    inherit_cache = True


class in_quotes(FunctionElement[str]):
    """A text as RFC 4180 encloses it, where it must be."""

    type = String()
    inherit_cache = True


class with_commas(FunctionElement[str]):
    """Cells with commas between them; an unknown one is empty."""

    type = String()
    inherit_cache = True


class guarded(FunctionElement[str]):
    """A text with blanks for line breaks and tabs, behind an apostrophe if it begins with one of FORMULA_STARTS."""

    type = String()
    inherit_cache = True


def ref(name: str, value: Any) -> Column:
    """One of our unguessable names: signs of base64url alone. The old ones may begin with a hyphen."""
    guarded_ref = case((func.substr(value, 1, 1) == "-", literal("'").concat(value)), else_=value)
    return Column(name, guarded_ref, plain=value)


def code(name: str, value: Any) -> Column:
    """A code that this program made: it never begins like a formula, and holds no comma, quotation mark or break."""
    return Column(name, func.nullif(value, ""))


def address(name: str, start: str, value: Any) -> Column:
    """A web address that ends in a code of ours; `start` comes from the settings."""
    cell = literal(start).concat(value)
    return Column(name, cell, in_quotes(cell) if set(start) & set(',"') else None)


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


@compiles(is_harmless, "sqlite")
def _sqlite_harmless(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    letter = f"unicode({value}) BETWEEN 65 AND 65280 OR unicode({value}) BETWEEN 48 AND 57"
    return f"(({letter}) AND {value} NOT GLOB '*[\",' || char(13, 10, 9) || ']*')"


@compiles(is_harmless, "postgresql")
def _postgresql_harmless(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    letter = f"ascii({value}) BETWEEN 65 AND 65280 OR ascii({value}) BETWEEN 48 AND 57"
    return f"(({letter}) AND {value} !~ E'[\\r\\n\\t\",]')"


@compiles(guarded, "sqlite")
def _sqlite_guarded(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    line = f"replace(replace(replace({value}, char(13), ' '), char(10), ' '), char(9), ' ')"
    # CASE in other words, because it would repeat the line once more
    return f"(substr('''', 1, instr('{_STARTS}', substr(ltrim({line}), 1, 1)) > 0) || {line})"


@compiles(guarded, "postgresql")
def _postgresql_guarded(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    return f"regexp_replace(translate({value}, E'\\r\\n\\t', '   '), '^ *([{_STARTS}]|$)', '''\\&')"


@compiles(in_quotes, "sqlite")
def _sqlite_quotes(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    enclosed = f"""'"' || replace({value}, '"', '""') || '"'"""
    return f"""CASE WHEN {value} GLOB '*[",]*' THEN {enclosed} ELSE {value} END"""


@compiles(in_quotes, "postgresql")
def _postgresql_quotes(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    return f"""regexp_replace(replace({value}, '"', '""'), '^.*[",].*$', '"\\&"')"""


@compiles(with_commas, "sqlite")
def _sqlite_commas(element: Any, compiler: Any, **kw: Any) -> str:
    cells = (f"coalesce({compiler.process(cell, **kw)}, '')" for cell in element.clauses)
    return " || ',' || ".join(cells)


@compiles(with_commas, "postgresql")
def _postgresql_commas(element: Any, compiler: Any, **kw: Any) -> str:
    cells = (compiler.process(cell, **kw) for cell in element.clauses)
    return f"concat({_COMMA.join(cells)})"


EMPTY: ColumnElement[Any] = null()
