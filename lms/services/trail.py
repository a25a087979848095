"""The log of acts, for administrators: who did what and when, without content."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.models import AuditEntry, Person
from lms.permissions import Actor, require


def list_audit(session: Session, actor: Actor, *, page: int = 1, size: int = 50) -> Sequence[Any]:
    """Rows of at, action, object_kind, object_ref, display_name (None: the command line), newest first; one query."""
    require(actor, "audit.read")
    return session.execute(
        select(AuditEntry.at, AuditEntry.action, AuditEntry.object_kind, AuditEntry.object_ref, Person.display_name)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .order_by(AuditEntry.id.desc()).limit(size).offset((page - 1) * size)
    ).all()  # fmt: skip
