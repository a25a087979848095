"""What a record rests on, as HR reads it: completions with the confirmations of their tasks at work."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_WITHDRAWAL,
    AttemptResult,
    Attendance,
    Completion,
    CompletionWithdrawal,
    ConfirmationWithdrawal,
    CourseVersion,
    FactText,
    HandIn,
    Person,
    ReviewDecision,
    ReviewRequest,
)
from lms.rules.applying import Decision


@dataclass(frozen=True)
class ConfirmationFacts:
    """A task at work that somebody confirmed: in which role, never what was handed in."""

    ref: str
    confirmed_at: datetime
    role: str
    withdrawn_at: datetime | None
    reason: str


@dataclass(frozen=True)
class CompletionFacts:
    """A completion with what became of it."""

    ref: str
    effective_at: datetime
    recorded_at: datetime
    version: int
    percent: int | None  # None for who completed by taking part
    place: str  # where they took part
    expires_on: date | None
    withdrawn_at: datetime | None
    withdrawn_by: str
    reason: str
    application_due_on: date | None
    confirmations: list[ConfirmationFacts] = field(default_factory=list)


def read_completions(session: Session, enrolment_id: int) -> list[CompletionFacts]:
    """The completions of an enrolment in order, each with its confirmations; one query."""
    by, why, place = aliased(Person), aliased(FactText), aliased(FactText)
    confirmed = (
        select(HandIn.completion_id, ReviewDecision.ref, ReviewDecision.decided_at, ReviewRequest.role)
        .add_columns(ReviewDecision.id.label("decision_id"))
        .join(ReviewRequest, ReviewRequest.hand_in_id == HandIn.id)
        .join(ReviewDecision, ReviewDecision.request_id == ReviewRequest.id)
        .where(ReviewDecision.decision == Decision.SEEN)
        .subquery("confirmed")
    )
    rows = session.execute(
        select(Completion, CourseVersion.number, AttemptResult.percent, CompletionWithdrawal)
        .add_columns(by.display_name, FactText.text, confirmed.c.ref, confirmed.c.decided_at, confirmed.c.role)
        .add_columns(ConfirmationWithdrawal.withdrawn_at, why.text, place.text)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .outerjoin(AttemptResult, and_(AttemptResult.attempt_id == Completion.attempt_id, AttemptResult.is_current))
        .outerjoin(Attendance, Attendance.completion_id == Completion.id)
        .outerjoin(place, place.fact_ref == Attendance.ref)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .outerjoin(by, by.id == CompletionWithdrawal.withdrawn_by)
        .outerjoin(FactText, FactText.fact_ref == CompletionWithdrawal.ref)
        .outerjoin(confirmed, confirmed.c.completion_id == Completion.id)
        .outerjoin(ConfirmationWithdrawal, ConfirmationWithdrawal.decision_id == confirmed.c.decision_id)
        .outerjoin(why, why.fact_ref == ConfirmationWithdrawal.ref)
        .where(Completion.enrolment_id == enrolment_id).order_by(Completion.id, confirmed.c.decision_id)
    )  # fmt: skip
    found: dict[int, CompletionFacts] = {}
    for c, number, percent, withdrawal, name, reason, confirmed_ref, at, role, taken_back_at, because, held_at in rows:
        found.setdefault(
            c.id,
            CompletionFacts(
                c.ref, c.effective_at, c.recorded_at, number, percent, held_at or "", c.expires_on,
                withdrawal.effective_at if withdrawal else None, name or "", reason or "", c.application_due_on,
            ),
        )  # fmt: skip
        if confirmed_ref is not None:
            fact = ConfirmationFacts(confirmed_ref, at, role, taken_back_at, because or "")
            found[c.id].confirmations.append(fact)
    return list(found.values())
