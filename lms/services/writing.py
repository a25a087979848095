"""The ways in which services write: once only, with a trace, with words that can be erased."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.models import AccessEntry, AuditEntry, Base, FactText, FormReceipt
from lms.permissions import Actor


def insert_once(session: Session, model: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique key holds it already; True when this call inserted it."""
    statement = _insert_missing(session, model).values(**values)
    # Asked for by RETURNING: the count of rows is -1 on PostgreSQL, whatever happened.
    return session.scalar(statement.returning(literal(1))) is not None


def insert_new(session: Session, model: type[Base], rows: Sequence[dict[str, Any]], *columns: Any) -> Sequence[Any]:
    """Insert the rows of like keys at once, but for those that a unique key holds already; returns, of those that this
    call inserted, the columns."""
    return session.execute(_insert_missing(session, model).returning(*columns), rows).all() if rows else []


def insert_missing(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows of like keys at once, but for those that a unique key holds already."""
    if rows:
        session.execute(_insert_missing(session, model), rows)


def _insert_missing(session: Session, model: type[Base]) -> Any:
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(model.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]


def audit(session: Session, actor: Actor, action: str, object_kind: str, object_ref: str) -> None:
    """Append who did what, in the transaction of the act."""
    session.add(AuditEntry(**audit_row(actor, action, object_kind, object_ref)))


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


def first_time(session: Session, actor: Actor, form_id: str) -> bool:
    """Whether a form is seen for the first time; a form without an id always is."""
    return not form_id or insert_once(session, FormReceipt, form_id=form_id[:64], taken_at=actor.at)
