"""Peers in an assessment: who was asked about what, what became of it, and what they say. Facts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class PeerRequest(Keyed, Base):
    """Somebody is asked what they saw of the person in some competencies, until the cycle ends."""

    __tablename__ = "lms_peer_requests"
    __table_args__ = (UniqueConstraint("assessment_id", "peer_id"),)

    assessment_id: Mapped[int] = mapped_column(ForeignKey("lms_assessments.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    competencies: Mapped[list[Any]] = mapped_column(JSON)  # codes
    asked_by: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    asked_at: Mapped[datetime]


class PeerAnswer(Keyed, Base):
    """The peer's answer, once."""

    __tablename__ = "lms_peer_answers"
    __table_args__ = (CheckConstraint("outcome IN ('rated', 'declined')", name="outcome"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("lms_peer_requests.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(10))
    answered_at: Mapped[datetime]


class PeerRating(Keyed, Base):
    """What a peer says of one competency; the situation stands beside it, in words."""

    __tablename__ = "lms_peer_ratings"
    __table_args__ = (
        UniqueConstraint("answer_id", "competency"),
        CheckConstraint("level BETWEEN 0 AND 4", name="level"),
    )

    answer_id: Mapped[int] = mapped_column(ForeignKey("lms_peer_answers.id"))
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    confidence: Mapped[str] = mapped_column(String(10))  # one of rules.assessments.Confidence
    words_hash: Mapped[str] = mapped_column(String(64))
