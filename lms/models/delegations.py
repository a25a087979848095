"""Who stands in for a line manager, from when to when; and that it was taken back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, and_, exists
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Delegation(Keyed, Base):
    """A line manager names a deputy for a while. Both days are part of it, in UTC."""

    __tablename__ = "lms_delegations"

    manager_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    starts_on: Mapped[date]
    last_on: Mapped[date]
    named_at: Mapped[datetime]

    @classmethod
    def held_on(cls, day: Any) -> ColumnElement[bool]:
        """A condition: it holds on the day (a date, or a parameter for one), as far as is known now."""
        taken_back = exists().where(DelegationEnd.delegation_id == cls.id)
        return and_(cls.starts_on <= day, cls.last_on >= day, ~taken_back)


class DelegationEnd(Base):
    """The manager took it back: from this moment it holds no more."""

    __tablename__ = "lms_delegation_ends"

    delegation_id: Mapped[int] = mapped_column(ForeignKey("lms_delegations.id"), primary_key=True, autoincrement=False)
    ended_at: Mapped[datetime]
