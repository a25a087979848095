"""A sealed history, and ways to tamper with it as who owns the database can."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.orm import Session

from lms.db import Database
from lms.models import Base, Seal, SealedRecord, append_only
from lms.models.append_only import EMPTIED, MOVING
from lms.permissions import operator
from lms.services import seal_checks, seals
from tests import world

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
TABLES = Base.metadata.tables
CHECKS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conname LIKE 'ck_lms%'"
LONG_AFTER = world.NOW + timedelta(days=3)


def make_key(database: Database, new: Ed25519PrivateKey = KEY, old: Ed25519PrivateKey | None = None) -> bool:
    with database.transaction() as session:
        return seals.add_key(session, operator(world.NOW), new=new, old=old)


def seal(database: Database, private: Ed25519PrivateKey = KEY, at: datetime = world.NOW) -> None:
    database.in_slices(
        lambda session, after: seals.seal_slice(session, operator(at), payload={}, after=after, private=private)
    )


def check(database: Database, head: str = "") -> Any:
    """The row that verifying by a job leaves."""
    with database.transaction() as session:
        found = seal_checks.check(session, operator(LONG_AFTER), head=head, meanwhile=lambda: None)
        seal_checks.keep_check(session, operator(LONG_AFTER), found=found)
        session.flush()
        session.expunge(found)
    return found


def fault(session: Session, kept: Any = None, at: datetime = LONG_AFTER) -> Any:
    return seals.verify(session, operator(at), kept=kept)[0]


@contextmanager
def as_owner(database: Database) -> Iterator[Connection]:
    """A connection that no trigger and no constraint but a unique key stops; what it did is undone at the end."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=0")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints=1")
            connection.exec_driver_sql("BEGIN")
            append_only.remove(connection)
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table, name in connection.execute(text(CHECKS)).all():
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield connection
        connection.rollback()
        connection.invalidate()  # with it goes the pragma


class Tampering:
    """Ways to change what was sealed, or its order."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.table, self.seals = connection, SealedRecord.__table__, Seal.__table__
        self.places = connection.execute(select(self.table).order_by(SealedRecord.position)).mappings().all()
        self.sealed = connection.execute(select(self.seals).order_by(Seal.number)).mappings().all()

    def change(self, random: Random) -> None:
        kind, is_it = _row_of(random.choice(self.places))
        columns = [c.name for c in kind.columns if c.name not in (MOVING.get(kind.name), EMPTIED.get(kind.name))]
        name = random.choice(columns)
        value = self.connection.scalar(select(kind.c[name]).where(is_it))
        self.connection.execute(update(kind).where(is_it).values({name: other(kind.c[name], value)}))

    def delete_record(self, random: Random) -> None:
        kind, is_it = _row_of(random.choice(self.places))
        self.connection.execute(delete(kind).where(is_it))

    def delete_place(self, random: Random) -> None:
        place = random.choice(self.places)["position"]
        self.connection.execute(delete(self.table).where(self.table.c.position == place))

    def delete_both(self, random: Random) -> None:
        place = random.choice(self.places)
        kind, is_it = _row_of(place)
        self.connection.execute(delete(kind).where(is_it))
        self.connection.execute(delete(self.table).where(self.table.c.position == place["position"]))

    def reorder(self, random: Random) -> None:
        one, two = random.sample(self.places, 2)
        both = [one["position"], two["position"]]
        self.connection.execute(delete(self.table).where(self.table.c.position.in_(both)))
        swapped = [{**one, "position": two["position"]}, {**two, "position": one["position"]}]
        self.connection.execute(insert(self.table), swapped)

    def truncate(self, random: Random) -> None:
        first = random.choice(self.sealed)["number"]
        self.connection.execute(delete(self.table).where(self.table.c.seal_number >= first))
        self.connection.execute(delete(self.seals).where(Seal.number >= first))

    def rewrite_seal(self, random: Random) -> None:
        it, name = random.choice(self.sealed), random.choice(list(self.sealed[0]))
        value = other(self.seals.c[name], it[name])
        self.connection.execute(update(self.seals).where(Seal.number == it["number"]).values({name: value}))

    def insert_record(self, random: Random) -> None:
        audit = TABLES["lms_audit_entries"]
        row = self.connection.execute(select(audit).limit(1)).mappings().one()
        self.connection.execute(insert(audit), {**row, "id": -random.randint(1, 999)})

    def insert_place(self, random: Random) -> None:
        last = self.places[-1]["position"] + random.randint(1, 9)
        self.connection.execute(insert(self.table), {**self.places[-1], "position": last, "record_id": 10**8})


def _row_of(place: Any) -> Any:
    kind = TABLES[place["kind"]]
    (number,) = kind.primary_key.columns
    return kind, number == place["record_id"]


ACTS = (
    Tampering.change, Tampering.change, Tampering.delete_record, Tampering.delete_place, Tampering.delete_both,
    Tampering.reorder, Tampering.truncate, Tampering.rewrite_seal, Tampering.insert_record, Tampering.insert_place,
)  # fmt: skip


def other(column: Any, value: Any) -> Any:
    """Another value that the column can hold."""
    if value is None:
        value = {int: 0, str: "", datetime: world.NOW, date: world.TODAY}[column.type.python_type]
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, int):
        return value + 10**6
    return value[:-1] + ("b" if value[-1:] != "b" else "c")
