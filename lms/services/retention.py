"""What is done is kept for a while and then deleted: jobs with their tries, and their mails, slice by slice.

They are no facts of learning. Who was told something is kept for longer than the same could be told again.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from lms.models import FactText, Job, JobAttempt, JobOutcome, Mail, MailEvent, Reminder
from lms.permissions import Actor, require
from lms.services.mails import SEND

SWEEP = "sweep_jobs"  # the kind of job
SWEPT_AT_ONCE = 200


def sweep_jobs(session: Session, actor: Actor, *, payload: dict[str, Any], after: int, keep: timedelta) -> int | None:
    """Delete a slice of the jobs that were settled longer ago, done or given up, by their numbers from `after` on, with
    the mails that they were to send; returns the last number, or None when nothing is left."""
    require(actor, "jobs.work")
    before = actor.at - keep
    is_newer = exists().where(
        JobAttempt.job_id == Job.id, JobOutcome.attempt_id == JobAttempt.id, JobOutcome.ended_at >= before
    )
    settled = (
        select(Job.id, Job.kind, Job.payload)
        .where(Job.id > after, Job.claimable_at.is_(None), Job.due_at < before, ~is_newer)
        .order_by(Job.id).limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)  # of an administrator who has one tried again
    )  # fmt: skip
    found = session.execute(settled).all()
    if not found:
        return None
    _delete_mails(session, [row.payload["mail"] for row in found if row.kind == SEND])
    ids: list[int] = [row.id for row in found]
    attempts = select(JobAttempt.id).where(JobAttempt.job_id.in_(ids))
    session.execute(delete(JobOutcome).where(JobOutcome.attempt_id.in_(attempts)))
    session.execute(delete(JobAttempt).where(JobAttempt.job_id.in_(ids)))
    session.execute(delete(Job).where(Job.id.in_(ids)))
    return ids[-1]


def _delete_mails(session: Session, refs: list[str]) -> None:
    numbers = select(Mail.id).where(Mail.ref.in_(refs))
    session.execute(delete(Reminder).where(Reminder.mail_id.in_(numbers)))
    session.execute(delete(MailEvent).where(MailEvent.mail_id.in_(numbers)))
    session.execute(delete(FactText).where(FactText.fact_ref.in_(refs)))
    session.execute(delete(Mail).where(Mail.ref.in_(refs)))
