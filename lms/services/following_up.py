"""What a day brings to tasks at work: reminders, another reviewer where one left or did not answer. Slice by slice;
doing it again adds nothing."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lms.models import (
    CURRENT_WITHDRAWAL,
    Completion,
    CompletionWithdrawal,
    Enrolment,
    HandIn,
    Post,
    ReviewRequest,
    Standing,
    application_state_on,
    is_on_leave,
)
from lms.permissions import Actor, require
from lms.rules.applying import FALLBACK, REMINDED_FOR, REMINDERS, As, Cause, Side, State, Step, next_step, reminder_on
from lms.rules.mails import Kind
from lms.services.mails import WRITTEN_AT_ONCE, News, add_mails
from lms.services.review_requests import ask, asked_beside
from lms.services.reviewers import manager_of, may_answer
from lms.services.stand_ins import deputy_of

LEARNERS, REVIEWERS = "remind_learners", "follow_up_reviews"  # the kinds of job
_LONGEST = max(REMINDERS) + REMINDED_FOR


def remind_learners(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> int | None:
    """Remind a slice of people who passed and handed nothing in, by the numbers of their enrolments."""
    require(actor, "jobs.work")
    today = actor.today
    waits = application_state_on(today).in_([State.DUE, State.OVERDUE, State.RETURNED])
    query = (
        select(Enrolment.id, Enrolment.ref, Enrolment.person_id.label("person_id"), Standing.completed_on)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .outerjoin(Post, and_(Post.person_id == Enrolment.person_id, Post.is_latest))
        .where(Standing.completed_on.between(_days_before(today, _LONGEST), _days_before(today, min(REMINDERS))))
        .where(waits, or_(Post.ended_on.is_(None), Post.ended_on > today), Enrolment.id > after)
        .where(~is_on_leave(Enrolment.person_id, today))
        .order_by(Enrolment.id).limit(WRITTEN_AT_ONCE)
    )  # fmt: skip
    found = session.execute(query).all()
    due = [(row, reminder_on(row.completed_on, today)) for row in found]
    news = [
        News(row.person_id, f"{Kind.APPLICATION_DUE}:{row.ref}:{row.completed_on}:{days}", {"record": row.ref})
        for row, days in due
        if days
    ]
    add_mails(session, Kind.APPLICATION_DUE, news, actor.at)
    return found[-1].id if found else None


def follow_up_reviews(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> int | None:
    """Look after a slice of open requests: remind, or ask somebody else."""
    require(actor, "jobs.work")
    found = session.execute(_open_requests(actor.today, after)).all()
    news = []
    for row in found:
        request = row.ReviewRequest
        asked_on = request.asked_at.date()
        step, days = next_step(asked_on, actor.today, still_holds=row.holds, is_away=_is_away(session, row))
        if step is Step.REMIND or (step is Step.FALLBACK and request.side == Side.OTHER):
            days = days or reminder_on(asked_on, actor.today)
            data = {"request": request.ref, "days": days}
            news += [News(request.reviewer_id, f"{Kind.REVIEW_ASKED}:{request.ref}:{days}", data)] if days else []
        elif step is not Step.NOTHING and request.side == Side.OWN:
            _ask_another(session, actor, row, step)
    add_mails(session, Kind.REVIEW_ASKED, news, actor.at)
    return found[-1].ReviewRequest.id if found else None


def _open_requests(today: Any, after: int) -> Any:
    return (
        select(ReviewRequest, Enrolment.person_id.label("person_id"), may_answer(today).label("holds"))
        .add_columns(manager_of(Enrolment.person_id, today).label("manager"))
        .add_columns(manager_of(ReviewRequest.reviewer_id, today).label("next_up"))
        .add_columns(deputy_of(Enrolment.person_id, today).label("deputy"))
        .join(HandIn, HandIn.id == ReviewRequest.hand_in_id)
        .join(Completion, Completion.id == HandIn.completion_id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(ReviewRequest.is_open, CompletionWithdrawal.id.is_(None), ReviewRequest.id > after)
        .where(application_state_on(today) == State.HANDED_IN.value)  # what is confirmed or has run out can rest
        .order_by(ReviewRequest.id).limit(WRITTEN_AT_ONCE)
        .with_for_update(of=ReviewRequest, skip_locked=True)  # whoever is answering now needs no reminder
    )  # fmt: skip


def _is_away(session: Session, row: Any) -> bool:
    """Whether the line manager was asked, and somebody stands in for them who does not speak for the other side."""
    request = row.ReviewRequest
    if row.deputy is None or request.role != As.LINE_MANAGER:
        return False
    return row.deputy not in asked_beside(session, request.hand_in_id, Side.OWN)


def _ask_another(session: Session, actor: Actor, row: Any, step: Step) -> None:
    """The deputy of a manager who is away; the learner's manager of today, or their deputy, for who may not answer any
    more; the reviewer's own manager for who did not.

    Where there is nobody, or the second did not answer either, it is HR's to ask somebody: see `is_case`.
    """
    request = row.ReviewRequest
    if step is Step.STAND_IN:
        another, role, cause = row.deputy, As.DEPUTY, Cause.STAND_IN
    elif step is Step.FALLBACK:
        another, role, cause = row.next_up, As.REVIEWER, Cause.FALLBACK
        if request.cause in (Cause.FALLBACK, Cause.HR):
            return
    else:
        another, role, cause = row.manager, As.LINE_MANAGER, Cause.MOVED
    if another is None or another in (row.person_id, request.reviewer_id):
        return
    ask(session, request.hand_in_id, another, side=Side.OWN, role=role, cause=cause, by=None, at=actor.at)


def _days_before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def is_case(on: date) -> ColumnElement[bool]:
    """A condition on `ReviewRequest` (outer-joined, open, of the own side): nobody answers, so HR has to ask."""
    long_ago = datetime.combine(_days_before(on, FALLBACK), time(), UTC)
    return or_(ReviewRequest.id.is_(None), ~may_answer(on), ReviewRequest.asked_at < long_ago)
