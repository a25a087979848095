"""Evidence of competency: appended; withdrawn only by what it rests on or by a later fact."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Evidence(Keyed, Base):
    """One piece of evidence for one competency. `kind` is one of rules.levels.Kind."""

    __tablename__ = "lms_evidence"
    __table_args__ = (UniqueConstraint("completion_id", "competency"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    competency: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    level_aimed_at: Mapped[int]
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("lms_completions.id"))
    situation: Mapped[str] = mapped_column(String(80), default="")
    partner_voice: Mapped[bool] = mapped_column(default=False)
    beyond_own_team: Mapped[bool] = mapped_column(default=False)
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    expires_on: Mapped[date | None]
