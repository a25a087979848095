"""The ledger of reminders: which step of which due date a mail told; and the days on which offices are closed."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base


class Reminder(Base):
    """One line of a mail of reminders. What is intended follows from the facts; this is what was told. A fact."""

    __tablename__ = "lms_reminders"

    mail_id: Mapped[int] = mapped_column(ForeignKey("lms_mails.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"), primary_key=True, index=True)
    audience: Mapped[str] = mapped_column(String(20), primary_key=True)  # one of rules.reminding.Audience
    step: Mapped[int]  # in days from the due date
    target_on: Mapped[date]  # the due date, or the day on which what was completed runs out


class ClosedDay(Base):
    """A day on which a unit and those below it are closed."""

    __tablename__ = "lms_closed_days"

    unit_id: Mapped[int] = mapped_column(ForeignKey("lms_units.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
