"""Completions and what follows them: facts that are appended, never changed."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, and_, exists
from sqlalchemy.orm import Mapped, aliased, mapped_column

from lms.models.base import Base, Keyed, where
from lms.rules.certificates import ALPHABET, GROUPS, SIGNS, in_groups

UNMADE = "recall"  # the cause of a withdrawal: the attempt was marked again and is not passed


def new_certificate_number() -> str:
    """An unguessable number, as printed: four groups of four, 80 bits."""
    return in_groups("".join(secrets.choice(ALPHABET) for _ in range(GROUPS * SIGNS)))


class Completion(Keyed, Base):
    """A person completed a course version: effective when it was true, recorded when it was written.

    In an attempt; or by taking part, and then an `Attendance` belongs to it.
    """

    __tablename__ = "lms_completions"
    __table_args__ = (UniqueConstraint("enrolment_id", "version_id", "attempt_id"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("lms_course_versions.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("lms_attempts.id"), unique=True)
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    expires_on: Mapped[date | None]  # the first day on which it no longer counts
    application_due_on: Mapped[date | None]
    # Every row has one. Not NOT NULL: SQLite would have to rebuild a table that others refer to.
    certificate_number: Mapped[str | None] = mapped_column(
        String(19), index=True, unique=True, default=new_certificate_number
    )


class Attendance(Keyed, Base):
    """Somebody took part in a live session, as HR recorded, and so completed the course. A fact.

    Where it was held is in FactText.
    """

    __tablename__ = "lms_attendances"

    completion_id: Mapped[int] = mapped_column(ForeignKey("lms_completions.id"), unique=True)
    held_on: Mapped[date]
    language: Mapped[str] = mapped_column(String(20))  # of the course's texts, as the person reads them
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    recorded_at: Mapped[datetime]
    place_hash: Mapped[str] = mapped_column(String(64))


class CompletionWithdrawal(Keyed, Base):
    """A completion declared not to count, by whom and why.

    `is_current` only falls, when the completion is reinstated.
    """

    __tablename__ = "lms_completion_withdrawals"
    __table_args__ = (
        Index("uq_lms_completion_withdrawals_current", "completion_id", unique=True, **where("is_current")),
    )

    completion_id: Mapped[int] = mapped_column(ForeignKey("lms_completions.id"), index=True)
    cause: Mapped[str] = mapped_column(String(10), default="hr")  # or UNMADE
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool] = mapped_column(default=True)


class CompletionReinstatement(Keyed, Base):
    """A withdrawn completion counts again, because its attempt was marked again. A fact."""

    __tablename__ = "lms_completion_reinstatements"

    withdrawal_id: Mapped[int] = mapped_column(ForeignKey("lms_completion_withdrawals.id"), unique=True)
    reinstated_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    recorded_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


# A join condition: the withdrawal that holds, of a completion.
CURRENT_WITHDRAWAL = and_(CompletionWithdrawal.completion_id == Completion.id, CompletionWithdrawal.is_current)


def is_unmade(completion: Any) -> ColumnElement[bool]:
    """A condition on an alias of `Completion`: its attempt was marked again and is not passed."""
    gone = aliased(CompletionWithdrawal)
    return exists().where(gone.completion_id == completion.id, gone.is_current, gone.cause == UNMADE)


class FactText(Base):
    """The words that belong to a fact, beside it, so that they can be erased while the fact and its hash stay."""

    __tablename__ = "lms_fact_texts"

    fact_ref: Mapped[str] = mapped_column(String(32), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
