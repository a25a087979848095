"""Attempts at a quiz, the questions drawn for them, and the append-only log of answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Attempt(Keyed, Base):
    """One try at a quiz: what was drawn, by which rule it is marked, and until when answers count.

    `is_open` only falls, once, together with the AttemptResult that is the fact; it keeps one open attempt each.
    """

    __tablename__ = "lms_attempts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "number"),
        Index(
            "uq_lms_attempts_open",
            "enrolment_id",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("lms_course_versions.id"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int]
    pass_percent: Mapped[int]
    marking_rule: Mapped[str] = mapped_column(String(30))
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    is_open: Mapped[bool]


class AttemptQuestion(Base):
    """A question drawn for an attempt, its place, and the order of its options. A fact."""

    __tablename__ = "lms_attempt_questions"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_attempts.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("lms_questions.id"), primary_key=True)
    position: Mapped[int]
    option_order: Mapped[list[str]] = mapped_column(JSON)


class AnswerEvent(Base):
    """An answer as it arrived. A fact; the event id is made by the client, so that sending twice changes nothing.

    The current answer to a question is the last event that came in time.
    """

    __tablename__ = "lms_answer_events"
    __table_args__ = (Index("ix_lms_answer_events_attempt_question", "attempt_id", "question_id"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36), unique=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_attempts.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("lms_questions.id"))
    value_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]


class AnswerValue(Base):
    """What was answered: the personal part of the event, beside it, so that it can be erased."""

    __tablename__ = "lms_answer_values"

    answer_id: Mapped[int] = mapped_column(ForeignKey("lms_answer_events.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(36))
    value: Mapped[Any] = mapped_column(JSON)


class AttemptResult(Base):
    """How an attempt ended. A fact; one each, and so the compare-and-set of submitting."""

    __tablename__ = "lms_attempt_results"
    __table_args__ = (CheckConstraint("score >= 0 AND score <= possible", name="score"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_attempts.id"), primary_key=True)
    submitted_at: Mapped[datetime]
    finished_at: Mapped[datetime]  # the deadline for an attempt that was left open past it
    score: Mapped[int]  # numerator and denominator of an exact fraction
    possible: Mapped[int]
    percent: Mapped[int]  # rounded down, as shown
    critical_missed: Mapped[int]
    passed: Mapped[bool]
