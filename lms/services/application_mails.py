"""What the mails on tasks at work tell, as things are when they are sent; None when it is no longer true."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_WITHDRAWAL,
    Completion,
    CompletionWithdrawal,
    ConfirmationWithdrawal,
    Course,
    CourseVersion,
    Enrolment,
    FactText,
    HandIn,
    Person,
    ReviewDecision,
    ReviewRequest,
    Standing,
    application_state_on,
    named_completion,
)
from lms.permissions import Actor
from lms.rules.applying import Decision, State
from lms.services.courses import join_texts, localised
from lms.services.reviewers import PARTNER, asked_for, may_answer, partner_of

Values = dict[str, Any]


def application_due(session: Session, actor: Actor, person_id: int, language: str, data: Values) -> Values | None:
    """While nothing is handed in that waits or was confirmed."""
    preferred, source = localised()
    query = (
        select(Completion.ref, Standing.application_due_on, application_state_on(actor.today).label("state"))
        .add_columns(func.coalesce(preferred.title, source.title).label("title"))
        .select_from(Enrolment)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .join(Completion, Completion.id == named_completion())
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .where(Enrolment.ref == data["record"], Enrolment.person_id == person_id)
    )
    row = session.execute(join_texts(query, preferred, source), {"language": language}).first()
    if row is None or row.state not in (State.DUE, State.OVERDUE, State.RETURNED):
        return None
    return {
        "course": row.title, "path": f"/applications/{row.ref}", "due_on": row.application_due_on,
        "overdue": row.state == State.OVERDUE, "returned": row.state == State.RETURNED,
    }  # fmt: skip


def review_asked(session: Session, actor: Actor, person_id: int, language: str, data: Values) -> Values | None:
    """While the request can be answered. `review` is what the link is signed for, when the mail is sent."""
    preferred, source = localised()
    reviewer = aliased(Person)
    query = (
        _requests(preferred, source)
        .add_columns(Person.display_name, reviewer.kind, partner_of(Person.id).label("partner"))
        .add_columns(partner_of(reviewer.id).label("own_partner"), asked_for().label("for_name"))
        .join(reviewer, reviewer.id == ReviewRequest.reviewer_id)
        .where(ReviewRequest.ref == data["request"], ReviewRequest.reviewer_id == person_id)
        .where(ReviewRequest.is_open, may_answer(actor.today), CompletionWithdrawal.id.is_(None))
    )
    row = session.execute(join_texts(query, preferred, source), {"language": language}).first()
    if row is None:
        return None
    is_foreign = row.kind == PARTNER and row.partner != row.own_partner
    return {
        "course": row.title, "learner": "" if is_foreign else row.display_name, "review": data["request"],
        "reminder": data["days"] > 0, "for_name": row.for_name or "",
    }  # fmt: skip


def reviewed(session: Session, _actor: Actor, person_id: int, language: str, data: Values) -> Values | None:
    """While the decision was not withdrawn."""
    preferred, source = localised()
    comment = aliased(FactText)
    query = (
        _requests(preferred, source)
        .add_columns(ReviewDecision.decision, comment.text, ReviewRequest.side)
        .join(ReviewDecision, ReviewDecision.request_id == ReviewRequest.id)
        .outerjoin(comment, comment.fact_ref == ReviewDecision.ref)
        .outerjoin(ConfirmationWithdrawal, ConfirmationWithdrawal.decision_id == ReviewDecision.id)
        .where(ReviewDecision.ref == data["decision"], Enrolment.person_id == person_id)
        .where(ConfirmationWithdrawal.id.is_(None), CompletionWithdrawal.id.is_(None))
    )
    row = session.execute(join_texts(query, preferred, source), {"language": language}).first()
    if row is None:
        return None
    return {
        "course": row.title, "path": f"/applications/{row.completion_ref}", "seen": row.decision == Decision.SEEN,
        "comment": row.text or "", "other_side": row.side == "other",
    }  # fmt: skip


def confirmation_withdrawn(
    session: Session, _actor: Actor, person_id: int, language: str, data: Values
) -> Values | None:
    """To the learner, and to whoever had confirmed."""
    preferred, source = localised()
    reason = aliased(FactText)
    query = (
        _requests(preferred, source)
        .add_columns(reason.text, Enrolment.person_id.label("person_id"))
        .join(ReviewDecision, ReviewDecision.request_id == ReviewRequest.id)
        .join(ConfirmationWithdrawal, ConfirmationWithdrawal.decision_id == ReviewDecision.id)
        .outerjoin(reason, reason.fact_ref == ConfirmationWithdrawal.ref)
        .where(ConfirmationWithdrawal.ref == data["withdrawal"])
        .where(or_(Enrolment.person_id == person_id, ReviewRequest.reviewer_id == person_id))
    )
    row = session.execute(join_texts(query, preferred, source), {"language": language}).first()
    if row is None:
        return None
    is_learner = row.person_id == person_id
    path = f"/applications/{row.completion_ref}" if is_learner else f"/reviews/{row.request_ref}"
    return {"course": row.title, "path": path, "reason": row.text or "", "learner": is_learner}


def _requests(preferred: Any, source: Any) -> Any:
    return (
        select(func.coalesce(preferred.title, source.title).label("title"), Completion.ref.label("completion_ref"))
        .add_columns(ReviewRequest.ref.label("request_ref"))
        .select_from(ReviewRequest)
        .join(HandIn, HandIn.id == ReviewRequest.hand_in_id)
        .join(Completion, Completion.id == HandIn.completion_id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
    )
