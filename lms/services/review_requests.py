"""Asking somebody to look at a task at work: one open request for each side of a hand-in, and a mail with each."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, select, update
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict
from lms.models import ReviewRequest, new_ref
from lms.rules.applying import As, Cause, Side
from lms.rules.mails import Kind
from lms.services.mails import News, add_mails
from lms.services.writing import insert_once


def ask(
    session: Session, hand_in: int, reviewer: int, *, side: Side, role: As, cause: Cause, by: int | None, at: datetime
) -> None:
    """Ask somebody to look at a hand-in, instead of whoever was asked before on this side, and write the mail.

    Raises Conflict where somebody else asks at this moment.
    """
    open_now = and_(ReviewRequest.hand_in_id == hand_in, ReviewRequest.side == side, ReviewRequest.is_open)
    close(session, open_now)
    ref = new_ref()
    is_first = insert_once(
        session, ReviewRequest, ref=ref, hand_in_id=hand_in, reviewer_id=reviewer, side=side, role=role, cause=cause,
        asked_by=by, asked_at=at, is_open=True,
    )  # fmt: skip
    if not is_first:
        raise Conflict(N_("Somebody else was asked at this moment. Nothing was changed."))
    news = News(reviewer, f"{Kind.REVIEW_ASKED}:{ref}:0", {"request": ref, "days": 0})
    add_mails(session, Kind.REVIEW_ASKED, [news], at)


def asked_beside(session: Session, hand_in: int, side: Side) -> list[int]:
    """Who was ever asked on the other side of a hand-in: nobody speaks for both."""
    asked = select(ReviewRequest.reviewer_id).where(ReviewRequest.hand_in_id == hand_in, ReviewRequest.side != side)
    return list(session.scalars(asked))


def close(session: Session, which: ColumnElement[bool]) -> bool:
    """Close open requests; False where somebody else closed them before."""
    falling = update(ReviewRequest).where(which, ReviewRequest.is_open).values(is_open=False).returning(literal(1))
    closed = session.scalars(falling.execution_options(synchronize_session=False)).all()
    for request in session.identity_map.values():
        if isinstance(request, ReviewRequest):
            session.expire(request)
    return bool(closed)
