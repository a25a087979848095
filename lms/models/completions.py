"""Completions and what follows them: facts that are appended, never changed."""

import secrets
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed
from lms.rules.certificates import ALPHABET, GROUPS, SIGNS, in_groups


def new_certificate_number() -> str:
    """An unguessable number, as printed: four groups of four, 80 bits."""
    return in_groups("".join(secrets.choice(ALPHABET) for _ in range(GROUPS * SIGNS)))


class Completion(Keyed, Base):
    """A person completed a course version in an attempt: effective when it was true, recorded when it was written."""

    __tablename__ = "lms_completions"
    __table_args__ = (UniqueConstraint("enrolment_id", "version_id", "attempt_id"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("lms_enrolments.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("lms_course_versions.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_attempts.id"), unique=True)
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    expires_on: Mapped[date | None]  # the first day on which it no longer counts
    application_due_on: Mapped[date | None]
    # Every row has one. Not NOT NULL: SQLite would have to rebuild a table that others refer to.
    certificate_number: Mapped[str | None] = mapped_column(
        String(19), index=True, unique=True, default=new_certificate_number
    )


class CompletionWithdrawal(Keyed, Base):
    """A completion declared not to count, by whom and why."""

    __tablename__ = "lms_completion_withdrawals"

    completion_id: Mapped[int] = mapped_column(ForeignKey("lms_completions.id"), unique=True)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class FactText(Base):
    """The words that belong to a fact, beside it, so that they can be erased while the fact and its hash stay."""

    __tablename__ = "lms_fact_texts"

    fact_ref: Mapped[str] = mapped_column(String(32), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
