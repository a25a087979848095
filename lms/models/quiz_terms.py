"""What changes the terms of a quiz for one person or one attempt; every row is a fact that somebody decided."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class TimeAllowance(Base):
    """How much longer a person's time limits are; the last row holds. `factor` is one of rules.attempting.FACTORS."""

    __tablename__ = "lms_time_allowances"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    factor: Mapped[str] = mapped_column(String(10))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    granted_at: Mapped[datetime]


class HelpRequest(Keyed, Base):
    """Somebody whose attempts are used asks for help, or their manager asks HR for one more attempt."""

    __tablename__ = "lms_help_requests"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    asked_at: Mapped[datetime]


class ExtraAttempt(Base):
    """One more attempt than the course allows."""

    __tablename__ = "lms_extra_attempts"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"), index=True)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    granted_at: Mapped[datetime]


class LateDecision(Keyed, Base):
    """Whether the answers that came after the deadline count; decided once an attempt, for all of them, unseen."""

    __tablename__ = "lms_late_decisions"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_attempts.id"), unique=True)
    accepted: Mapped[bool]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    decided_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))
