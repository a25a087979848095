"""Attempts at a quiz, the questions drawn for them, and the append-only log of answers."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed, where


def new_draft_key() -> str:
    """A random key of 256 bits, base64url; with it the learner's browser seals answers that are still to be sent."""
    return secrets.token_urlsafe(32)


class Attempt(Keyed, Base):
    """One try at a quiz: what was drawn, by which rule it is marked, and until when answers count.

    `is_open` only falls, once, together with the AttemptResult that is the fact; it keeps one open attempt each.
    """

    __tablename__ = "lms_attempts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "number"),
        Index("uq_lms_attempts_open", "enrolment_id", unique=True, **where("is_open")),
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
    draft_key: Mapped[str] = mapped_column(String(43), default=new_draft_key)


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

    Everything that arrives is kept. The current answer to a question is the last event that takes effect and came in
    time (rules.answering).
    """

    __tablename__ = "lms_answer_events"
    __table_args__ = (
        Index("ix_lms_answer_events_attempt_question", "attempt_id", "question_id"),
        Index("ix_lms_answer_events_late", "attempt_id", **where("is_late")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36), unique=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_attempts.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("lms_questions.id"))
    value_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    given_at: Mapped[datetime | None]  # when it was given, as the device's clock says; information alone
    tab: Mapped[str] = mapped_column(String(36), default="")  # the open page that it was given in
    sequence: Mapped[int] = mapped_column(default=0)  # its number among the answers of that page
    base: Mapped[int] = mapped_column(default=0)  # the newest event of its question that the page knew of
    takes_effect: Mapped[bool] = mapped_column(default=True)  # decided on arrival (rules.answering)
    is_late: Mapped[bool] = mapped_column(default=False)  # after the deadline and its grace: HR decides


class AnswerValue(Base):
    """What was answered: the personal part of the event, beside it, so that it can be erased."""

    __tablename__ = "lms_answer_values"

    answer_id: Mapped[int] = mapped_column(ForeignKey("lms_answer_events.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(36))
    value: Mapped[Any] = mapped_column(JSON)


class AttemptResult(Base):
    """How an attempt ended, as it was marked on one occasion. A fact; a later marking stands beside it.

    `is_current` only falls, when the next marking takes its place; one row of each attempt has it, and so it is the
    compare-and-set of submitting.
    """

    __tablename__ = "lms_attempt_results"
    __table_args__ = (
        CheckConstraint("score >= 0 AND score <= possible", name="score"),
        Index("ix_lms_attempt_results_attempt", "attempt_id"),
        Index("uq_lms_attempt_results_current", "attempt_id", unique=True, **where("is_current")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_attempts.id"))
    cause: Mapped[str] = mapped_column(String(20), default="submitted")  # "late_answers", "recall", "undone"
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    is_current: Mapped[bool] = mapped_column(default=True)
    submitted_at: Mapped[datetime]
    finished_at: Mapped[datetime]  # the deadline for an attempt that was left open past it
    score: Mapped[int]  # numerator and denominator of an exact fraction
    possible: Mapped[int]
    percent: Mapped[int]  # rounded down, as shown
    critical_missed: Mapped[int]
    passed: Mapped[bool]


# A join condition: the result that stands, of an attempt that is handed in.
CURRENT_RESULT = and_(AttemptResult.attempt_id == Attempt.id, AttemptResult.is_current)
