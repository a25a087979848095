"""What a line of HR's file changes, in memory and as it is kept."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.models import ImportDetail, ImportFile, ImportLine, PeopleImport, Person
from lms.rules.people_changes import Change, Fields
from lms.rules.people_columns import NOT_TAKEN
from lms.rules.people_sheet import COLUMNS
from lms.rules.spreadsheets import guard


@dataclass(slots=True)
class Line:
    """A line and what it changes; `number` is 0 of somebody whom the file does not name."""

    number: int
    change: Change
    name: str  # of the person, unit or partner
    fields: Fields = field(default_factory=dict)
    code: str = ""  # of a unit or partner
    person_id: int | None = None  # of somebody who is known
    ref: str | None = None  # of the person; a newcomer's is given beforehand
    begins_post: bool = False
    manager_ref: str | None = None  # of the manager after, where that changes; empty: none
    column: str = ""  # of a refused line: where, why, and what stood in it
    reason: str = ""
    params: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    position: int = 0

    @property
    def moves_manager(self) -> bool:
        """Whether the person reports to somebody else after it."""
        return self.manager_ref is not None

    def body(self) -> dict[str, Any]:
        """Its words, as JSON; without what is empty."""
        names = ("name", "fields", "code", "begins_post", "manager_ref", "column", "reason", "params", "cells")
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value or (name == "manager_ref" and value == "")}


def kept_line(row: Any) -> Line:
    """A line from its row of ImportLine, joined to the body of its detail (None when that was erased)."""
    body = {"name": "", **(row.body or {})}
    fields: Fields = {name: (before, after) for name, (before, after) in body.pop("fields", {}).items()}
    return Line(row.line, Change(row.change), ref=row.person_ref, fields=fields, position=row.position, **body)


def keep_lines(session: Session, import_id: int, lines: Sequence[Line]) -> None:
    """Stage lines: they say what would change, and change nothing."""
    if lines:
        session.execute(insert(ImportLine), [_row(import_id, line) for line in lines])
        bodies = [
            {"import_id": import_id, "position": x.position, "person_id": x.person_id, "body": x.body()} for x in lines
        ]
        session.execute(insert(ImportDetail), bodies)


def _row(import_id: int, line: Line) -> dict[str, Any]:
    return {
        "import_id": import_id, "position": line.position, "line": line.number, "change": line.change.value,
        "person_ref": line.ref, "moves_manager": line.moves_manager,
    }  # fmt: skip


def select_lines(import_id: int) -> Any:
    """The staged lines of an import with their words, in their order; for `kept_line`."""
    columns = (ImportLine.position, ImportLine.line, ImportLine.change, ImportLine.person_ref, ImportDetail.body)
    is_its = and_(ImportDetail.import_id == ImportLine.import_id, ImportDetail.position == ImportLine.position)
    query = select(*columns).outerjoin(ImportDetail, is_its).where(ImportLine.import_id == import_id)
    return query.order_by(ImportLine.position)


def name_newcomers(session: Session, import_id: int, lines: Sequence[Line]) -> None:
    """The words of lines whose people have come in belong to these people from now on."""
    is_its = ImportLine.import_id == ImportDetail.import_id, ImportLine.position == ImportDetail.position
    person = select(Person.id).join(ImportLine, ImportLine.person_ref == Person.ref).where(*is_its).scalar_subquery()
    positions = [line.position for line in lines if line.change is Change.NEW]
    if positions:
        wanted = ImportDetail.import_id == import_id, ImportDetail.position.in_(positions)
        told = update(ImportDetail).where(*wanted).values(person_id=person)
        session.execute(told, execution_options={"synchronize_session": False})


def forget_strangers(session: Session, before: datetime) -> None:
    """Delete the words of older lines that are nobody's: refused ones, and newcomers of files that were dropped."""
    old = select(PeopleImport.id).where(PeopleImport.sent_at < before)
    of_places = select(ImportLine.position).where(
        ImportLine.import_id == ImportDetail.import_id, ImportLine.position == ImportDetail.position,
        ImportLine.change.in_((Change.UNIT, Change.PARTNER)),
    )  # fmt: skip
    gone = ImportDetail.person_id.is_(None), ImportDetail.import_id.in_(old), ~of_places.exists()
    session.execute(delete(ImportDetail).where(*gone), execution_options={"synchronize_session": False})


def forget_file(session: Session, ref: str) -> None:
    """Delete the bytes of a file: nobody reads them again."""
    number = select(PeopleImport.id).where(PeopleImport.ref == ref).scalar_subquery()
    session.execute(delete(ImportFile).where(ImportFile.import_id == number))


def forget_lines(session: Session, import_id: int) -> None:
    """Before a file is read a second time, because the worker fell silent over the first."""
    session.execute(delete(ImportDetail).where(ImportDetail.import_id == import_id))
    session.execute(delete(ImportLine).where(ImportLine.import_id == import_id))


def refused_csv(lines: Sequence[Line], tell: Callable[[str, dict[str, str]], str]) -> Iterator[str]:
    """Refused rows as CSV with their line and reason in front, to be corrected and sent again; what would run as a
    formula stands behind an apostrophe, which is taken away when it comes back."""
    found = {name for line in lines for name in line.cells}
    names = [name for name in COLUMNS if name in found]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*NOT_TAKEN, *names])
    for line in lines:
        why = tell(line.reason, line.params)
        cells = [str(line.number), f"{line.column}: {why}" if line.column else why]
        writer.writerow([guard(cell) for cell in (*cells, *(line.cells.get(name, "") for name in names))])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()
