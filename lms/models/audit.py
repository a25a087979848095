"""Who did what, and who looked at whose record: appended in the transaction of the act."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class AuditEntry(Base):
    """One act: who (nobody: the command line), what, on which object. A fact, without personal content."""

    __tablename__ = "lms_audit_entries"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_ref: Mapped[str] = mapped_column(String(80))


class AccessEntry(Base):
    """Somebody looked at another person's record. A fact, shown to that person."""

    __tablename__ = "lms_access_entries"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    what: Mapped[str] = mapped_column(String(40))


class ImportRun(Keyed, Base):
    """One HR file taken in: what it was and what it changed. A fact."""

    __tablename__ = "lms_import_runs"

    at: Mapped[datetime]
    file_hash: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    people_added: Mapped[int]
    people_changed: Mapped[int]


class FormReceipt(Base):
    """A form that was taken, by the id that the page gave it: a double click has one effect."""

    __tablename__ = "lms_form_receipts"

    form_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(index=True)
