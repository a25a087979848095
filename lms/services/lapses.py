"""Whose levels lapse soon, by the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lms.models import Evidence, Post
from lms.rules.levels import explain
from lms.rules.standing import RENEWAL_NOTICE
from lms.services.framework import current_rule
from lms.services.proofs import read_proofs


@dataclass(frozen=True)
class Lapse:
    """The level of a person in a competency falls on a day."""

    person_id: int
    competency: str
    lapses_on: date


def list_candidates(session: Session, after: int, today: date, most: int) -> list[int]:
    """People, leavers aside, of whose evidence some runs out within the notice, by their numbers from `after` on: the
    one query over everybody; of these few the rules then say whether a level falls."""
    soon = Evidence.expires_on.between(today + timedelta(days=1), today + RENEWAL_NOTICE)
    query = (
        select(Evidence.person_id).distinct()
        .outerjoin(Post, and_(Post.person_id == Evidence.person_id, Post.is_latest))
        .where(soon, Evidence.person_id > after, or_(Post.ended_on.is_(None), Post.ended_on > today))
    )  # fmt: skip
    return list(session.scalars(query.order_by(Evidence.person_id).limit(most)))


def find_lapses(session: Session, people: Sequence[int], today: date) -> list[Lapse]:
    """Which levels of these people fall within the notice; two queries."""
    rule, _version, moves = current_rule(session)
    found = []
    for (person_id, competency), proofs in read_proofs(session, people, moves).items():
        explanation = explain(proofs, today, rule)
        if explanation.lapses_on is not None and explanation.lapses_soon(today):
            found.append(Lapse(person_id, competency, explanation.lapses_on))
    return found
