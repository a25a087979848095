"""Reads HR's file of people: CSV in UTF-8, one row a person; every fault by line and column, all at once.

A row without a person's name, number and reference describes only its unit or its partner organisation.
"""

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms.errors import N_, Fault, FaultyFile
from lms.rules.people import email_key

# column -> what it holds; docs/hr.md shows this table.
COLUMNS = {
    "person_type": "staff, partner_staff or associate; empty: staff, or partner_staff where partner_code is given",
    "employee_number": "staff: HR's number, kept as text with leading zeros",
    "external_ref": "partner staff: a stable reference of theirs",
    "given_name": "given name; may be empty where family_name is not",
    "family_name": "family name; may be empty where given_name is not",
    "work_email": "address for sign-in and mails; each one once",
    "language": "language of pages and mails, e.g. en, fr, es, ar; empty: en",
    "unit_code": "the unit of the post; for partner staff the unit that their organisation works with",
    "unit_name": "name of the unit; needed once for each new unit",
    "unit_parent_code": "the unit above; empty for the top",
    "unit_country": "country of the unit, ISO 3166 alpha-2, e.g. KE",
    "unit_tags": "kinds of unit, separated by ;, e.g. regional_hub or country_office;programme_unit",
    "unit_plan_start": "first day of the year of development plans, MM-DD, there and below; empty: as above it",
    "partner_code": "partner staff: their organisation",
    "partner_name": "name of the partner organisation; needed once for each new one",
    "partner_types": "kinds of partner, separated by ;",
    "partner_country": "country of the partner, ISO 3166 alpha-2",
    "partner_plan_start": "first day of the partner's year of development plans, MM-DD; empty: as in the unit",
    "department": "free text",
    "function": "a code of the functions in roles.yaml, e.g. finance",
    "role_profile": "a code of roles.yaml; empty: the profile of the function",
    "job_title": "free text",
    "grade": "free text",
    "manager": "employee number, external reference or e-mail of the line manager or named reviewer",
    "employment_status": "free text of HR's",
    "employment_type": "free text of HR's",
    "start_date": "first day of the post, YYYY-MM-DD; empty: today for a new post",
    "end_date": "first day on which the post is no longer held, YYYY-MM-DD; empty: open",
}
REQUIRED = ("given_name", "family_name", "work_email", "unit_code")
KINDS = ("staff", "partner_staff", "associate")
LONGEST_CELL = 400
LARGEST_FILE = 50 * 1024 * 1024

# What a mail server takes: no blanks, commas or brackets, no dot at an edge or beside another.
_WORD = r"[^@\s.,;:<>()\[\]\\\"]+"
_EMAIL = re.compile(rf"{_WORD}(\.{_WORD})*@{_WORD}(\.{_WORD})+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


@dataclass(frozen=True)
class PeopleRow:
    """One line of the file: cells by column, trimmed; `line` is where it stands."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def is_person(self) -> bool:
        """Whether the row describes somebody, and not only a unit or partner."""
        names = ("given_name", "family_name", "employee_number", "external_ref", "work_email")
        return any(self[name] for name in names)

    @property
    def kind(self) -> str:
        """The kind of person, given or by the partner's column."""
        return self["person_type"] or ("partner_staff" if self["partner_code"] else "staff")


@dataclass(frozen=True)
class PeopleFile:
    """A file whose rows are each sound in themselves."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[PeopleRow, ...]
    sha256: str

    def fault(self, row: PeopleRow, column: str, message: str) -> Fault:
        """A fault in a cell, at its line and the number of its column."""
        place = self.columns.index(column) + 1 if column in self.columns else 1
        return Fault(self.name, row.line, place, f"{column}: {message}")


def read_people_file(path: Path) -> PeopleFile:
    """Read and check the file; raises FaultyFile with every fault."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _refused(path, 1, "the file is larger than 50 MiB: split it")
        raw = path.read_bytes()
    except OSError as error:
        raise _refused(path, 1, f"cannot be read: {error.strerror}") from error
    text = _decode(path, raw)
    columns, rows, faults = _parse(path, text)
    file = PeopleFile(str(path), columns, rows, hashlib.sha256(raw).hexdigest())
    faults += [fault for row in rows for fault in _row_faults(file, row)]
    faults += _doubles(file)
    if faults:
        raise FaultyFile(N_("The file was not taken in: nothing has changed."), faults)
    return file


def _refused(path: Path, line: int, message: str) -> FaultyFile:
    return FaultyFile(N_("The file was not taken in: nothing has changed."), [Fault(str(path), line, 1, message)])


def _decode(path: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refused(path, line, "not UTF-8: save the file as 'CSV UTF-8'") from error
    if "\0" in text:
        raise _refused(path, text[: text.index("\0")].count("\n") + 1, "holds a NUL byte: this is not a CSV file")
    return text


def _parse(path: Path, text: str) -> tuple[tuple[str, ...], tuple[PeopleRow, ...], list[Fault]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults: list[Fault] = []
    rows: list[PeopleRow] = []
    columns: tuple[str, ...] = ()
    try:
        columns = tuple(cell.strip() for cell in next(reader, []))
        faults += _header_faults(path, columns)
        if faults:
            raise FaultyFile(N_("The file was not taken in: nothing has changed."), faults)
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) > len(columns):
                extra = f"{len(cells)} cells, but the header has {len(columns)}"
                faults.append(Fault(str(path), line, len(columns) + 1, extra))
            elif any(cell.strip() for cell in cells):
                rows.append(PeopleRow(line, dict(zip(columns, (cell.strip() for cell in cells), strict=False))))
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(str(path), reader.line_num, 1, f"not CSV: {error}"))
    return columns, tuple(rows), faults


def _header_faults(path: Path, columns: tuple[str, ...]) -> Iterator[Fault]:
    for number, name in enumerate(columns, start=1):
        if name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(COLUMNS)}"
            yield Fault(str(path), 1, number, f"unknown column {name!r}: {hint}")
        elif name in columns[: number - 1]:
            yield Fault(str(path), 1, number, f"column {name!r} stands twice")
    for name in REQUIRED:
        if name not in columns:
            yield Fault(str(path), 1, 1, f"column {name!r} is missing")


def _row_faults(file: PeopleFile, row: PeopleRow) -> Iterator[Fault]:
    for column, cell in row.cells.items():
        if len(cell) > LONGEST_CELL:
            yield file.fault(row, column, f"longer than {LONGEST_CELL} characters")
    for column in ("unit_country", "partner_country"):
        if row[column] and not re.fullmatch(r"[A-Z]{2}", row[column]):
            yield file.fault(row, column, f"{row[column]!r} is not an ISO 3166 alpha-2 code such as KE")
    for column in ("unit_plan_start", "partner_plan_start"):
        if row[column] and not (re.fullmatch(r"\d{2}-\d{2}", row[column]) and _date(f"2000-{row[column]}")):
            yield file.fault(row, column, f"{row[column]!r} is not a month and a day such as 07-01")
    for column in ("start_date", "end_date"):
        if row[column] and _date(row[column]) is None:
            yield file.fault(row, column, f"{row[column]!r} is not a date of the form YYYY-MM-DD")
    start, end = _date(row["start_date"]), _date(row["end_date"])
    if start and end and end < start:
        yield file.fault(row, "end_date", "is before start_date")
    if row.is_person:
        yield from _person_faults(file, row)
    elif not row["unit_code"] and not row["partner_code"]:
        yield file.fault(row, "unit_code", "the row describes neither a person nor a unit nor a partner")


def _person_faults(file: PeopleFile, row: PeopleRow) -> Iterator[Fault]:
    if not row["given_name"] and not row["family_name"]:
        yield file.fault(row, "given_name", "a person needs a given or a family name")
    if not row["unit_code"]:
        yield file.fault(row, "unit_code", "a person needs a unit")
    if row.kind not in KINDS:
        yield file.fault(row, "person_type", f"{row.kind!r} is not one of {', '.join(KINDS)}")
    elif row.kind == "partner_staff" and not row["partner_code"]:
        yield file.fault(row, "partner_code", "partner staff need their organisation's code")
    elif row.kind == "staff" and row["partner_code"]:
        yield file.fault(row, "partner_code", "own staff cannot have a partner organisation")
    if not (row["employee_number"] or row["external_ref"] or row["work_email"]):
        yield file.fault(row, "work_email", "a person needs an employee number, an external reference or an e-mail")
    if row["work_email"] and not _EMAIL.fullmatch(row["work_email"]):
        yield file.fault(row, "work_email", f"{row['work_email']!r} is not an e-mail address")
    if row["language"] and not _LANGUAGE.fullmatch(row["language"]):
        yield file.fault(row, "language", f"{row['language']!r} is not a language code such as en or fr")


def _doubles(file: PeopleFile) -> Iterator[Fault]:
    for column in ("employee_number", "external_ref", "work_email"):
        first: dict[str, int] = {}
        for row in file.rows:
            key = email_key(row[column]) if column == "work_email" else row[column]
            if key and key in first:
                yield file.fault(row, column, f"{row[column]!r} stands already in line {first[key]}")
            elif key:
                first[key] = row.line


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
