"""Evidence: the one place that writes it and withdraws it.

What may be written, and by whom, is for the service of the fact that it rests on: each has its own action.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid
from lms.models import CourseVersion, Evidence, EvidenceWithdrawal, new_ref
from lms.permissions import Actor
from lms.rules.levels import runs_out_on
from lms.rules.needs import Kind
from lms.services import stored_levels
from lms.services.framework import current_rule
from lms.services.writing import audit, insert_once, keep_text, reason_faults

QUIZ, SESSION = "quiz", "session"  # what confirms a completed course


def course_evidence(
    actor: Actor, person_id: int, completion: dict[str, Any], version: CourseVersion, confirmed_as: str = QUIZ
) -> Iterable[dict[str, Any]]:
    """What a completion (its row with id and ref) speaks for: one piece for each competency of the version."""
    for competency, level in version.competencies.items():
        yield {
            "person_id": person_id, "holder_id": person_id, "competency": competency, "kind": Kind.COURSE.value,
            "level_aimed_at": level,
            "source_ref": completion["ref"], "completion_id": completion["id"], "version_id": version.id,
            "confirmed_as": confirmed_as, "effective_at": completion["effective_at"], "recorded_at": actor.at,
            "expires_on": completion["expires_on"],
        }  # fmt: skip


def record_evidence(
    session: Session, actor: Actor, *, person_id: int, competency: str, kind: Kind, level_aimed_at: int,
    source_ref: str, confirmed_by: int | None, confirmed_as: str, effective_at: datetime, version_id: int | None = None,
    situation: str = "", partner_voice: bool = False, beyond_own_team: bool = False, words: str = "",
) -> str | None:  # fmt: skip
    """Append a piece of evidence; returns its ref, or None where this source gave evidence for the competency already.

    When it runs out, the framework's rule says. `confirmed_as` is the role in which somebody confirmed it.
    """
    ref, lapses = new_ref(), runs_out_on(current_rule(session).rule, kind, effective_at.date())
    written = insert_once(
        session, Evidence, ref=ref, person_id=person_id, competency=competency, kind=kind.value,
        level_aimed_at=level_aimed_at, source_ref=source_ref, version_id=version_id, confirmed_by=confirmed_by,
        confirmed_as=confirmed_as, situation=situation, partner_voice=partner_voice, beyond_own_team=beyond_own_team,
        effective_at=effective_at, recorded_at=actor.at, expires_on=lapses,
        words_hash=keep_text(session, ref, words) if words else "",
    )  # fmt: skip
    if not written:
        return None
    audit(session, actor, "evidence.record", "evidence", ref)
    stored_levels.refresh(session, [person_id], actor.today)
    return ref


def withdraw_evidence(session: Session, actor: Actor, *, source_ref: str, reason: str) -> list[str]:
    """Declare that all that rests on a source does not count; returns the refs of what was withdrawn now.

    Raises Invalid without a reason.
    """
    reason = reason.strip()
    if faults := reason_faults(reason):
        raise Invalid(N_("Nothing was withdrawn."), faults)
    query = select(Evidence.id, Evidence.ref, Evidence.person_id.label("person_id")).where(
        Evidence.source_ref == source_ref
    )
    gone, people = [], set()
    for row in session.execute(query.order_by(Evidence.id)):
        ref = new_ref()
        if insert_once(
            session, EvidenceWithdrawal, ref=ref, evidence_id=row.id, withdrawn_by=actor.person_id,
            effective_at=actor.at, recorded_at=actor.at, reason_hash=keep_text(session, ref, reason),
        ):  # fmt: skip
            audit(session, actor, "evidence.withdraw", "evidence", row.ref)
            gone.append(row.ref)
            people.add(row.person_id)
    stored_levels.refresh(session, sorted(people), actor.today)
    return gone
