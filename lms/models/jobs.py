"""Work that is done later: a row is written in the transaction of whoever wants it, and a worker claims it by lease."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Job(Keyed, Base):
    """One piece of work. What it is never changes; `claimable_at` alone moves.

    `claimable_at` is when a worker may take it: while one is at it, the end of that worker's lease; None once it is
    done or given up. Everything else about its state follows from its attempts.
    """

    __tablename__ = "lms_jobs"
    __table_args__ = (
        Index(
            "ix_lms_jobs_claimable_at",
            "claimable_at",
            sqlite_where=text("claimable_at IS NOT NULL"),
            postgresql_where=text("claimable_at IS NOT NULL"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(40))
    # Of a periodic job its kind and slot, so that of all workers one alone adds it.
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)  # refs and dates, never anything personal
    due_at: Mapped[datetime]
    claimable_at: Mapped[datetime | None]


class JobAttempt(Base):
    """A worker took the job. A fact."""

    __tablename__ = "lms_job_attempts"
    __table_args__ = (UniqueConstraint("job_id", "number"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("lms_jobs.id"))
    number: Mapped[int]
    worker: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(index=True)


class JobOutcome(Base):
    """How an attempt ended, one of rules.working.Outcome; an attempt without one is under way. A fact."""

    __tablename__ = "lms_job_outcomes"
    __table_args__ = (
        Index(
            "ix_lms_job_outcomes_gave_up",
            "attempt_id",
            sqlite_where=text("outcome = 'gave_up'"),
            postgresql_where=text("outcome = 'gave_up'"),
        ),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_job_attempts.id"), primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(String(20))
    ended_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(String(80), default="")  # its kind alone: its words may name people
