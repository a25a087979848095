"""Keeps the stored standing equal to what the facts say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, func, insert, select
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
        session.execute(_locked(), {"ids": ids})
        stored = {row.enrolment_id: row for row in session.scalars(_stored(), {"ids": ids})}
        new = {enrolment_id: rule.derive(facts) for enrolment_id, facts in read_facts(session, ids).items()}
        _store(session, stored, new, at)


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


def _store(session: Session, stored: dict[int, Standing], derived: dict[int, rule.Standing], at: datetime) -> None:
    rows = [standing_row(number, new, at) for number, new in derived.items() if number not in stored]
    if rows:
        session.execute(insert(Standing.__table__), rows)  # type: ignore[arg-type]
    for number, row in stored.items():
        if as_rule(row) != derived[number]:
            for name, value in standing_row(number, derived[number], at).items():
                setattr(row, name, value)


def standing_row(enrolment_id: int, standing: rule.Standing, at: datetime) -> dict[str, Any]:
    """A standing as it is stored, changed at that moment."""
    return {"enrolment_id": enrolment_id, "changed_at": at, **vars(standing)}


def read_facts(session: Session, ids: Sequence[int]) -> dict[int, rule.EnrolmentFacts]:
    """What is known of some enrolments, by their ids; four queries."""
    asked = {"ids": ids}
    assignments = _grouped(session.execute(_assignments(), asked), rule.AssignmentFact)
    attempts = _grouped(session.execute(_attempts(), asked), rule.AttemptFact)
    completions = _grouped(session.execute(_completions(), asked), rule.CompletionFact)
    return {
        row.id: rule.EnrolmentFacts(
            enrolled_at=row.enrolled_at,
            own_choice=row.own_choice,
            started_at=row.started_at,
            assignments=tuple(assignments[row.id]),
            attempts=tuple(attempts[row.id]),
            completions=tuple(completions[row.id]),
        )
        for row in session.execute(_enrolments(), asked)
    }


def _grouped(rows: Iterable[Any], make: type) -> dict[int, list[Any]]:
    """Rows whose first column is the enrolment and whose others are the fact's fields, in order."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for enrolment_id, *fields in rows:
        groups[enrolment_id].append(make(*fields))
    return groups


# Each statement is built once: every act of a learner asks all of them.
_IDS: Any = bindparam("ids", expanding=True)


@cache
def _locked() -> Executable:
    return select(Enrolment.id).where(Enrolment.id.in_(_IDS)).order_by(Enrolment.id).with_for_update(key_share=True)


@cache
def _stored() -> Executable:
    return select(Standing).where(Standing.enrolment_id.in_(_IDS)).execution_options(populate_existing=True)


@cache
def _enrolments() -> Executable:
    return (
        select(Enrolment.id, Enrolment.enrolled_at, Enrolment.own_choice, EnrolmentStart.started_at)
        .outerjoin(EnrolmentStart)
        .where(Enrolment.id.in_(_IDS))
    )


@cache
def _assignments() -> Executable:
    return (
        select(EnrolmentAssignment.enrolment_id, EnrolmentAssignment.assigned_at, EnrolmentAssignment.due_on)
        .add_columns(Assignment.mandatory, Assignment.reason, AssignmentWithdrawal.withdrawn_at)
        .join(Assignment, Assignment.id == EnrolmentAssignment.assignment_id)
        .outerjoin(AssignmentWithdrawal, AssignmentWithdrawal.assignment_id == Assignment.id)
        .where(EnrolmentAssignment.enrolment_id.in_(_IDS))
    )


@cache
def _attempts() -> Executable:
    return (
        select(Attempt.enrolment_id, Attempt.started_at, AttemptResult.percent, AttemptResult.passed)
        .outerjoin(AttemptResult)
        .where(Attempt.enrolment_id.in_(_IDS))
    )


@cache
def _completions() -> Executable:
    return (
        select(Completion.enrolment_id, Completion.effective_at, Completion.version_id, AttemptResult.percent)
        .add_columns(Attempt.language, Completion.expires_on, Completion.application_due_on)
        .add_columns(CompletionWithdrawal.effective_at)
        .join(Attempt, Attempt.id == Completion.attempt_id)
        .join(AttemptResult, AttemptResult.attempt_id == Completion.attempt_id)
        .outerjoin(CompletionWithdrawal, CompletionWithdrawal.completion_id == Completion.id)
        .where(Completion.enrolment_id.in_(_IDS))
    )


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
