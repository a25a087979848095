"""What authors learn of their questions: reports by learners, the replies to them, and figures that were worked out."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class QuestionReport(Keyed, Base):
    """A learner says that something is wrong with a question. A fact; the person's next one follows it."""

    __tablename__ = "lms_question_reports"
    __table_args__ = (Index("ix_lms_question_reports_question_person", "question_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("lms_questions.id"))
    reason: Mapped[str] = mapped_column(String(30))  # a code of services.question_reports.REASONS
    reported_at: Mapped[datetime]
    text_hash: Mapped[str] = mapped_column(String(64))  # of the words in FactText


class ReportReply(Keyed, Base):
    """The author has dealt with a report, and says so in a sentence. A fact."""

    __tablename__ = "lms_report_replies"

    report_id: Mapped[int] = mapped_column(ForeignKey("lms_question_reports.id"), unique=True)
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    replied_at: Mapped[datetime]
    text_hash: Mapped[str] = mapped_column(String(64))


class ItemFigures(Base):
    """The item analysis of a course version as it was last worked out; a cache that `flask lms rebuild` drops."""

    __tablename__ = "lms_item_figures"

    version_id: Mapped[int] = mapped_column(ForeignKey("lms_course_versions.id"), primary_key=True)
    worked_out_at: Mapped[datetime]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)  # rules.items.Analysis as plain data
