"""Keeps the stored standing equal to what the facts say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lms.models import (
    Assignment,
    AssignmentWithdrawal,
    Attempt,
    AttemptResult,
    Completion,
    CompletionWithdrawal,
    Enrolment,
    EnrolmentAssignment,
    EnrolmentStart,
    Standing,
)
from lms.permissions import Actor, require
from lms.rules import standing as rule
from lms.services.writing import audit

SLICE = 500


def refresh(session: Session, enrolment_ids: Sequence[int], at: datetime) -> None:
    """Compute the standings of some enrolments anew from their facts; `changed_at` moves only on a change.

    The enrolments are locked before their facts are read, so that of two writers the second sees the first's facts.
    """
    session.flush()
    ordered = sorted(set(enrolment_ids))
    for start in range(0, len(ordered), SLICE):
        ids = ordered[start : start + SLICE]
        lock = select(Enrolment.id).where(Enrolment.id.in_(ids)).order_by(Enrolment.id)
        session.execute(lock.with_for_update(key_share=True))
        rows = select(Standing).where(Standing.enrolment_id.in_(ids)).execution_options(populate_existing=True)
        stored = {row.enrolment_id: row for row in session.scalars(rows)}
        for enrolment_id, facts in _facts(session, ids).items():
            _store(session, stored.get(enrolment_id), enrolment_id, rule.derive(facts), at)


def rebuild(session: Session, actor: Actor) -> int:
    """Drop every standing and compute it anew; returns how many there are. What changed nothing keeps its date."""
    require(actor, "records.rebuild")
    session.execute(select(Enrolment.id).order_by(Enrolment.id).with_for_update(key_share=True))  # writers wait
    before = _all_standings(session)
    changed = {row.enrolment_id: row.changed_at for row in session.scalars(select(Standing))}
    session.execute(delete(Standing))
    session.expunge_all()
    ids = list(session.scalars(select(Enrolment.id).order_by(Enrolment.id)))
    refresh(session, ids, actor.at)
    session.flush()
    for row in session.scalars(select(Standing)):
        if before.get(row.enrolment_id) == as_rule(row):
            row.changed_at = changed[row.enrolment_id]
    audit(session, actor, "records.rebuild", "standings", str(len(ids)))
    return len(ids)


def _all_standings(session: Session) -> dict[int, rule.Standing]:
    return {row.enrolment_id: as_rule(row) for row in session.scalars(select(Standing))}


def as_rule(row: Standing) -> rule.Standing:
    return rule.Standing(**{name: getattr(row, name) for name in rule.Standing.__dataclass_fields__})


def _store(session: Session, row: Standing | None, enrolment_id: int, new: rule.Standing, at: datetime) -> None:
    if row is None:
        session.add(Standing(enrolment_id=enrolment_id, changed_at=at, **asdict(new)))
    elif as_rule(row) != new:
        for name, value in asdict(new).items():
            setattr(row, name, value)
        row.changed_at = at


def _facts(session: Session, ids: Sequence[int]) -> dict[int, rule.EnrolmentFacts]:
    enrolments = session.execute(
        select(Enrolment.id, Enrolment.enrolled_at, Enrolment.own_choice, EnrolmentStart.started_at)
        .outerjoin(EnrolmentStart)
        .where(Enrolment.id.in_(ids))
    )
    assignments, attempts = _assignments(session, ids), _attempts(session, ids)
    completions = _completions(session, ids)
    return {
        row.id: rule.EnrolmentFacts(
            enrolled_at=row.enrolled_at,
            own_choice=row.own_choice,
            started_at=row.started_at,
            assignments=tuple(assignments[row.id]),
            attempts=tuple(attempts[row.id]),
            completions=tuple(completions[row.id]),
        )
        for row in enrolments
    }


def _grouped(rows: Iterable[Any], make: type) -> dict[int, list[Any]]:
    """Rows whose first column is the enrolment and whose others are the fact's fields, in order."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for enrolment_id, *fields in rows:
        groups[enrolment_id].append(make(*fields))
    return groups


def _assignments(session: Session, ids: Sequence[int]) -> dict[int, list[rule.AssignmentFact]]:
    query = (
        select(EnrolmentAssignment.enrolment_id, EnrolmentAssignment.assigned_at, EnrolmentAssignment.due_on)
        .add_columns(Assignment.mandatory, Assignment.reason, AssignmentWithdrawal.withdrawn_at)
        .join(Assignment, Assignment.id == EnrolmentAssignment.assignment_id)
        .outerjoin(AssignmentWithdrawal, AssignmentWithdrawal.assignment_id == Assignment.id)
        .where(EnrolmentAssignment.enrolment_id.in_(ids))
    )
    return _grouped(session.execute(query), rule.AssignmentFact)


def _attempts(session: Session, ids: Sequence[int]) -> dict[int, list[rule.AttemptFact]]:
    query = (
        select(Attempt.enrolment_id, Attempt.started_at, AttemptResult.percent, AttemptResult.passed)
        .outerjoin(AttemptResult)
        .where(Attempt.enrolment_id.in_(ids))
    )
    return _grouped(session.execute(query), rule.AttemptFact)


def _completions(session: Session, ids: Sequence[int]) -> dict[int, list[rule.CompletionFact]]:
    query = (
        select(Completion.enrolment_id, Completion.effective_at, Completion.version_id, AttemptResult.percent)
        .add_columns(Attempt.language, Completion.expires_on, Completion.application_due_on)
        .add_columns(CompletionWithdrawal.effective_at)
        .join(Attempt, Attempt.id == Completion.attempt_id)
        .join(AttemptResult, AttemptResult.attempt_id == Completion.attempt_id)
        .outerjoin(CompletionWithdrawal, CompletionWithdrawal.completion_id == Completion.id)
        .where(Completion.enrolment_id.in_(ids))
    )
    return _grouped(session.execute(query), rule.CompletionFact)


def latest_period() -> Any:
    """A condition on `Enrolment`: it is the person's newest period of the course."""
    later = Enrolment.__table__.alias("later")
    newest = (
        select(func.max(later.c.period))
        .where(later.c.person_id == Enrolment.person_id, later.c.course_id == Enrolment.course_id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return Enrolment.period == newest
