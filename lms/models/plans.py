"""Development plans: a person's own words (which may be edited) and signed acts (which may not)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class DevelopmentPlan(Keyed, Base):
    """One person's plan for one cycle."""

    __tablename__ = "lms_development_plans"
    __table_args__ = (UniqueConstraint("person_id", "starts_on"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the last day
    created_at: Mapped[datetime]


class Objective(Keyed, Base):
    """What the person wants to be able to do, and by what it will be seen."""

    __tablename__ = "lms_objectives"

    plan_id: Mapped[int] = mapped_column(ForeignKey("lms_development_plans.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    competency: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PlanItem(Keyed, Base):
    """One step towards an objective: experience at work, other people, or a course."""

    __tablename__ = "lms_plan_items"
    __table_args__ = (
        CheckConstraint("kind IN ('experience', 'people', 'course')", name="kind"),
        CheckConstraint("(kind = 'course') = (course_id IS NOT NULL)", name="course"),
    )

    objective_id: Mapped[int] = mapped_column(ForeignKey("lms_objectives.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    course_id: Mapped[int | None] = mapped_column(ForeignKey("lms_courses.id"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PlanItemSignature(Base):
    """An item signed as done, or the signature taken back. A fact; the last one counts."""

    __tablename__ = "lms_plan_item_signatures"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("lms_plan_items.id"), index=True)
    done: Mapped[bool]
    signed_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    signed_at: Mapped[datetime]
