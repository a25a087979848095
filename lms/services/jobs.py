"""Jobs: added in the caller's transaction, claimed by lease, settled once, looked at and tried again by administrators.

Every move of a job compares `claimable_at` with the end of the lease that the worker holds. Whoever's lease has run out
and was taken over finds another value there, and with that the whole transaction is rolled back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Executable, and_, func, literal, literal_column, select, update
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, NotFound
from lms.models import Job, JobAttempt, JobOutcome, Mail, MailEvent, Person, new_ref
from lms.permissions import Actor, require
from lms.rules.mails import Event
from lms.rules.working import MOST_TRIES, Outcome, State, slot, state, tries, wait_after
from lms.services.writing import audit, insert_once

LEASE = timedelta(minutes=5)
STATES = tuple(State)


class LeaseLost(Conflict):
    """Another worker has taken the job over; the transaction that finds it out is undone."""


@dataclass(frozen=True)
class Claim:
    """A job that one worker holds until a moment."""

    job_id: int
    kind: str
    payload: dict[str, Any]
    attempt_id: int
    tries: int  # of this round, this one included
    until: datetime


def add_job(session: Session, kind: str, payload: dict[str, Any], due: datetime, key: str | None = None) -> bool:
    """Write a job in the caller's transaction; False when one with this key exists.

    The payload holds refs and dates, and nothing personal: jobs are kept.
    """
    return insert_once(session, Job, key=key, **job_row(kind, payload, due))


def job_row(kind: str, payload: dict[str, Any], due: datetime) -> dict[str, Any]:
    """The row of a job that waits, for writing many at once."""
    return {"ref": new_ref(), "kind": kind, "payload": payload, "due_at": due, "claimable_at": due}


def is_any_claimable(session: Session, now: datetime, but: Sequence[str] = ()) -> bool:
    """Whether a claim would find something; a look that needs no write transaction."""
    return session.scalar(_claimable(now, but).with_only_columns(Job.id)) is not None


def _claimable(now: datetime, but: Sequence[str]) -> Any:
    """The job that has waited longest, of all kinds but these."""
    waits = select(Job).where(Job.claimable_at <= now, Job.kind.not_in(but))
    return waits.order_by(Job.claimable_at, Job.id).limit(1)


def missing_periodic(session: Session, now: datetime, periodic: dict[str, timedelta]) -> list[str]:
    """The periodic kinds whose job of this moment's slot nobody has added yet."""
    keys = {_periodic_key(kind, now, every): kind for kind, every in periodic.items()}
    found = set(session.scalars(select(Job.key).where(Job.key.in_(keys))))
    return [kind for key, kind in keys.items() if key not in found]


def add_periodic(session: Session, actor: Actor, *, kind: str, every: timedelta) -> bool:
    """Add the job of this moment's slot; of all workers one succeeds. Slots in which nobody worked are left out."""
    require(actor, "jobs.work")
    return add_job(session, kind, {}, actor.at, key=_periodic_key(kind, actor.at, every))


def _periodic_key(kind: str, now: datetime, every: timedelta) -> str:
    return f"{kind}:{slot(now, every)}"


def claim_job(session: Session, actor: Actor, *, worker: str, but: Sequence[str] = ()) -> Claim | None:
    """Take the job that has waited longest, for the length of a lease; None when none is due, but of the kinds `but`.

    On PostgreSQL a row that another worker is just taking is skipped; on SQLite there is one writer at a time. This is
    the sweeper too: whose worker fell silent is claimed like any other, and first the silence is recorded.
    """
    require(actor, "jobs.work")
    due = _claimable(actor.at, but)
    while job := session.scalars(due.with_for_update(skip_locked=True)).first():
        attempts = session.execute(_attempts_of(job.id)).all()
        outcomes = [attempt.outcome for attempt in attempts]
        used = tries(outcomes)
        if outcomes and outcomes[-1] is None:
            given_up = used >= MOST_TRIES
            outcome = Outcome.GAVE_UP if given_up else Outcome.SILENT
            session.add(JobOutcome(attempt_id=attempts[-1].id, outcome=outcome, ended_at=actor.at, error=""))
            if given_up:
                job.claimable_at = None
                session.flush()
                continue
        attempt = JobAttempt(job_id=job.id, number=len(attempts) + 1, worker=worker[:80], started_at=actor.at)
        session.add(attempt)
        job.claimable_at = actor.at + LEASE
        session.flush()
        return Claim(job.id, job.kind, job.payload, attempt.id, used + 1, job.claimable_at)
    return None


def _attempts_of(job_id: int) -> Executable:
    return (
        select(JobAttempt.id, JobOutcome.outcome)
        .outerjoin(JobOutcome, JobOutcome.attempt_id == JobAttempt.id)
        .where(JobAttempt.job_id == job_id).order_by(JobAttempt.number)
    )  # fmt: skip


def extend_lease(session: Session, actor: Actor, claim: Claim) -> Claim:
    """Hold the job for longer; in the transaction of a part of its work, which is undone where the job was lost.

    Raises LeaseLost when another worker has taken it over.
    """
    until = actor.at + LEASE
    _move(session, claim, until)
    return replace(claim, until=until)


def finish_job(session: Session, actor: Actor, claim: Claim) -> None:
    """Record that it is done, in the transaction of what it did. Raises LeaseLost."""
    _settle(session, actor, claim, Outcome.DONE, None)


def fail_job(session: Session, actor: Actor, claim: Claim, *, error: str) -> Outcome:
    """Record an error (its kind, no words): the job waits for its next try, or is given up. Raises LeaseLost."""
    if claim.tries >= MOST_TRIES:
        _settle(session, actor, claim, Outcome.GAVE_UP, None, error)
        return Outcome.GAVE_UP
    _settle(session, actor, claim, Outcome.ERROR, actor.at + wait_after(claim.tries), error)
    return Outcome.ERROR


def give_back(session: Session, actor: Actor, claim: Claim) -> None:
    """Let another worker have it at once: this one was asked to stop. Raises LeaseLost."""
    _settle(session, actor, claim, Outcome.GIVEN_BACK, actor.at)


def _settle(
    session: Session, actor: Actor, claim: Claim, outcome: Outcome, again_at: datetime | None, error: str = ""
) -> None:
    _move(session, claim, again_at)
    row = JobOutcome(attempt_id=claim.attempt_id, outcome=outcome, ended_at=actor.at, error=error[:80])
    session.add(row)


def _move(session: Session, claim: Claim, to: datetime | None) -> None:
    held = and_(Job.id == claim.job_id, Job.claimable_at == claim.until)
    # Asked for by RETURNING: PostgreSQL waits for whoever is taking the row, and looks again.
    moved = update(Job).where(held).values(claimable_at=to).returning(literal(1))
    if session.scalar(moved, execution_options={"synchronize_session": False}) is None:
        raise LeaseLost(N_("The lease of this job ran out, and another worker has taken it."))


class JobRow(NamedTuple):
    """A job in the administrator's list. `mail_kind`, `mail_event`, `mail_reason` and `person` are those of a mail."""

    ref: str
    kind: str
    state: State
    due_at: datetime
    next_at: datetime | None
    attempts: list[Any]  # number, worker, started_at, ended_at, outcome, error; newest first
    mail_kind: str | None
    mail_event: str | None
    mail_reason: str | None
    person: str | None


def list_jobs(session: Session, actor: Actor, *, wanted: str = "", page: int = 1, size: int = 50) -> list[JobRow]:
    """Jobs, newest first, of one of STATES or of all; three queries."""
    require(actor, "jobs.read")
    rows = session.execute(_listed(actor.at, wanted).limit(size).offset((page - 1) * size)).all()
    numbers = [row.id for row in rows]
    attempts: dict[int, list[Any]] = {number: [] for number in numbers}
    asked = (
        select(JobAttempt.job_id, JobAttempt.number, JobAttempt.worker, JobAttempt.started_at)
        .add_columns(JobOutcome.ended_at, JobOutcome.outcome, JobOutcome.error)
        .outerjoin(JobOutcome, JobOutcome.attempt_id == JobAttempt.id)
        .where(JobAttempt.job_id.in_(numbers)).order_by(JobAttempt.number.desc())
    )  # fmt: skip
    for attempt in session.execute(asked):
        attempts[attempt.job_id].append(attempt)
    mails = _mails_of(session, [row.payload.get("mail") for row in rows])
    return [_row(row, attempts[row.id], mails.get(row.payload.get("mail")), actor.at) for row in rows]


def _row(row: Any, attempts: list[Any], mail: Any, now: datetime) -> JobRow:
    shown = state(row.claimable_at, bool(attempts), attempts[0].outcome if attempts else None, now)
    told: tuple[str | None, ...] = (None, None, None, None)
    if mail:  # whose last worker fell silent in the middle is in doubt, though nobody comes to record it
        is_doubtful = shown is State.FAILED and mail.event == Event.SENDING
        told = (mail.kind, Event.PERHAPS_SENT if is_doubtful else mail.event, mail.reason, mail.display_name)
    return JobRow(row.ref, row.kind, shown, row.due_at, row.claimable_at, attempts, *told)


def _listed(now: datetime, wanted: str) -> Any:
    """Of a state, by the rule of rules.working.state, written once more as SQL."""
    newest = select(func.max(JobAttempt.number)).where(JobAttempt.job_id == Job.id).correlate(Job).scalar_subquery()
    last = and_(JobAttempt.job_id == Job.id, JobAttempt.number == newest)
    query = (
        select(Job.id, Job.ref, Job.kind, Job.payload, Job.due_at, Job.claimable_at)
        .outerjoin(JobAttempt, last).outerjoin(JobOutcome, JobOutcome.attempt_id == JobAttempt.id)
        .order_by(Job.id.desc())
    )  # fmt: skip
    is_under_way = and_(JobAttempt.id.is_not(None), JobOutcome.outcome.is_(None), Job.claimable_at > now)
    conditions = {
        State.DONE: and_(Job.claimable_at.is_(None), JobOutcome.outcome == Outcome.DONE),
        # Few among many: found by an index, and then looked at more closely.
        State.FAILED: and_(Job.claimable_at.is_(None), JobOutcome.outcome == Outcome.GAVE_UP, Job.id.in_(_given_up())),
        State.RUNNING: is_under_way,
        State.WAITING: and_(Job.claimable_at.is_not(None), ~is_under_way),
    }
    return query.where(conditions[State(wanted)]) if wanted else query


def _given_up() -> Any:
    joined = select(JobAttempt.job_id).join(JobOutcome, JobOutcome.attempt_id == JobAttempt.id)
    return joined.where(JobOutcome.outcome == literal_column(f"'{Outcome.GAVE_UP}'"))


def _mails_of(session: Session, refs: Sequence[str | None]) -> dict[str | None, Any]:
    event = aliased(MailEvent)
    newest = select(func.max(MailEvent.id)).where(MailEvent.mail_id == Mail.id).correlate(Mail).scalar_subquery()
    query = (
        select(Mail.ref, Mail.kind, Person.display_name, event.event, event.reason)
        .join(Person, Person.id == Mail.person_id).outerjoin(event, event.id == newest)
        .where(Mail.ref.in_([ref for ref in refs if ref]))
    )  # fmt: skip
    return {row.ref: row for row in session.execute(query)}


def retry_job(session: Session, actor: Actor, *, ref: str) -> None:
    """Let a job that was given up be tried again from now on. Raises NotFound, or Conflict for one in another state."""
    require(actor, "jobs.retry")
    found = session.scalar(select(Job.id).where(Job.ref == ref))
    if found is None:
        raise NotFound()
    done = (
        select(JobOutcome.attempt_id).join(JobAttempt, JobAttempt.id == JobOutcome.attempt_id)
        .where(JobAttempt.job_id == found, JobOutcome.outcome == Outcome.DONE).exists()
    )  # fmt: skip
    wanted = update(Job).where(Job.id == found, Job.claimable_at.is_(None), ~done)
    moved = wanted.values(claimable_at=actor.at).returning(literal(1))
    if session.scalar(moved, execution_options={"synchronize_session": False}) is None:
        raise Conflict(N_("This job did not fail, or is being tried again already. Nothing was changed."))
    audit(session, actor, "jobs.retry", "job", ref)
