"""Asking somebody to look at a task at work: one open request for each side of a hand-in, and a mail with each."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, update
from sqlalchemy.orm import Session

from lms.models import ReviewRequest, new_ref
from lms.rules.applying import As, Cause, Side
from lms.rules.mails import Kind
from lms.services.mails import News, add_mails


def ask(
    session: Session, hand_in: int, reviewer: int, *, side: Side, role: As, cause: Cause, by: int | None, at: datetime
) -> ReviewRequest:
    """Ask somebody to look at a hand-in, instead of whoever was asked before on this side, and write the mail."""
    open_now = and_(ReviewRequest.hand_in_id == hand_in, ReviewRequest.side == side, ReviewRequest.is_open)
    close(session, open_now)
    request = ReviewRequest(
        ref=new_ref(), hand_in_id=hand_in, reviewer_id=reviewer, side=side, role=role, cause=cause, asked_by=by,
        asked_at=at, is_open=True,
    )  # fmt: skip
    session.add(request)
    session.flush()
    news = News(reviewer, f"{Kind.REVIEW_ASKED}:{request.ref}:0", {"request": request.ref, "days": 0})
    add_mails(session, Kind.REVIEW_ASKED, [news], at)
    return request


def close(session: Session, which: ColumnElement[bool]) -> bool:
    """Close open requests; False where somebody else closed them before."""
    falling = update(ReviewRequest).where(which, ReviewRequest.is_open).values(is_open=False).returning(literal(1))
    closed = session.scalars(falling.execution_options(synchronize_session=False)).all()
    for request in session.identity_map.values():
        if isinstance(request, ReviewRequest):
            session.expire(request)
    return bool(closed)
