"""The level that somebody aims at: set for a person beside the role profile of their post; and what they said to a
profile that is only offered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Target(Keyed, Base):
    """A target in one competency that somebody set for a person. A fact; of a person and competency the last counts.

    Level 0 is no target; no level leads back to the profile. The words of the reason stand in `FactText`.
    """

    __tablename__ = "lms_targets"
    __table_args__ = (CheckConstraint("level BETWEEN 0 AND 4", name="level"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[int | None]
    set_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    set_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class TargetChoice(Base):
    """Somebody takes the targets that the profile of their post offers, or does not. A fact; the last counts."""

    __tablename__ = "lms_target_choices"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    accepted: Mapped[bool]
    chosen_at: Mapped[datetime]
