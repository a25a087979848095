"""Reads evidence as the rule of levels sees it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, and_, bindparam, select
from sqlalchemy.orm import Session

from lms.models import CompletionWithdrawal, Evidence, EvidenceWithdrawal
from lms.rules.frameworks import Moves, gather
from lms.rules.needs import Kind, Proof
from lms.services.scope import rows

# What the rule sees of a piece of evidence; the last two are when it was withdrawn: itself, or what it rests on.
COLUMNS = (
    Evidence.ref, Evidence.kind, Evidence.effective_at, Evidence.expires_on, Evidence.situation,
    Evidence.partner_voice, Evidence.beyond_own_team, EvidenceWithdrawal.effective_at,
    CompletionWithdrawal.effective_at,
)  # fmt: skip
WITHDRAWN_ITSELF = EvidenceWithdrawal.evidence_id == Evidence.id
WITHDRAWN_COMPLETION = and_(
    CompletionWithdrawal.completion_id == Evidence.completion_id, CompletionWithdrawal.is_current
)
_KINDS = {kind.value: kind for kind in Kind}


def as_proof(
    ref: str, kind: str, effective_at: datetime, expires_on: Any, situation: str, partner_voice: bool,
    beyond_own_team: bool, *withdrawn_at: datetime | None,
) -> Proof:  # fmt: skip
    """What stands in COLUMNS."""
    gone = min((at.date() for at in withdrawn_at if at), default=None)
    return Proof(
        ref, _KINDS[kind], effective_at.date(), expires_on, gone, situation, bool(partner_voice), bool(beyond_own_team)
    )


class Piece(NamedTuple):
    """A piece of evidence under the code with which it was recorded."""

    competency: str
    level_aimed_at: int
    source_ref: str
    proof: Proof


def gather_proofs(pieces: Iterable[Piece], moves: Moves) -> dict[str, list[Proof]]:
    """What speaks for each competency of a framework: old codes are read through its mapping."""
    if not moves:  # a source speaks once for a code, as the table's key has it
        kept: dict[str, list[Proof]] = defaultdict(list)
        for piece in pieces:
            kept[piece.competency].append(piece.proof)
        return kept
    found = gather(
        pieces, moves, code=lambda piece: piece.competency, source=lambda piece: piece.source_ref,
        weight=lambda piece: piece.level_aimed_at,
    )  # fmt: skip
    return {code: [piece.proof for piece in some] for code, some in found.items()}


def read_proofs(session: Session, people: Sequence[int], moves: Moves) -> dict[tuple[int, str], list[Proof]]:
    """The evidence of some people, by person and what became of its competency; one query."""
    pieces = read_evidence(session, people)
    return {
        (person_id, code): proofs
        for person_id, of_them in pieces.items()
        for code, proofs in gather_proofs(of_them, moves).items()
    }


def read_evidence(session: Session, people: Sequence[int]) -> dict[int, list[Piece]]:
    """The evidence of some people; one query."""
    found: dict[int, list[Piece]] = defaultdict(list)
    for person_id, competency, level, source_ref, *cells in rows(session, _of_people(), {"people": people}):
        found[person_id].append(Piece(competency, level, source_ref, as_proof(*cells)))
    return found


@cache
def _of_people() -> Executable:
    return (
        select(
            Evidence.person_id.label("person_id"),
            Evidence.competency,
            Evidence.level_aimed_at,
            Evidence.source_ref,
            *COLUMNS,
        )
        .outerjoin(EvidenceWithdrawal, WITHDRAWN_ITSELF)
        .outerjoin(CompletionWithdrawal, WITHDRAWN_COMPLETION)
        .where(Evidence.person_id.in_(bindparam("people", expanding=True)))
        .order_by(Evidence.id)
    )
