"""Exports: that one began, for what purpose, and what it held in the end."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Identity, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class ExportRun(Keyed, Base):
    """An export that began: who, which layout and format, which filters, why. A fact."""

    __tablename__ = "lms_export_runs"

    layout: Mapped[str] = mapped_column(String(40))
    layout_version: Mapped[str] = mapped_column(String(20))
    format: Mapped[str] = mapped_column(String(20))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    scope: Mapped[str] = mapped_column(Text)  # which rows the actor's roles opened
    # SHA-256 over layout, scope and filters: "since the last run" compares like with like.
    likeness: Mapped[str] = mapped_column(String(64), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"), index=True)
    started_at: Mapped[datetime]


class ExportReceipt(Base):
    """What a finished export held. A fact; an export without one broke off.

    `signature` is over the canonical manifest, by the key that seals records; empty where there was none.
    """

    __tablename__ = "lms_export_receipts"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("lms_export_runs.id"), unique=True)
    rows: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    finished_at: Mapped[datetime]
    totals: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    cursor: Mapped[int | None]  # behind which the next one goes on
    seal_head: Mapped[str] = mapped_column(String(90), default="")
    signed_by: Mapped[str] = mapped_column(String(64), default="")  # the public key
    signature: Mapped[str] = mapped_column(String(128), default="")


class ExportedPerson(Base):
    """Of whom an export held records: each person reads it. A fact."""

    __tablename__ = "lms_exported_people"

    run_id: Mapped[int] = mapped_column(ForeignKey("lms_export_runs.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), primary_key=True, index=True)
