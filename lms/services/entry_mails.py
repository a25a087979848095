"""What somebody is told of the evidence that was entered for them: accepted, refused, withdrawn."""

from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, aliased

from lms.models import EntryDecision, Evidence, EvidenceEntry, EvidenceWithdrawal, FactText
from lms.permissions import Actor
from lms.services.framework import current_framework

Values = dict[str, Any]
ACCEPTED, REFUSED, WITHDRAWN = "accepted", "refused", "withdrawn"


def entry_settled(session: Session, _actor: Actor, person_id: int, _language: str, data: Values) -> Values | None:
    """While what is told is still so: what was accepted and then withdrawn is told as withdrawn alone."""
    withdrawn = exists().where(Evidence.source_ref == EvidenceEntry.ref, EvidenceWithdrawal.evidence_id == Evidence.id)
    row = session.execute(
        select(EvidenceEntry.competency, EntryDecision.ref, EntryDecision.accepted, withdrawn.label("withdrawn"))
        .outerjoin(EntryDecision, EntryDecision.entry_id == EvidenceEntry.id)
        .where(EvidenceEntry.ref == data["entry"], EvidenceEntry.person_id == person_id)
    ).first()
    outcome = data["outcome"]
    if row is None or (outcome == WITHDRAWN) != row.withdrawn or (outcome == REFUSED and row.accepted):
        return None
    names = {one["code"]: one["name"] for one in current_framework(session)["competencies"]}
    return {
        "competency": names.get(row.competency, row.competency), "path": f"/levels/{row.competency}",
        "outcome": outcome, "reason": _reason(session, data["entry"], row.ref, outcome),
    }  # fmt: skip


def _reason(session: Session, entry: str, decision: str | None, outcome: str) -> str:
    if outcome != WITHDRAWN:
        return session.scalar(select(FactText.text).where(FactText.fact_ref == decision)) or ""
    gone = aliased(EvidenceWithdrawal)
    why = select(FactText.text).join(gone, gone.ref == FactText.fact_ref)
    joined = why.join(Evidence, and_(Evidence.id == gone.evidence_id, Evidence.source_ref == entry))
    return session.scalar(joined.order_by(gone.id).limit(1)) or ""
