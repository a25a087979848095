"""Proposing, accepting and seeing differently: what the two sides record on a competency."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Invalid
from lms.models import Assessment, AssessmentMove, Evidence, EvidenceWithdrawal, new_ref
from lms.permissions import Actor
from lms.rules.assessments import Act, Side
from lms.rules.frameworks import sources_of
from lms.rules.needs import Kind
from lms.services.conversations import CompetencyTalk, Conversation, find_talk, get_conversation
from lms.services.evidence import record_evidence, withdraw_evidence
from lms.services.ratings import LEVELS
from lms.services.writing import audit, keep_text, reason_faults

NOT_KEPT = N_("Nothing was kept.")


def propose_level(session: Session, actor: Actor, *, ref: str, code: str, level: int | None, reason: str) -> None:
    """One side proposes a level with its reason; it waits for the other. A later proposal takes its place.

    Raises Invalid where the level is more than evidence supports, or the reason is missing.
    """
    conversation, one = _open(session, actor, ref, code)
    faults = reason_faults(reason.strip())
    if level is None or level not in LEVELS:
        faults["level"] = N_("Choose a level from 0 to 4.")
    elif level > one.supported.level:
        faults["level"] = _too_high(one)
    if faults:
        raise Invalid(NOT_KEPT, faults)
    _move(session, actor, conversation, code, Act.PROPOSE, level=level, words=reason)


def accept_level(session: Session, actor: Actor, *, ref: str, code: str, proposal: str) -> None:
    """The other side accepts the proposal (its ref): from now on it is the agreed level, and evidence.

    Raises Conflict where another proposal came in between, where it is the actor's own, or where the evidence that
    carried it is gone.
    """
    conversation, one = _open(session, actor, ref, code)
    waiting, move = one.proposal, one.talk.proposal
    if waiting is None or move is None or waiting.ref != proposal:
        raise Conflict(N_("This proposal does not wait any more. Look at what was said since, then go on."))
    if not one.talk.may_accept(conversation.side):
        raise Conflict(N_("You proposed this level: the other side accepts it."))
    if move.level is None or move.level > one.supported.level:
        raise Conflict(_too_high(one))
    own = _move(session, actor, conversation, code, Act.ACCEPT, proposal_id=move.id)
    _withdraw_earlier(session, actor, conversation.person_id, sources_of(code, conversation.moved), waiting.words)
    if move.level:
        record_evidence(
            session, actor, person_id=conversation.person_id, competency=code, kind=Kind.AGREED,
            level_aimed_at=move.level, source_ref=own, effective_at=actor.at, confirmed_as="both_sides",
            confirmed_by=actor.person_id if conversation.side is Side.MANAGER else move.by, words=waiting.words,
        )  # fmt: skip


def differ(session: Session, actor: Actor, *, ref: str, code: str, words: str) -> None:
    """One side records that it sees the level differently, in its own words; what waited waits no more."""
    conversation, one = _open(session, actor, ref, code)
    if not one.talk.may_differ(conversation.side):
        raise Conflict(N_("This is recorded already. To change what was agreed, propose another level."))
    if faults := reason_faults(words.strip()):
        raise Invalid(NOT_KEPT, faults)
    _move(session, actor, conversation, code, Act.DIFFER, words=words)


def _open(session: Session, actor: Actor, ref: str, code: str) -> tuple[Conversation, CompetencyTalk]:
    """The conversation as it is now; who else writes to it waits. Conflict where a later one took its place."""
    session.execute(select(Assessment.id).where(Assessment.ref == ref).with_for_update(key_share=True))
    conversation = get_conversation(session, actor, ref=ref)
    one = find_talk(conversation, code)
    if conversation.is_over or _is_talked_over_since(session, conversation, code):
        raise Conflict(N_("The cycle of this conversation is over: it stays as it is. Go on in the present one."))
    return conversation, one


def _is_talked_over_since(session: Session, conversation: Conversation, code: str) -> bool:
    later = select(AssessmentMove.id).join(Assessment, Assessment.id == AssessmentMove.assessment_id)
    later = later.where(Assessment.person_id == conversation.person_id, Assessment.starts_on > conversation.starts_on)
    codes = sources_of(code, conversation.moved)
    return session.scalar(later.where(AssessmentMove.competency.in_(codes)).limit(1)) is not None


def _too_high(one: CompetencyTalk) -> str:
    return {
        0: N_("There is no evidence yet that supports a level. What is missing stands under Measured."),
        1: N_("The evidence supports level 1 so far. What is missing for more stands under Measured."),
        2: N_("The evidence supports level 2 so far. What is missing for more stands under Measured."),
        3: N_("The evidence supports level 3 so far. What is missing for more stands under Measured."),
    }[one.supported.level]


def _move(
    session: Session, actor: Actor, conversation: Conversation, code: str, act: Act, *, level: int | None = None,
    proposal_id: int | None = None, words: str = "",
) -> str:  # fmt: skip
    ref = new_ref()
    session.add(
        AssessmentMove(
            ref=ref, assessment_id=conversation.id, competency=code, act=act, side=conversation.side,
            made_by=actor.person_id, made_at=actor.at, level=level, proposal_id=proposal_id,
            words_hash=keep_text(session, ref, words.strip()) if words else "",
        )
    )  # fmt: skip
    audit(session, actor, f"assessments.{act}", "assessment", conversation.ref)
    return ref


def _withdraw_earlier(session: Session, actor: Actor, person_id: int, codes: list[str], reason: str) -> None:
    """What was agreed on before, under an earlier code too, does not count beside what is agreed on now."""
    stands = ~exists().where(EvidenceWithdrawal.evidence_id == Evidence.id)
    agreed = select(Evidence.source_ref).where(Evidence.person_id == person_id, Evidence.competency.in_(codes), stands)
    for source in session.scalars(agreed.where(Evidence.kind == Kind.AGREED)).all():
        withdraw_evidence(session, actor, source_ref=source, reason=reason or N_("Another level was agreed on."))
