"""The rows of one person, table by table, as the privacy manifest says: read for their export, emptied by erasure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Executable, Integer, Table, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from lms.models import Base, Course, CourseVersion, FactText, OrgUnit, PartnerOrganisation, Person, Question, UploadBody
from lms.models.personal import PEOPLE, PERSONAL, Personal
from lms.rules.privacy import Erasure, Keep, Purpose

TABLES = Base.metadata.tables
WHO = bindparam("who", type_=Integer)
# How a reference to what is about nobody is written for a reader.
_NAMES: dict[str, Any] = {
    "lms_courses": Course.code,
    "lms_course_versions": CourseVersion.number,
    "lms_units": OrgUnit.name,
    "lms_partner_organisations": PartnerOrganisation.name,
    "lms_questions": Question.key,
}


@dataclass(frozen=True)
class Part:
    """What one table keeps of a person: rows of column -> value, oldest first."""

    table: str
    purpose: Purpose
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class OwnFile:
    """A file that the person handed in; its number is that of the upload."""

    number: int
    name: str
    body: bytes


def of_person(name: str) -> ColumnElement[bool]:
    """A condition on a table of the manifest: the row is about the person WHO."""
    column = TABLES[name].c[PERSONAL[name].person]
    target = column if name == PEOPLE else _target(column)
    if target.table.name == PEOPLE:
        return column == WHO
    return column.in_(select(target).where(of_person(target.table.name)))


def _target(column: Column[Any]) -> Column[Any]:
    (key,) = column.foreign_keys
    return key.column


def records_of(session: Session, person_id: int) -> list[int]:
    """The numbers of all records of the one human being that a person is (models.unions)."""
    holder = select(func.coalesce(Person.holder_id, Person.id)).where(Person.id == person_id).scalar_subquery()
    return list(session.scalars(select(Person.id).where(or_(Person.id == holder, Person.holder_id == holder))))


def read_parts(session: Session, person_id: int) -> list[Part]:
    """Everything that is kept about a person and is theirs, in the manifest's order, but tables without rows."""
    parts, records = [], records_of(session, person_id)
    for name, entry in PERSONAL.items():
        found = [row for who in records for row in session.execute(_read(name), {"who": who}).mappings()]
        if found:
            parts.append(Part(name, entry.purpose, [dict(row) for row in found]))
    return parts


@cache
def _read(name: str) -> Executable:
    table, entry = TABLES[name], PERSONAL[name]
    keys = [column for column in table.primary_key.columns if column.name not in entry.own]
    shown = [*keys, *([table.c.ref] if "ref" in table.c else []), *_ways(table, entry), *_named(table)]
    query = select(*shown, *(table.c[column] for column in entry.own)).where(of_person(name))
    if entry.texts:
        query = query.add_columns(FactText.text.label("in_words")).outerjoin(FactText, FactText.fact_ref == table.c.ref)
    return query.order_by(*table.primary_key.columns)


def _ways(table: Table, entry: Personal) -> list[Column[Any]]:
    """The reference by which a row belongs to another row of the person."""
    way = table.c[entry.person]
    return [] if way.primary_key or _target(way).table.name == PEOPLE else [way]


def _named(table: Table) -> Iterator[Any]:
    for column in table.columns:
        if column.foreign_keys and (name := _NAMES.get(_target(column).table.name)) is not None:
            words = select(name).where(_target(column) == column).correlate(table).scalar_subquery()
            yield words.label(column.name.removesuffix("_id"))


def read_files(session: Session, person_id: int) -> list[OwnFile]:
    """The files that the person handed in, as they are kept."""
    query = select(UploadBody.upload_id, UploadBody.name, UploadBody.body).where(of_person("lms_upload_bodies"))
    query = query.order_by(UploadBody.upload_id)
    return [OwnFile(*row) for who in records_of(session, person_id) for row in session.execute(query, {"who": who})]


def empty_rows(session: Session, person_id: int, keeps: Collection[Keep]) -> None:
    """Erase what is kept about a person in the classes named; what stays says nothing of who they were.

    Before the way to a row is gone, its words go: `in_words` of facts first, then rows, then columns.
    """
    session.flush()
    for statement in _emptying(frozenset(keeps)):
        session.execute(statement, {"who": person_id}, execution_options={"synchronize_session": False})
    session.expire_all()


def touched_tables() -> list[str]:
    """The tables that erasure changes."""
    gone = (name for name, entry in PERSONAL.items() if entry.erasure == Erasure.DELETED or entry.emptied)
    return [FactText.__tablename__, *gone]


@cache
def _emptying(keeps: frozenset[Keep]) -> list[Any]:
    chosen = {name: entry for name, entry in PERSONAL.items() if entry.keep in keeps}
    words = [
        delete(FactText).where(FactText.fact_ref.in_(select(TABLES[name].c.ref).where(of_person(name))))
        for name, entry in chosen.items()
        if entry.texts
    ]
    rows = [
        delete(TABLES[name]).where(of_person(name))
        for name, entry in chosen.items()
        if entry.erasure == Erasure.DELETED
    ]
    columns = [
        update(TABLES[name]).where(of_person(name)).values({column: _empty(TABLES[name], column) for column in emptied})
        for name, entry in chosen.items()
        if (emptied := entry.emptied)
    ]
    return words + rows + columns


def _empty(table: Table, column: str) -> Any:
    if column == Person.display_name.key and table.name == PEOPLE:
        return "#" + table.c.ref  # a name that tells nothing, so that records can still be told apart
    return None if table.c[column].nullable else ""
