"""The ways in which services write: once only, with a trace, with words that can be erased."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, insert, literal, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.errors import N_
from lms.models import AccessEntry, AuditEntry, Base, FactText, FormReceipt
from lms.permissions import Actor
from lms.services.scope import run

REASON_LIMIT = 1000


def insert_once(session: Session, model: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique key holds it already; True when this call inserted it."""
    statement = _insert_missing(model, session.get_bind().dialect.name).values(**values)
    # Asked for by RETURNING: the count of rows is -1 on PostgreSQL, whatever happened.
    return session.scalar(statement.returning(literal(1))) is not None


def insert_new(
    session: Session, model: type[Base], rows: Sequence[dict[str, Any]], *columns: str, **computed: Callable[[], Any]
) -> Sequence[Any]:
    """Insert the rows of like keys at once, but for those that a unique key holds already; returns, of those that this
    call inserted, the columns. `computed` gives columns an expression, whose parameters stand in the rows."""
    if not rows:
        return []
    # What is no parameter of an expression is a column; said, because the rows hold both.
    names = tuple(name for name in rows[0] if name in model.__table__.c)
    statement = _insert_new(model, session.get_bind().dialect.name, names, columns, tuple(computed.items()))
    return run(session, statement, rows).all()


@cache
def _insert_new(model: type[Base], dialect: str, names: Sequence[str], columns: Sequence[str], computed: Any) -> Any:
    values = {name: bindparam(name) for name in names} | {name: express() for name, express in computed}
    return _insert_missing(model, dialect).values(values).returning(*(model.__table__.c[name] for name in columns))


def insert_all(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows of like keys at once."""
    if rows:
        run(session, insert(model.__table__), rows)  # type: ignore[arg-type]


def insert_missing(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows of like keys at once, but for those that a unique key holds already."""
    if rows:
        run(session, _insert_missing(model, session.get_bind().dialect.name), rows)


def insert_from(session: Session, model: type[Base], query: Callable[[], Any], values: dict[str, Any]) -> None:
    """Insert what a query finds, its columns in the order of the table's, but for what a unique key holds already."""
    run(session, _insert_from(model, session.get_bind().dialect.name, query), values)


@cache
def _insert_from(model: type[Base], dialect: str, query: Callable[[], Any]) -> Any:
    return _insert_missing(model, dialect).from_select([column.name for column in model.__table__.c], query())


def upsert(
    session: Session, model: type[Base], rows: Sequence[dict[str, Any]], *, unless_equal_but: Sequence[str]
) -> None:
    """Insert the rows, or replace those of the same primary key; a row that differs in nothing but the named columns
    stays as it is."""
    if rows:
        run(session, _upsert(model, session.get_bind().dialect.name, tuple(rows[0]), tuple(unless_equal_but)), rows)


@cache
def _upsert(model: type[Base], dialect: str, names: tuple[str, ...], beside: tuple[str, ...]) -> Any:
    statement = _insert(model, dialect)
    columns = model.__table__.c
    keys = [column.name for column in columns if column.primary_key]
    new = {name: statement.excluded[name] for name in names if name not in keys}
    differs = [columns[name].is_distinct_from(value) for name, value in new.items() if name not in beside]
    return statement.on_conflict_do_update(index_elements=keys, set_=new, where=or_(*differs))


@cache
def _insert_missing(model: type[Base], dialect: str) -> Any:
    return _insert(model, dialect).on_conflict_do_nothing()


def _insert(model: type[Base], dialect: str) -> Any:
    own = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return own(model.__table__)  # type: ignore[arg-type]


def audit(session: Session, actor: Actor, action: str, object_kind: str, object_ref: str) -> None:
    """Append who did what, in the transaction of the act."""
    insert_all(session, AuditEntry, [audit_row(actor, action, object_kind, object_ref)])


def audit_row(actor: Actor, action: str, object_kind: str, object_ref: str) -> dict[str, Any]:
    """The entry of an act: who did what."""
    return {
        "at": actor.at, "actor_id": actor.person_id, "action": action, "object_kind": object_kind,
        "object_ref": object_ref,
    }  # fmt: skip


def log_access(session: Session, actor: Actor, person_id: int, what: str) -> None:
    """Append that the actor looked at somebody else's record; that person can read it."""
    if actor.person_id is not None and actor.person_id != person_id:
        session.add(AccessEntry(at=actor.at, actor_id=actor.person_id, person_id=person_id, what=what))


def salted_hash(salt: str, text: str) -> str:
    """SHA-256 over salt and text, hex; with the salt erased, the hash tells nothing about the text."""
    return hashlib.sha256(f"{salt}\0{text}".encode()).hexdigest()


def keep_text(session: Session, fact_ref: str, text: str) -> str:
    """Store the words of a fact beside it and return the hash that the fact keeps."""
    salt = secrets.token_hex(16)
    session.add(FactText(fact_ref=fact_ref, salt=salt, text=text))
    return salted_hash(salt, text)


def reason_faults(reason: str) -> dict[str, str]:
    """What is wrong with the reason of a decision, at its field."""
    is_fit = reason and len(reason) <= REASON_LIMIT
    return {} if is_fit else {"reason": N_("Write the reason, in up to 1,000 characters.")}


def first_time(session: Session, actor: Actor, form_id: str) -> bool:
    """Whether a form is seen for the first time; a form without an id always is."""
    return not form_id or insert_once(session, FormReceipt, form_id=form_id[:64], taken_at=actor.at)
