"""What was handed in for a completion, round by round, with what reviewers said: read for the pages of both."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.orm import Session, aliased

from lms.models import (
    Completion,
    ConfirmationWithdrawal,
    Enrolment,
    FactText,
    HandIn,
    HandInUpload,
    Person,
    ReviewDecision,
    ReviewRequest,
    Upload,
    UploadBody,
)
from lms.rules.applying import DecisionFact, HandInFact, Side
from lms.services.reviewers import asked_for
from lms.services.scope import rows
from lms.services.uploads import File


@dataclass(frozen=True)
class Shown:
    """What a learner handed in. Words, link and situation are empty where they were erased."""

    number: int
    handed_in_at: datetime
    words: str
    link: str
    situation: str
    is_observed: bool
    with_partner: bool
    files: list[File]


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked, and what they said."""

    side: str
    role: str
    name: str
    for_name: str  # in whose name a deputy looked at it; "" for everybody else
    asked_at: datetime
    is_open: bool
    decision: str | None
    decided_at: datetime | None
    comment: str
    withdrawn_at: datetime | None
    withdrawal_reason: str


@dataclass(frozen=True)
class Round:
    """A hand-in and whoever looked at it, in order."""

    shown: Shown
    asked: list[Asked] = field(default_factory=list)


def kept_words(words: str, link: str, situation: str) -> str:
    """The learner's words as FactText keeps them."""
    return json.dumps({"words": words, "link": link, "situation": situation}, ensure_ascii=False)


def shown(hand_in: HandIn, text: str | None, files: list[File]) -> Shown:
    """A hand-in with its words (None where they were erased) and files."""
    said = json.loads(text) if text else {"words": "", "link": "", "situation": ""}
    return Shown(
        hand_in.number, hand_in.handed_in_at, said["words"], said["link"], said["situation"], hand_in.is_observed,
        hand_in.with_partner, files,
    )  # fmt: skip


def read_files(session: Session, hand_ins: Sequence[int]) -> dict[int, list[File]]:
    """The files of some hand-ins, without their bytes; one query."""
    found = rows(
        session,
        select(HandInUpload.hand_in_id, Upload.ref, UploadBody.name, Upload.kind, Upload.size)
        .join(Upload, Upload.id == HandInUpload.upload_id)
        .outerjoin(UploadBody, UploadBody.upload_id == Upload.id)
        .where(HandInUpload.hand_in_id.in_(hand_ins))
        .order_by(HandInUpload.hand_in_id, HandInUpload.position),
    )
    files: dict[int, list[File]] = defaultdict(list)
    for hand_in, ref, name, kind, size in found:
        files[hand_in].append(File(ref, name or "", kind, size))
    return files


def read_rounds(session: Session, completion: int) -> list[Round]:
    """Everything that was handed in for a completion, the newest first; two queries."""
    said, comment, reason = aliased(FactText), aliased(FactText), aliased(FactText)
    found = session.execute(
        select(HandIn, said.text.label("said"), ReviewRequest, ReviewDecision, Person.display_name)
        .add_columns(comment.text.label("comment"), ConfirmationWithdrawal.withdrawn_at, reason.text.label("reason"))
        .add_columns(asked_for().label("for_name"))
        .join(Completion, Completion.id == HandIn.completion_id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .outerjoin(said, said.fact_ref == HandIn.ref)
        .outerjoin(ReviewRequest, ReviewRequest.hand_in_id == HandIn.id)
        .outerjoin(Person, Person.id == ReviewRequest.reviewer_id)
        .outerjoin(ReviewDecision, ReviewDecision.request_id == ReviewRequest.id)
        .outerjoin(comment, comment.fact_ref == ReviewDecision.ref)
        .outerjoin(ConfirmationWithdrawal, ConfirmationWithdrawal.decision_id == ReviewDecision.id)
        .outerjoin(reason, reason.fact_ref == ConfirmationWithdrawal.ref)
        .where(HandIn.completion_id == completion)
        .order_by(HandIn.number.desc(), ReviewRequest.id)
    ).all()
    files = read_files(session, [row.HandIn.id for row in found])
    rounds: dict[int, Round] = {}
    for row in found:
        hand_in = row.HandIn
        if hand_in.id not in rounds:
            rounds[hand_in.id] = Round(shown(hand_in, row.said, files[hand_in.id]))
        if row.ReviewRequest is not None:
            rounds[hand_in.id].asked.append(_asked(row))
    return list(rounds.values())


def _asked(row: Any) -> Asked:
    request, decision = row.ReviewRequest, row.ReviewDecision
    return Asked(
        request.side, request.role, row.display_name, row.for_name or "", request.asked_at, request.is_open,
        decision.decision if decision else None, decision.decided_at if decision else None, row.comment or "",
        row.withdrawn_at, row.reason or "",
    )  # fmt: skip


def read_facts(session: Session, completions: Sequence[int]) -> dict[int, tuple[HandInFact, ...]]:
    """What the rules know of some completions' hand-ins, by the completions' ids; one query where there are any."""
    if not completions:
        return {}
    found = rows(session, _facts(), {"completions": completions})
    said: dict[int, dict[tuple[int, datetime], list[DecisionFact]]] = defaultdict(lambda: defaultdict(list))
    for completion, number, at, decided_at, decision, role, withdrawn_at in found:
        decisions = said[completion][number, at]
        if decision is not None:
            decisions.append(DecisionFact(decided_at, decision, role, withdrawn_at))
    return {
        completion: tuple(HandInFact(number, at, tuple(decisions)) for (number, at), decisions in by_number.items())
        for completion, by_number in said.items()
    }


@cache
def _facts() -> Executable:
    own = ReviewRequest.side == Side.OWN
    return (
        select(HandIn.completion_id, HandIn.number, HandIn.handed_in_at, ReviewDecision.decided_at)
        .add_columns(ReviewDecision.decision, ReviewRequest.role, ConfirmationWithdrawal.withdrawn_at)
        .outerjoin(ReviewRequest, (ReviewRequest.hand_in_id == HandIn.id) & own)
        .outerjoin(ReviewDecision, ReviewDecision.request_id == ReviewRequest.id)
        .outerjoin(ConfirmationWithdrawal, ConfirmationWithdrawal.decision_id == ReviewDecision.id)
        .where(HandIn.completion_id.in_(bindparam("completions", expanding=True)))
    )
