"""Two records of one human being: that somebody said so, who agreed, and that they were parted again.

Nothing of either record is changed. What follows for `Person.holder_id` and the facts of models.base.Held is a cache.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Union(Keyed, Base):
    """HR says that a person is the same as another, who goes on. A fact; the reason is in FactText."""

    __tablename__ = "lms_unions"
    __table_args__ = (CheckConstraint("person_id <> into_id", name="two"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    proposed_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class UnionDecision(Base):
    """A second person agrees, or does not. A fact."""

    __tablename__ = "lms_union_decisions"

    union_id: Mapped[int] = mapped_column(ForeignKey("lms_unions.id"), primary_key=True, autoincrement=False)
    accepted: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    decided_at: Mapped[datetime]


class UnionEnd(Keyed, Base):
    """The two are parted again: each has what was theirs. A fact; the reason is in FactText."""

    __tablename__ = "lms_union_ends"

    union_id: Mapped[int] = mapped_column(ForeignKey("lms_unions.id"), unique=True)
    ended_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    ended_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))
