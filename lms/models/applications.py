"""The task at work: what was handed in, who was asked to look at it, what they said; the words lie in FactText."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed, where


class HandIn(Keyed, Base):
    """Something handed in for a completion: the first, or another after "not yet".

    Its words, link and situation lie in FactText as JSON; `situation` is said again in the evidence that comes of it.
    """

    __tablename__ = "lms_hand_ins"
    __table_args__ = (UniqueConstraint("completion_id", "number"),)

    completion_id: Mapped[int] = mapped_column(ForeignKey("lms_completions.id"))
    number: Mapped[int]
    handed_in_at: Mapped[datetime]
    is_observed: Mapped[bool]  # the reviewer saw it being done
    with_partner: Mapped[bool]  # a partner organisation was part of it
    words_hash: Mapped[str] = mapped_column(String(64))


class HandInUpload(Base):
    """A file of a hand-in, in their order."""

    __tablename__ = "lms_hand_in_uploads"
    __table_args__ = (UniqueConstraint("hand_in_id", "position"),)

    upload_id: Mapped[int] = mapped_column(ForeignKey("lms_uploads.id"), primary_key=True)
    hand_in_id: Mapped[int] = mapped_column(ForeignKey("lms_hand_ins.id"))
    position: Mapped[int]


class ReviewRequest(Keyed, Base):
    """Somebody is asked to look at a hand-in. A signed link names its ref: another person's request is another row.

    `side`, `role` and `cause` are of rules.applying. `is_open` only falls: by a decision, or when somebody else is
    asked instead.
    """

    __tablename__ = "lms_review_requests"
    __table_args__ = (
        Index("uq_lms_review_requests_open", "hand_in_id", "side", unique=True, **where("is_open")),
        Index("ix_lms_review_requests_waiting", "reviewer_id", **where("is_open")),
    )

    hand_in_id: Mapped[int] = mapped_column(ForeignKey("lms_hand_ins.id"), index=True)
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    side: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(20))
    cause: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))  # nobody: the days that passed
    asked_at: Mapped[datetime]
    is_open: Mapped[bool] = mapped_column(default=True)


class ReviewDecision(Keyed, Base):
    """What the reviewer of a request said, once. `comment_hash` is empty where there is no comment."""

    __tablename__ = "lms_review_decisions"

    request_id: Mapped[int] = mapped_column(ForeignKey("lms_review_requests.id"), unique=True)
    decision: Mapped[str] = mapped_column(String(10))
    decided_at: Mapped[datetime]
    by_link: Mapped[bool]  # by the signed link of a mail, or signed in
    partner_voice: Mapped[bool]
    beyond_own_team: Mapped[bool]
    comment_hash: Mapped[str] = mapped_column(String(64))


class ConfirmationWithdrawal(Keyed, Base):
    """A confirmation declared not to count, by whom and why."""

    __tablename__ = "lms_confirmation_withdrawals"

    decision_id: Mapped[int] = mapped_column(ForeignKey("lms_review_decisions.id"), unique=True)
    withdrawn_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    withdrawn_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))
