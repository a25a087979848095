"""What is kept for a while and then deleted, slice by slice: jobs that are done, answers of long ago, people who left.

Jobs are no facts of learning. Who was told something is kept for longer than the same could be told again. Of people
the privacy manifest says what goes.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, select
from sqlalchemy.orm import Session

from lms.models import (
    AnswerEvent,
    AnswerValue,
    Attempt,
    Enrolment,
    Erasure,
    FactText,
    Job,
    JobAttempt,
    JobOutcome,
    Mail,
    MailEvent,
    Person,
    Post,
    Reminder,
)
from lms.permissions import Actor, require
from lms.rules.privacy import WHOLLY, Cause, Keep, is_over, surely_before
from lms.services.erasing import ERASE
from lms.services.jobs import add_job
from lms.services.mails import SEND

SWEEP = "sweep_jobs"  # the kind of job
SWEPT_AT_ONCE = 200
RETAIN = "retain"  # the kind of job
# The first that is due.
_LEAVING = ((Cause.OVER, Keep.RECORDS), (Cause.LEFT, Keep.LEAVERS))


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


def retain(
    session: Session, actor: Actor, *, payload: dict[str, Any], after: int, months: Mapping[str, int]
) -> int | None:
    """Of a slice of people, by their numbers from `after` on, let go what is kept no longer: answers of old attempts at
    once, and who left long ago by a job of their own. Returns the last number, or None when nobody is left."""
    require(actor, "jobs.work")
    people = session.scalars(select(Person.id).where(Person.id > after).order_by(Person.id).limit(SWEPT_AT_ONCE)).all()
    if not people:
        return None
    _forget_answers(session, actor, people, months[Keep.ATTEMPTS])
    _ask_for_leavers(session, actor, people, months)
    return people[-1]


def _forget_answers(session: Session, actor: Actor, people: Sequence[int], months: int) -> None:
    """What was answered in attempts whose time is over; that something was answered, and the result, stay."""
    before = datetime.combine(surely_before(actor.today, months), time(), UTC)
    old = (
        select(AnswerEvent.id).join(Attempt, Attempt.id == AnswerEvent.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.person_id.in_(people), Attempt.started_at < before, ~Attempt.is_open)
    )  # fmt: skip
    gone = delete(AnswerValue).where(AnswerValue.answer_id.in_(old))
    session.execute(gone, execution_options={"synchronize_session": False})


def _ask_for_leavers(session: Session, actor: Actor, people: Sequence[int], months: Mapping[str, int]) -> None:
    left = select(Person.id, Person.ref, Post.ended_on).join(Post, and_(Post.person_id == Person.id, Post.is_latest))
    gone = left.where(
        Person.id.in_(people), Person.holder_id.is_(None), Post.ended_on.is_not(None), Post.ended_on <= actor.today
    )
    erased = select(Erasure.person_id, Erasure.cause).where(Erasure.person_id.in_(people))
    done = {tuple(row) for row in session.execute(erased)}
    for person_id, ref, ended_on in session.execute(gone).all():
        due = (cause for cause, keep in _LEAVING if ended_on and is_over(ended_on, months[keep], actor.today))
        cause = next(due, None)
        if cause and not done & {(person_id, known) for known in (cause, *WHOLLY)}:
            payload = {"person": ref, "cause": cause}
            add_job(session, ERASE, payload, actor.at, key=f"erase:{cause}:{ref}:{ended_on}")
