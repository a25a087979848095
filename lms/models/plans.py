"""Development plans: a person's own words (which may be edited) and dated acts of both sides (which may not)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Held, Keyed


class DevelopmentPlan(Held, Keyed, Base):
    """One person's plan for one cycle."""

    __tablename__ = "lms_development_plans"
    __table_args__ = (
        UniqueConstraint("person_id", "starts_on"),
        Index("ix_lms_development_plans_holder_id", "holder_id"),
    )

    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the last day
    created_at: Mapped[datetime]
    template: Mapped[str] = mapped_column(String(60), default="")  # with which it was begun, in which version
    template_version: Mapped[int | None]
    # A cache for lists: the stage that follows from its acts and its words (rules.plan_stages).
    stage: Mapped[str] = mapped_column(String(20), default="draft")


class Objective(Keyed, Base):
    """What the person wants to be able to do, and by what it will be seen."""

    __tablename__ = "lms_objectives"

    plan_id: Mapped[int] = mapped_column(ForeignKey("lms_development_plans.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    competency: Mapped[str] = mapped_column(String(20), default="")
    carried_from: Mapped[str] = mapped_column(String(32), default="")  # the ref of an objective of an earlier plan
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
    condition: Mapped[str] = mapped_column(String(20))  # what closes it: one of rules.plans.Condition
    competency: Mapped[str] = mapped_column(String(20), default="")  # of which a level or a task is asked
    level: Mapped[int | None]
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


class PlanAct(Keyed, Base):
    """One side shared a plan, agreed to it, noted its middle, closed it or said something; or took that back.

    A fact; of each kind and side the last one counts. What was written lies in FactText under its ref.
    """

    __tablename__ = "lms_plan_acts"
    __table_args__ = (CheckConstraint("side IN ('learner', 'manager')", name="side"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("lms_development_plans.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # one of rules.plan_stages.Kind
    side: Mapped[str] = mapped_column(String(10))
    holds: Mapped[bool]  # False: taken back
    words: Mapped[str] = mapped_column(String(64))  # the hash of the plan's words that it is about
    mentions: Mapped[bool]  # whether what was written names the other side
    acted_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    acted_at: Mapped[datetime]
    text_hash: Mapped[str] = mapped_column(String(64))


class PlanCopy(Keyed, Base):
    """A closed plan as it stood when both sides had signed: JSON in FactText under its ref, and its hash. A fact."""

    __tablename__ = "lms_plan_copies"

    plan_id: Mapped[int] = mapped_column(ForeignKey("lms_development_plans.id"), unique=True)
    frozen_at: Mapped[datetime]
    body_hash: Mapped[str] = mapped_column(String(64))


class PlanNote(Base):
    """What somebody writes beside their plan for themselves alone; nobody else reads it, and no copy holds it."""

    __tablename__ = "lms_plan_notes"

    plan_id: Mapped[int] = mapped_column(ForeignKey("lms_development_plans.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
