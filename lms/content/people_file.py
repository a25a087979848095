"""Reads HR's file of people: CSV in UTF-8, one row a person; every fault by line and column, all at once.

A row without a person's name, number and reference describes only its unit or its partner organisation. The rows are
read anew each time somebody walks through them: a file of a hundred thousand people is never held as objects.
"""

import csv
import difflib
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lms.errors import N_, CellFault, FaultyFile
from lms.rules.people import email_key
from lms.rules.people_columns import NOT_TAKEN
from lms.rules.people_sheet import COLUMNS as COLUMNS
from lms.rules.people_sheet import REQUIRED, delimiter_of
from lms.rules.spreadsheets import unguard

KINDS = ("staff", "partner_staff", "associate")
LONGEST_CELL = 400
LARGEST_FILE = 50 * 1024 * 1024
REFUSED = N_("The file was not taken in: nothing has changed.")

# What a mail server takes: no blanks, commas or brackets, no dot at an edge or beside another.
_WORD = r"[^@\s.,;:<>()\[\]\\\"]+"
_EMAIL = re.compile(rf"{_WORD}(\.{_WORD})*@{_WORD}(\.{_WORD})+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
_MARKS = " \t\r\n\f\v\u00a0\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_CODES = ("employee_number", "external_ref", "work_email", "unit_code", "unit_parent_code", "partner_code", "manager")


@dataclass(frozen=True)
class PeopleRow:
    """One line of the file: cells by column, trimmed; `line` is where it stands."""

    line: int
    cells: dict[str, str]
    too_many: int = 0  # its cells, where they are more than the header's

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
    """A file with a sound header; `columns` are ours, empty for one that is left out."""

    name: str
    columns: tuple[str, ...]
    raw: bytes
    delimiter: str
    sha256: str

    @property
    def rows(self) -> Iterator[PeopleRow]:
        """Its rows, but for empty ones. Raises FaultyFile where it stops being CSV."""
        reader = _reader(self.raw, self.delimiter)
        try:
            next(reader, None)
            line, width = reader.line_num + 1, len(self.columns)
            for cells in reader:
                clean = [_clean(cell) for cell in cells]
                if any(clean):
                    found = {name: cell for name, cell in zip(self.columns, clean, strict=False) if name}
                    yield PeopleRow(line, found, len(cells) if len(cells) > width else 0)
                line = reader.line_num + 1
        except csv.Error as error:
            raise _refused(self.name, reader.line_num, N_("not CSV: %(error)s"), error=str(error)) from error

    def fault(self, row: PeopleRow, column: str, message: str, **params: str) -> CellFault:
        """A fault in a cell, at its line and the number of its column."""
        place = self.columns.index(column) + 1 if column in self.columns else 1
        told = f"{column}: {message % params if params else message}"
        return CellFault(self.name, row.line, place, told, column, message, params)


def read_people_file(path: Path) -> PeopleFile:
    """Read and check the file; raises FaultyFile with every fault."""
    file = open_people_file(str(path), read_bytes(path))
    faults = row_faults(file)
    if faults:
        raise FaultyFile(REFUSED, faults)
    return file


def read_bytes(path: Path) -> bytes:
    """The file as it stands on the disk. Raises FaultyFile."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _refused(str(path), 1, N_("the file is larger than 50 MiB: split it"))
        return path.read_bytes()
    except OSError as error:
        raise _refused(str(path), 1, N_("cannot be read: %(error)s"), error=str(error.strerror)) from error


def open_people_file(name: str, raw: bytes, mapping: Mapping[str, str] | None = None) -> PeopleFile:
    """A file by its bytes; `mapping` says which column each header means. Raises FaultyFile where it is none."""
    _check_text(name, raw)
    delimiter = delimiter_of(raw)
    headers = [_clean(cell) for cell in next(_reader(raw, delimiter), [])]
    columns = tuple("" if name in NOT_TAKEN else (mapping or {}).get(name, name) for name in headers)
    faults = list(_header_faults(name, columns))
    if faults:
        raise FaultyFile(REFUSED, faults)
    return PeopleFile(name, columns, raw, delimiter, hashlib.sha256(raw).hexdigest())


def row_faults(file: PeopleFile) -> list[CellFault]:
    """What is wrong with each row in itself, and beside the others of the file. Raises FaultyFile."""
    faults: list[CellFault] = []
    seen: dict[str, dict[str, int]] = {"employee_number": {}, "external_ref": {}, "work_email": {}}
    for row in file.rows:
        if row.too_many:
            told, width = N_("%(count)s cells, but the header has %(width)s"), len(file.columns)
            params = {"count": str(row.too_many), "width": str(width)}
            faults.append(CellFault(file.name, row.line, width + 1, told % params, "", told, params))
            continue
        faults += _row_faults(file, row)
        for column, first in seen.items():
            key = email_key(row[column]) if column == "work_email" else row[column]
            if key and first.setdefault(key, row.line) != row.line:
                told = N_("%(value)r stands already in line %(line)s")
                faults.append(file.fault(row, column, told, value=row[column], line=str(first[key])))
    return faults


def _refused(name: str, line: int, message: str, **params: str) -> FaultyFile:
    told = message % params if params else message
    return FaultyFile(REFUSED, [CellFault(name, line, 1, told, "", message, params)])


def _clean(cell: str) -> str:
    """Trimmed of blanks and marks of direction, composed, without the apostrophe of our own files."""
    cell = cell.strip(_MARKS)
    return unguard(cell if cell.isascii() else unicodedata.normalize("NFC", cell))


def _reader(raw: bytes, delimiter: str) -> "csv._reader":  # type: ignore[name-defined]
    text = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", newline="")
    return csv.reader(text, delimiter=delimiter, strict=True)


def _check_text(name: str, raw: bytes) -> None:
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _refused(name, line, N_("not UTF-8: save the file as 'CSV UTF-8'")) from error
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise _refused(name, line, N_("holds a NUL byte: this is not a CSV file"))


def _header_faults(file: str, columns: tuple[str, ...]) -> Iterator[CellFault]:
    def fault(number: int, message: str, **params: str) -> CellFault:
        return CellFault(file, 1, number, message % params, "", message, params)

    for number, name in enumerate(columns, start=1):
        if name and name not in COLUMNS:
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            if near:
                yield fault(number, N_("unknown column %(name)r: did you mean %(near)s?"), name=name, near=near[0])
            else:
                yield fault(number, N_("unknown column %(name)r: known are %(known)s"), name=name,
                            known=", ".join(COLUMNS))  # fmt: skip
        elif name and name in columns[: number - 1]:
            yield fault(number, N_("column %(name)r stands twice"), name=name)
    for name in REQUIRED:
        if name not in columns:
            yield fault(1, N_("column %(name)r is missing"), name=name)


def _row_faults(file: PeopleFile, row: PeopleRow) -> Iterator[CellFault]:
    for column, cell in row.cells.items():
        if len(cell) > LONGEST_CELL:
            yield file.fault(row, column, N_("longer than %(most)s characters"), most=str(LONGEST_CELL))
        elif column in _CODES and not cell.isprintable():
            yield file.fault(row, column, N_("holds a character that cannot be seen: type it anew"))
    for column in ("unit_country", "partner_country"):
        if row[column] and not re.fullmatch(r"[A-Z]{2}", row[column]):
            yield file.fault(row, column, N_("%(value)r is not an ISO 3166 alpha-2 code such as KE"), value=row[column])
    for column in ("unit_plan_start", "partner_plan_start"):
        if row[column] and not (re.fullmatch("[0-9]{2}-[0-9]{2}", row[column]) and _date(f"2000-{row[column]}")):
            yield file.fault(row, column, N_("%(value)r is not a month and a day such as 07-01"), value=row[column])
    for column in ("start_date", "end_date"):
        if row[column] and _date(row[column]) is None:
            yield file.fault(row, column, N_("%(value)r is not a date of the form YYYY-MM-DD"), value=row[column])
    start, end = _date(row["start_date"]), _date(row["end_date"])
    if start and end and end < start:
        yield file.fault(row, "end_date", N_("is before start_date"))
    if row.is_person:
        yield from _person_faults(file, row)
    elif not row["unit_code"] and not row["partner_code"]:
        yield file.fault(row, "unit_code", N_("the row describes neither a person nor a unit nor a partner"))


def _person_faults(file: PeopleFile, row: PeopleRow) -> Iterator[CellFault]:
    if not row["given_name"] and not row["family_name"]:
        yield file.fault(row, "given_name", N_("a person needs a given or a family name"))
    if not row["unit_code"]:
        yield file.fault(row, "unit_code", N_("a person needs a unit"))
    if row.kind not in KINDS:
        told = N_("%(value)r is not one of %(known)s")
        yield file.fault(row, "person_type", told, value=row.kind, known=", ".join(KINDS))
    elif row.kind == "partner_staff" and not row["partner_code"]:
        yield file.fault(row, "partner_code", N_("partner staff need their organisation's code"))
    elif row.kind == "staff" and row["partner_code"]:
        yield file.fault(row, "partner_code", N_("own staff cannot have a partner organisation"))
    if not (row["employee_number"] or row["external_ref"] or row["work_email"]):
        told = N_("a person needs an employee number, an external reference or an e-mail")
        yield file.fault(row, "work_email", told)
    if row["work_email"] and not _EMAIL.fullmatch(row["work_email"]):
        yield file.fault(row, "work_email", N_("%(value)r is not an e-mail address"), value=row["work_email"])
    if row["language"] and not _LANGUAGE.fullmatch(row["language"]):
        told = N_("%(value)r is not a language code such as en or fr")
        yield file.fault(row, "language", told, value=row["language"])


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
