"""What peers are asked and what they said, as others meet it: the peer's list, the mail, and the conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from lms.models import Assessment, FactText, PeerAnswer, PeerRating, PeerRequest, Person
from lms.services.reviewers import leads, partner_of
from lms.services.scope import ME, TODAY
from lms.services.stand_ins import works


def may_rate(on: Any) -> ColumnElement[bool]:
    """A condition on `PeerRequest` with its `Assessment`, `Person` and `PeerAnswer`: it waits for the peer, who works
    here, in the person's organisation, and has not become their manager."""
    same = partner_of(PeerRequest.peer_id).is_not_distinct_from(partner_of(Person.id))
    return and_(
        PeerAnswer.id.is_(None), Assessment.ends_on >= on, works(PeerRequest.peer_id, on), works(Person.id, on),
        ~leads(PeerRequest.peer_id, Person.id, on), same,
    )  # fmt: skip


def select_waiting(*columns: Any) -> Select[Any]:
    """The requests that wait for the actor, with the person whom they are about."""
    return (
        select(*columns).select_from(PeerRequest)
        .join(Assessment, Assessment.id == PeerRequest.assessment_id)
        .join(Person, Person.id == Assessment.person_id)
        .outerjoin(PeerAnswer, PeerAnswer.request_id == PeerRequest.id)
        .where(PeerRequest.peer_id == ME, may_rate(TODAY))
    )  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What a peer says of a competency."""

    name: str
    at: datetime
    level: int
    confidence: str
    words: str


def list_seen(session: Session, assessment_id: int) -> list[tuple[str, Seen]]:
    """What the peers of an assessment said, by competency, in the order of their answers; one query. For those alone
    who may read the conversation, once both sides are in."""
    query = (
        select(PeerRating.competency, Person.display_name, PeerAnswer.answered_at, PeerRating.level)
        .add_columns(PeerRating.confidence, FactText.text)
        .join(PeerAnswer, PeerAnswer.id == PeerRating.answer_id)
        .join(PeerRequest, PeerRequest.id == PeerAnswer.request_id)
        .join(Person, Person.id == PeerRequest.peer_id)
        .outerjoin(FactText, FactText.fact_ref == PeerRating.ref)
        .where(PeerRequest.assessment_id == assessment_id)
        .order_by(PeerRating.id)
    )
    return [
        (row.competency, Seen(row.display_name, row.answered_at, row.level, row.confidence, row.text or ""))
        for row in session.execute(query)
    ]
