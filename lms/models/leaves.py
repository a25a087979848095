"""When people are on leave, without a word of why; and that they were back earlier than it was entered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, exists
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed
from lms.models.people import Person


class Leave(Keyed, Base):
    """Somebody is away from the first day to the last; both are part of it. A fact."""

    __tablename__ = "lms_leaves"

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    starts_on: Mapped[date]
    last_on: Mapped[date]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    entered_at: Mapped[datetime]


class LeaveEnd(Base):
    """They were back on a day of it; on its first day: it never was. A fact."""

    __tablename__ = "lms_leave_ends"

    leave_id: Mapped[int] = mapped_column(ForeignKey("lms_leaves.id"), primary_key=True, autoincrement=False)
    back_on: Mapped[date]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    ended_at: Mapped[datetime]


def is_on_leave(person: Any, on: Any) -> ColumnElement[bool]:
    """Whether a person (a column) is on leave on a day, by any record of theirs."""
    back = exists().where(LeaveEnd.leave_id == Leave.id, LeaveEnd.back_on <= on)
    theirs = exists().where(Leave.person_id == Person.id, Person.is_record_of(person))
    return theirs.where(Leave.starts_on <= on, Leave.last_on >= on, ~back)
