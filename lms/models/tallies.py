"""What HR's page shows of each unit, counted by the worker where there is too much to count for each page."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base


class UnitTally(Base):
    """The counts of the people whose latest post is in a unit; of those without one where `unit_id` is empty.

    A cache: all rows are of one moment, and there are none where pages count for themselves.
    """

    __tablename__ = "lms_unit_tallies"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("lms_units.id"))
    counted_at: Mapped[datetime]
    courses: Mapped[list[Any]] = mapped_column(JSON)  # [course_id, asked, done, overdue]
    months: Mapped[dict[str, int]] = mapped_column(JSON)  # "2027-03": how many completions stop counting in it
