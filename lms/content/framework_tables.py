"""The framework and the role profiles as tables: CSV for a spreadsheet, with every fault by row and column.

A table is read into the data of its YAML file, each value with the row and column of its cell, so that the checks of
the files are the checks of the tables.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lms.content.importers.bank_file import refused, text_of
from lms.content.validation import suggestion
from lms.content.yaml_files import Document, Path, Place
from lms.errors import Fault
from lms.rules.spreadsheets import guard, unguard

# column -> what it holds; docs/authors.md shows these tables.
INDICATORS = {
    "competency": "the competency's code, as `PC1`; in every row",
    "name": "its name; needed in one of its rows",
    "line": "what it means, in a sentence; needed in one of its rows",
    "actions": "numbers of actions, separated by `;`; needed in one of its rows",
    "steps": "ids of steps, separated by `;`; needed in one of its rows",
    "level": "1 to 4",
    "letter": "the place among the indicators of the level: `a`, `b` and so on; empty in all its rows: as they stand",
    "text": "what somebody at this level does",
    "prompt": "the question that asks for evidence of it",
}
PROFILES = {
    "role": "the role's code, as `finance`",
    "name": "its name",
    "audience": "`staff`, `partner_staff` or `everyone`",
    "functions": "the functions whose default profile it is, separated by `;`",
    "offered": "`true`: offered, never imposed; `false` or empty: set",
}
_OF_COMPETENCY = ("name", "line", "actions", "steps")


class Row:
    """A row's cells by column, trimmed, with the places where they stand."""

    def __init__(self, line: int, columns: Sequence[str], cells: Sequence[str]) -> None:
        self.line = line
        self._columns = columns
        self._cells = dict(zip(columns, (unguard(cell.strip()) for cell in cells), strict=False))

    def __getitem__(self, column: str) -> str:
        return self._cells.get(column, "")

    def place(self, column: str) -> Place:
        """Where a cell stands."""
        return Place(self.line, self._columns.index(column) + 1 if column in self._columns else 1)


def kind_of_table(file: str, body: bytes) -> str:
    """ "framework" or "roles", by the header; FaultyFile where it is neither."""
    columns, _ = _rows(file, body)
    if "competency" in columns:
        return "framework"
    if "role" in columns:
        return "roles"
    message = "neither a column 'competency' (indicators) nor 'role' (targets); the first line names the columns"
    raise refused([Fault(file, 1, 1, message)])


def read_indicators(file: str, body: bytes, around: Mapping[str, Any]) -> Document:
    """The framework of a table of indicators; `around` is what the table does not hold. Raises FaultyFile."""
    columns, rows = _rows(file, body)
    _refuse(_header_faults(file, columns, INDICATORS, set(INDICATORS) - {"letter"}))
    document = Document(file, [], {**around, "competencies": []}, {(): Place(1, 1)})
    positions: dict[str, int] = {}
    faults: list[Fault] = []
    for row in rows:
        code = row["competency"]
        if code not in positions:
            positions[code] = len(positions)
            document.data["competencies"].append({"code": code, "levels": {}})
            document.values["competencies", str(positions[code]), "code"] = row.place("competency")
            document.values["competencies", str(positions[code])] = row.place("competency")
        faults += _take_words(document, positions[code], row)
    levels: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        levels.setdefault((row["competency"], row["level"]), []).append(row)
    for (code, level), some in levels.items():
        faults += _take_level(document, positions[code], level, some)
    _refuse(faults)
    return document


def _take_words(document: Document, position: int, row: Row) -> Iterator[Fault]:
    """What is the competency's own, from whichever of its rows names it; rows that disagree are a fault."""
    competency, path = document.data["competencies"][position], ("competencies", str(position))
    for column in _OF_COMPETENCY:
        if not row[column]:
            continue
        parts = _parts(row[column])
        given = {"actions": [_number(part) for part in parts], "steps": parts}.get(column, row[column])
        if competency.setdefault(column, given) != given:
            first = document.values[*path, column].line
            yield _at(document, row, column, f"{column} differs from that of line {first}; make them equal, or empty")
        document.values.setdefault((*path, column), row.place(column))


def _take_level(document: Document, position: int, level: str, rows: list[Row]) -> Iterator[Fault]:
    path: Path = ("competencies", str(position), "levels", level)
    letters = [row["letter"] for row in rows]
    if any(letters):
        wanted = [chr(ord("a") + place) for place in range(len(rows))]
        if sorted(letters) != wanted:
            row = next(row for row, letter in zip(rows, letters, strict=True) if _is_odd(letter, letters, wanted))
            yield _at(document, row, "letter", f"the letters must be {', '.join(wanted)}, each once, or all empty")
        rows = sorted(rows, key=lambda row: row["letter"])
    document.values[path] = rows[0].place("level")
    document.data["competencies"][position]["levels"][level] = [
        {"text": row["text"], "prompt": row["prompt"]} for row in rows
    ]
    for place, row in enumerate(rows):
        document.values[*path, str(place)] = row.place("text")
        document.values[*path, str(place), "text"] = row.place("text")
        document.values[*path, str(place), "prompt"] = row.place("prompt")


def _is_odd(letter: str, letters: list[str], wanted: list[str]) -> bool:
    return letter not in wanted or letters.count(letter) > 1


def read_profiles(file: str, body: bytes, around: Mapping[str, Any], competencies: Sequence[str]) -> Document:
    """The roles of a table of targets; the competencies are columns of it, each of them. Raises FaultyFile."""
    columns, rows = _rows(file, body)
    known = {**PROFILES, **dict.fromkeys(competencies, "")}
    _refuse(_header_faults(file, columns, known, {"role", "name", "audience", *competencies}))
    document = Document(file, [], {**around, "roles": []}, {(): Place(1, 1)})
    for position, row in enumerate(rows):
        path: Path = ("roles", str(position))
        role = {"code": row["role"], "name": row["name"], "audience": row["audience"]}
        role |= {"functions": _parts(row["functions"]), "offered": _flag(row["offered"])}  # type: ignore[dict-item]
        targets = {code: _number(row[code]) for code in competencies if row[code] not in ("", "-", "–")}
        document.data["roles"].append({**role, "targets": targets})
        document.values[path] = row.place("role")
        document.values[*path, "code"] = row.place("role")
        for column in ("name", "audience", "functions", "offered"):
            document.values[*path, column] = row.place(column)
        for code in targets:
            document.values[*path, "targets", code] = row.place(code)
    return document


def _rows(file: str, body: bytes) -> tuple[list[str], list[Row]]:
    """The columns and the rows that hold something; a spreadsheet may have written semicolons for commas."""
    text = text_of(file, body)
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells[len(columns) :]):
                more = f"{len(cells)} cells, but the header has {len(columns)}"
                faults.append(Fault(file, line, len(columns) + 1, more))
            elif any(cell.strip() for cell in cells):
                rows.append(Row(line, columns, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused([Fault(file, max(reader.line_num, 1), 1, f"not CSV: {error}")]) from None
    _refuse(faults)
    return columns, rows


def _header_faults(file: str, columns: Sequence[str], known: Mapping[str, str], needed: set[str]) -> Iterator[Fault]:
    for number, name in enumerate(columns, start=1):
        if name not in known:
            yield Fault(file, 1, number, f"unknown column '{name[:40]}'{suggestion(name, known)}")
        elif name in columns[: number - 1]:
            yield Fault(file, 1, number, f"column '{name}' twice; keep one")
    for name in known:
        if name in needed and name not in columns:
            yield Fault(file, 1, 1, f"the column '{name}' is missing")


def _refuse(faults: Iterator[Fault] | list[Fault]) -> None:
    if found := list(faults):
        raise refused(found)


def _at(document: Document, row: Row, column: str, message: str) -> Fault:
    place = row.place(column)
    return Fault(document.file, place.line, place.column, message)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _number(cell: str) -> int | str:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else cell


def _flag(cell: str) -> bool | str:
    return {"true": True, "false": False, "": False}.get(cell.lower(), cell)


def indicators_table(framework: Mapping[str, Any]) -> bytes:
    """A framework's indicators, a row each."""
    rows = [
        [c["code"], c["name"], c["line"], ";".join(map(str, c["actions"])), ";".join(c["steps"]), level,
         chr(ord("a") + place), one["text"], one["prompt"]]
        for c in framework["competencies"]
        for level in sorted(c["levels"], key=int)
        for place, one in enumerate(c["levels"][level])
    ]  # fmt: skip
    return _written([list(INDICATORS), *rows])


def profiles_table(roles: Mapping[str, Any], competencies: Sequence[str]) -> bytes:
    """Role profiles, a row each, with a column for each competency."""
    rows = [
        [role["code"], role["name"], role["audience"], ";".join(role["functions"]), str(role["offered"]).lower(),
         *(str(role["targets"].get(code, "")) for code in competencies)]
        for role in roles["roles"]
    ]  # fmt: skip
    return _written([[*PROFILES, *competencies], *rows])


def _written(rows: list[list[str]]) -> bytes:
    """With a byte order mark, by which spreadsheets know UTF-8, and no cell that runs."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
