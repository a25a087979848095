"""Reads evidence as the rule of levels sees it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.models import CURRENT_WITHDRAWAL, Completion, CompletionWithdrawal, Evidence
from lms.rules.frameworks import gather, moves_of
from lms.rules.levels import Kind, Proof


class Piece(NamedTuple):
    """A piece of evidence under the code with which it was recorded."""

    competency: str
    source: Any
    level_aimed_at: int
    proof: Proof


def gather_proofs(pieces: Iterable[Piece], framework: Mapping[str, Any]) -> dict[str, list[Proof]]:
    """What speaks for each competency of a framework: old codes are read through its mapping."""
    found = gather(
        pieces, moves_of(framework), code=lambda piece: piece.competency, source=lambda piece: piece.source,
        weight=lambda piece: piece.level_aimed_at,
    )  # fmt: skip
    return {code: [piece.proof for piece in some] for code, some in found.items()}


def read_evidence(session: Session, people: Sequence[int]) -> dict[int, list[Piece]]:
    """The evidence of some people; one query."""
    found = session.execute(
        select(Evidence, CompletionWithdrawal.effective_at.label("withdrawn_at"))
        .outerjoin(Completion, Completion.id == Evidence.completion_id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .where(Evidence.person_id.in_(people))
        .order_by(Evidence.person_id, Evidence.id)
    )
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for row in found:
        item = row.Evidence
        proof = as_proof(item, row.withdrawn_at)
        pieces[item.person_id].append(
            Piece(item.competency, item.completion_id or item.ref, item.level_aimed_at, proof)
        )
    return pieces


def as_proof(item: Evidence, withdrawn_at: datetime | None) -> Proof:
    """A piece of evidence as the rule sees it."""
    return Proof(
        item.ref, Kind(item.kind), item.effective_at.date(), item.expires_on,
        withdrawn_at.date() if withdrawn_at else None, item.situation, item.partner_voice, item.beyond_own_team,
    )  # fmt: skip
