"""A sealed history, and ways to tamper with it as who owns the database can."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.db import Database
from lms.models import Base, Seal, SealedRecord, append_only
from lms.models.append_only import EMPTIED, MOVING
from lms.permissions import operator
from lms.services import seals
from tests import world

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
TABLES = Base.metadata.tables
LONG_AFTER = world.NOW + timedelta(days=3)


def make_key(database: Database, new: Ed25519PrivateKey = KEY, old: Ed25519PrivateKey | None = None) -> bool:
    with database.transaction() as session:
        return seals.add_key(session, operator(world.NOW), new=new, old=old)


def seal(database: Database, private: Ed25519PrivateKey = KEY, at: datetime = world.NOW) -> None:
    database.in_slices(
        lambda session, after: seals.seal_slice(session, operator(at), payload={}, after=after, private=private)
    )


def fault(session: Session, kept: Any = None, at: datetime = LONG_AFTER) -> Any:
    return seals.verify(session, operator(at), kept=kept)[0]


@contextmanager
def as_owner(database: Database) -> Iterator[Connection]:
    """A connection that no trigger and no foreign key stops; what it did is undone at the end."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=0")
            connection.exec_driver_sql("BEGIN")
            append_only.remove(connection)
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
        connection.rollback()
        connection.invalidate()  # with it goes the pragma


def tamperings(connection: Connection) -> dict[str, Callable[[Random], object]]:
    """Name -> something that changes what was sealed, or its order."""
    places = connection.execute(select(SealedRecord.__table__).order_by(SealedRecord.position)).mappings().all()
    sealed = connection.execute(select(Seal.__table__).order_by(Seal.number)).mappings().all()
    table = SealedRecord.__table__

    def row_of(place: Any) -> Any:
        kind = TABLES[place["kind"]]
        (number,) = kind.primary_key.columns
        return kind, number == place["record_id"]

    def change(random: Random) -> None:
        kind, is_it = row_of(random.choice(places))
        columns = [c.name for c in kind.columns if c.name not in (MOVING.get(kind.name), EMPTIED.get(kind.name))]
        name = random.choice(columns)
        value = connection.scalar(select(kind.c[name]).where(is_it))
        connection.execute(update(kind).where(is_it).values({name: other(kind.c[name], value)}))

    def delete_record(random: Random) -> None:
        kind, is_it = row_of(random.choice(places))
        connection.execute(delete(kind).where(is_it))

    def delete_place(random: Random) -> None:
        connection.execute(delete(table).where(table.c.position == random.choice(places)["position"]))

    def delete_both(random: Random) -> None:
        place = random.choice(places)
        kind, is_it = row_of(place)
        connection.execute(delete(kind).where(is_it))
        connection.execute(delete(table).where(table.c.position == place["position"]))

    def reorder(random: Random) -> None:
        one, two = random.sample(places, 2)
        connection.execute(delete(table).where(table.c.position.in_([one["position"], two["position"]])))
        swapped = [{**one, "position": two["position"]}, {**two, "position": one["position"]}]
        connection.execute(insert(table), swapped)

    def truncate(random: Random) -> None:
        first = random.choice(sealed)["number"]
        connection.execute(delete(table).where(table.c.seal_number >= first))
        connection.execute(delete(Seal.__table__).where(Seal.number >= first))

    def rewrite_seal(random: Random) -> None:
        it, name = random.choice(sealed), random.choice(list(sealed[0]))
        value = other(Seal.__table__.c[name], it[name])
        connection.execute(update(Seal.__table__).where(Seal.number == it["number"]).values({name: value}))

    def insert_record(random: Random) -> None:
        audit = TABLES["lms_audit_entries"]
        row = connection.execute(select(audit).limit(1)).mappings().one()
        connection.execute(insert(audit), {**row, "id": -random.randint(1, 999)})

    def insert_place(random: Random) -> None:
        last = places[-1]["position"] + random.randint(1, 9)
        connection.execute(insert(table), {**places[-1], "position": last, "record_id": 10**8})

    acts = (change, change, delete_record, delete_place, delete_both, reorder, truncate, rewrite_seal, insert_record,
            insert_place)  # fmt: skip
    return {f"{number} {act.__name__}": act for number, act in enumerate(acts)}


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
