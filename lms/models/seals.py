"""The order of the records, and the seals over it. What each means: docs/decisions, "Sealed records"."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base


class SealKey(Base):
    """A public key by which seals are checked; the private one lies outside of the database. A fact.

    `vouched` is the signature of the key before over this one; empty for the first, and where the one before was lost.
    """

    __tablename__ = "lms_seal_keys"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64), unique=True)  # 32 bytes, hex
    valid_from: Mapped[datetime]
    vouched: Mapped[str] = mapped_column(String(128), default="")


class Seal(Base):
    """A seal over the records of the positions from `first_position` to `last_position`. A fact.

    `body` is what was signed: canonical JSON, in which the hash of the seal before stands.
    """

    __tablename__ = "lms_seals"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_position: Mapped[int] = mapped_column(unique=True)
    last_position: Mapped[int] = mapped_column(unique=True)
    sealed_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    seal_hash: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))


class SealedRecord(Base):
    """The place of a record in the one order. A fact; `kind` is the table, `record_id` the number of its row."""

    __tablename__ = "lms_sealed_records"
    __table_args__ = (UniqueConstraint("kind", "record_id"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    seal_number: Mapped[int] = mapped_column(ForeignKey("lms_seals.number"), index=True)
    record_hash: Mapped[str] = mapped_column(String(64))


class SealCheck(Base):
    """That the seals were verified, and what came of it. A fact; `fault` is a code of services.chain, empty: none."""

    __tablename__ = "lms_seal_checks"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    checked_at: Mapped[datetime]
    position: Mapped[int]  # how far the order went
    seal_hash: Mapped[str] = mapped_column(String(64))
    kept_position: Mapped[int | None]  # of the head that it was compared with, where one was given
    fault: Mapped[str] = mapped_column(String(20))
    fault_position: Mapped[int]
    fault_seal: Mapped[int]
