"""Erasing people: that it was asked for, what was decided, and that it was done."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class ErasureRequest(Keyed, Base):
    """Somebody asks for what is kept about them to be erased. A fact; their words are in FactText."""

    __tablename__ = "lms_erasure_requests"

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    asked_at: Mapped[datetime]
    words_hash: Mapped[str] = mapped_column(String(64))


class ErasureDecision(Keyed, Base):
    """HR accepts a request or refuses it, with the reason that the person reads. A fact."""

    __tablename__ = "lms_erasure_decisions"

    request_id: Mapped[int] = mapped_column(ForeignKey("lms_erasure_requests.id"), unique=True)
    accepted: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    decided_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class Erasure(Base):
    """A person was erased, wholly or in part. A fact; `cause` is one of rules.privacy.Cause."""

    __tablename__ = "lms_erasures"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    cause: Mapped[str] = mapped_column(String(20))
    erased_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))  # nobody: the days that passed
    erased_at: Mapped[datetime]
