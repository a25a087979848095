"""Reads evidence as the rule of levels sees it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, and_, bindparam, select
from sqlalchemy.orm import Session

from lms.models import CompletionWithdrawal, Evidence, EvidenceWithdrawal
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


def read_proofs(session: Session, people: Sequence[int]) -> dict[tuple[int, str], list[Proof]]:
    """The evidence of some people, by person and competency; one query."""
    found: dict[tuple[int, str], list[Proof]] = defaultdict(list)
    for person_id, competency, *cells in rows(session, _of_people(), {"people": people}):
        found[person_id, competency].append(as_proof(*cells))
    return found


@cache
def _of_people() -> Executable:
    return (
        select(Evidence.person_id, Evidence.competency, *COLUMNS)
        .outerjoin(EvidenceWithdrawal, WITHDRAWN_ITSELF)
        .outerjoin(CompletionWithdrawal, WITHDRAWN_COMPLETION)
        .where(Evidence.person_id.in_(bindparam("people", expanding=True)))
        .order_by(Evidence.id)
    )
