"""Reference data that courses and people point to: competency framework, role profiles, steps, paths."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base


class ReferenceVersion(Base):
    """One published version of one reference file, whole; the newest of a kind is in force."""

    __tablename__ = "lms_reference_versions"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    # Of framework and roles: of how many people the load that published it changed a level, and a gap to a target.
    levels_changed: Mapped[int | None]
    gaps_changed: Mapped[int | None]
