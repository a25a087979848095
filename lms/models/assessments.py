"""Assessment from two sides: what each side wrote, what was proposed, accepted or seen differently, and the focus."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Assessment(Keyed, Base):
    """One person's assessment in one cycle. A fact: everything about its state follows from what belongs to it."""

    __tablename__ = "lms_assessments"
    __table_args__ = (UniqueConstraint("person_id", "starts_on"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the last day
    created_at: Mapped[datetime]


class RatingSheet(Keyed, Base):
    """What one side wrote, whole. A fact; a later one of the same side follows it until both sides are in.

    One that is not handed in is a draft, and nobody's but its writer's.
    """

    __tablename__ = "lms_rating_sheets"
    __table_args__ = (CheckConstraint("side IN ('self', 'manager')", name="side"),)

    assessment_id: Mapped[int] = mapped_column(ForeignKey("lms_assessments.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    written_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    written_at: Mapped[datetime]
    handed_in: Mapped[bool]


class Rating(Keyed, Base):
    """What a sheet says of one competency. A fact; its words stand beside it.

    `points` are what it rests on: evidence (refs) on the learner's side, indicators (as 2a) on the manager's.
    """

    __tablename__ = "lms_ratings"
    __table_args__ = (
        UniqueConstraint("sheet_id", "competency"),
        CheckConstraint("level BETWEEN 0 AND 4", name="level"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("lms_rating_sheets.id"))
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[int | None]  # None in a draft alone
    confidence: Mapped[str] = mapped_column(String(10), default="")  # one of rules.assessments.Confidence
    points: Mapped[list[Any]] = mapped_column(JSON)
    words_hash: Mapped[str] = mapped_column(String(64))


class AssessmentMove(Keyed, Base):
    """A step of the conversation on a competency: a level proposed, accepted, or seen differently. A fact."""

    __tablename__ = "lms_assessment_moves"
    __table_args__ = (
        CheckConstraint("side IN ('self', 'manager')", name="side"),
        CheckConstraint("act IN ('propose', 'accept', 'differ')", name="act"),
        CheckConstraint("(act = 'propose') = (level IS NOT NULL)", name="level"),
        CheckConstraint("(act = 'accept') = (proposal_id IS NOT NULL)", name="proposal"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("lms_assessments.id"), index=True)
    competency: Mapped[str] = mapped_column(String(20))
    act: Mapped[str] = mapped_column(String(10))
    side: Mapped[str] = mapped_column(String(10))
    made_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    made_at: Mapped[datetime]
    level: Mapped[int | None]
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("lms_assessment_moves.id"))
    words_hash: Mapped[str] = mapped_column(String(64))


class FocusChoice(Base):
    """On which competencies the person will work in the cycle. A fact; the last one counts."""

    __tablename__ = "lms_focus_choices"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("lms_assessments.id"), index=True)
    competencies: Mapped[list[Any]] = mapped_column(JSON)  # codes, in the framework's order
    chosen_at: Mapped[datetime]
