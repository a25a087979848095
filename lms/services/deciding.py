"""What a reviewer says of a task at work, and what follows: evidence, the standing, mails to whom it concerns."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Forbidden, Invalid, NotFound
from lms.models import (
    Completion,
    ConfirmationWithdrawal,
    Enrolment,
    HandIn,
    Person,
    ReviewDecision,
    ReviewRequest,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.applying import MOST_COMMENT, As, Cause, Decision, Side
from lms.rules.mails import Kind
from lms.rules.needs import Kind as Evidence
from lms.services import standings
from lms.services.evidence import record_evidence, withdraw_evidence
from lms.services.mails import News, add_mails
from lms.services.review_requests import ask, asked_beside, close
from lms.services.reviewers import find_colleague
from lms.services.reviews import Door, ReviewPage, get_review
from lms.services.scope import reaches_person
from lms.services.writing import audit, insert_once, keep_text, reason_faults

SHUT = {
    Door.DECIDED: N_("You have answered this already. Nothing was changed."),
    Door.MOVED: N_("Somebody else is asked now, so this was not taken. Nothing was changed."),
    Door.OVER: N_("The completion behind this does not count any more, so there is nothing to answer."),
}


@dataclass(frozen=True)
class Answer:
    """What a reviewer sends. `pass_to` is an e-mail, for Decision.PASSED_ON."""

    decision: str
    comment: str = ""
    pass_to: str = ""
    partner_voice: bool = False
    beyond_own_team: bool = False


def decide(session: Session, actor: Actor, *, ref: str, answer: Answer, by_link: bool) -> None:
    """Answer a request to the actor. Confirmed by the learner's own side, the task is evidence and certifies.

    Raises NotFound, Conflict where it cannot be answered (any more), Invalid with what is wrong at which field.
    """
    require(actor, "reviews.write")
    standings.lock(session, [get_review(session, actor, ref=ref).enrolment_id])
    page = get_review(session, actor, ref=ref)
    if page.door is not Door.OPEN:
        raise Conflict(SHUT[page.door])
    passed_to = _check(session, actor, page, answer)
    made = new_ref()
    is_seen = answer.decision == Decision.SEEN
    is_first = insert_once(
        session, ReviewDecision, ref=made, request_id=page.request_id, decision=answer.decision,
        decided_at=actor.at, by_link=by_link, partner_voice=is_seen and answer.partner_voice,
        beyond_own_team=is_seen and answer.beyond_own_team,
        comment_hash=keep_text(session, made, answer.comment) if answer.comment else "",
    )  # fmt: skip
    if not is_first:
        raise Conflict(SHUT[Door.DECIDED])
    if not close(session, ReviewRequest.id == page.request_id):
        raise Conflict(SHUT[Door.MOVED])
    if passed_to is not None:
        role = As.OTHER_SIDE if page.side == Side.OTHER else As.REVIEWER
        ask(
            session, page.hand_in_id, passed_to, side=Side(page.side), role=role, cause=Cause.PASSED_ON,
            by=actor.person_id, at=actor.at,
        )  # fmt: skip
    else:
        _follow(session, actor, page, answer, made)
        news = News(page.learner_id, f"{Kind.REVIEWED}:{made}", {"decision": made})
        add_mails(session, Kind.REVIEWED, [news], actor.at)
    audit(session, actor, "reviews.decide", "review_request", ref)


def _check(session: Session, actor: Actor, page: ReviewPage, answer: Answer) -> int | None:
    """To whom it is passed on, if it is. Raises Invalid."""
    faults, passed_to = {}, None
    if answer.decision not in set(Decision):
        faults["decision"] = N_("Choose one of the three answers.")
    if len(answer.comment) > MOST_COMMENT:
        faults["comment"] = N_("Write up to 1,000 characters.")
    if answer.decision == Decision.NOT_YET and not answer.comment:
        faults["comment"] = N_("Say in a sentence what is still missing: the learner reads it and tries again.")
    if answer.decision == Decision.PASSED_ON:
        me = actor.person_id or 0
        but = (me, page.learner_id, *asked_beside(session, page.hand_in_id, Side(page.side)))
        passed_to = find_colleague(session, answer.pass_to, of=me, on=actor.today, but=but)
        if passed_to is None:
            faults["pass_to"] = N_("Nobody of your organisation who could judge this has this e-mail. Check it.")
    if faults:
        raise Invalid(N_("Your answer was not taken yet."), faults)
    return passed_to


def _follow(session: Session, actor: Actor, page: ReviewPage, answer: Answer, made: str) -> None:
    """What comes of "seen" and of "not yet", on either side.

    Only the own side certifies. The word of the other side is evidence of its own, beside it, with the partner's voice.
    """
    me, beyond = actor.person_id or 0, answer.beyond_own_team
    if page.side == Side.OTHER:
        if answer.decision == Decision.SEEN and _confirmations(session, page.hand_in_id, Side.OWN):
            _record(session, actor, page, Confirmation(made, me, As.OTHER_SIDE, True, beyond))
        return
    if answer.decision == Decision.SEEN:
        _record(session, actor, page, Confirmation(made, me, page.role, answer.partner_voice, beyond))
        for confirmation in _confirmations(session, page.hand_in_id, Side.OTHER):
            _record(session, actor, page, confirmation)
    else:
        close(session, ReviewRequest.hand_in_id == page.hand_in_id)
    standings.refresh(session, [page.enrolment_id], actor.at, is_locked=True)


@dataclass(frozen=True)
class Confirmation:
    """A "seen": the ref of the decision, who said it and as what, and what it says beside."""

    ref: str
    by: int
    role: str
    partner_voice: bool
    beyond_own_team: bool


def _record(session: Session, actor: Actor, page: ReviewPage, confirmation: Confirmation) -> None:
    for competency, level in page.competencies.items():
        record_evidence(
            session, actor, person_id=page.learner_id, competency=competency, kind=Evidence.TASK,
            level_aimed_at=level, source_ref=confirmation.ref, confirmed_by=confirmation.by,
            confirmed_as=confirmation.role, effective_at=actor.at, version_id=page.version_id,
            situation=page.situation, partner_voice=confirmation.partner_voice,
            beyond_own_team=confirmation.beyond_own_team,
        )  # fmt: skip


def _confirmations(session: Session, hand_in: int, side: Side) -> list[Confirmation]:
    """What a side has confirmed of a hand-in, as far as it holds."""
    found = session.execute(
        select(ReviewDecision.ref, ReviewRequest.reviewer_id, ReviewRequest.role, ReviewDecision.beyond_own_team)
        .join(ReviewRequest, ReviewRequest.id == ReviewDecision.request_id)
        .outerjoin(ConfirmationWithdrawal, ConfirmationWithdrawal.decision_id == ReviewDecision.id)
        .where(ReviewRequest.hand_in_id == hand_in, ReviewRequest.side == side)
        .where(ReviewDecision.decision == Decision.SEEN, ConfirmationWithdrawal.id.is_(None))
    )
    return [Confirmation(row.ref, row.reviewer_id, row.role, side == Side.OTHER, row[3]) for row in found]


def take_back(session: Session, actor: Actor, *, ref: str, reason: str) -> None:
    """A reviewer takes back a confirmation that they gave, by its request. NotFound, Conflict, Invalid."""
    require(actor, "reviews.write")
    page = get_review(session, actor, ref=ref)
    if not page.may_withdraw:
        raise Conflict(N_("There is no confirmation of yours here that could be taken back."))
    _withdraw(session, actor, page.decision_ref, reason)


def withdraw_confirmation(session: Session, actor: Actor, *, ref: str, reason: str) -> None:
    """HR withdraws a confirmation in scope. NotFound, Forbidden for the actor's own record, Conflict, Invalid."""
    require(actor, "confirmations.withdraw")
    query = (
        _decisions().add_columns(Person.id).join(Person, Person.id == Enrolment.person_id)
        .where(ReviewDecision.ref == ref, ReviewDecision.decision == Decision.SEEN)
        .where(reaches_person(actor, "confirmations.withdraw"))
    )  # fmt: skip
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    if row.id == actor.person_id:
        raise Forbidden(N_("This is your own record. Ask a colleague in HR: nobody corrects their own."))
    _withdraw(session, actor, ref, reason)


def _decisions() -> Any:
    return (
        select(ReviewDecision, ReviewRequest.hand_in_id, ReviewRequest.reviewer_id, ReviewRequest.side)
        .add_columns(Enrolment.id.label("enrolment_id"), Enrolment.person_id.label("person_id"))
        .join(ReviewRequest, ReviewRequest.id == ReviewDecision.request_id)
        .join(HandIn, HandIn.id == ReviewRequest.hand_in_id)
        .join(Completion, Completion.id == HandIn.completion_id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
    )


def _withdraw(session: Session, actor: Actor, decision: str, reason: str) -> None:
    """The evidence goes with it, and with the word of the own side also what the other side had added to it."""
    reason = reason.strip()
    if faults := reason_faults(reason):
        raise Invalid(N_("Nothing was withdrawn."), faults)
    row = session.execute(_decisions().where(ReviewDecision.ref == decision)).one()
    standings.lock(session, [row.enrolment_id])
    made = new_ref()
    if not insert_once(
        session, ConfirmationWithdrawal, ref=made, decision_id=row.ReviewDecision.id, withdrawn_by=actor.person_id,
        withdrawn_at=actor.at, reason_hash=keep_text(session, made, reason),
    ):  # fmt: skip
        raise Conflict(N_("This confirmation is withdrawn already. Nothing was changed."))
    for source in _resting(session, row):
        withdraw_evidence(session, actor, source_ref=source, reason=reason)
    if row.side == Side.OWN:
        close(session, ReviewRequest.hand_in_id == row.hand_in_id)
    standings.refresh(session, [row.enrolment_id], actor.at, is_locked=True)
    people = {row.person_id, row.reviewer_id} - {actor.person_id}
    news = [News(one, f"{Kind.CONFIRMATION_WITHDRAWN}:{made}:{one}", {"withdrawal": made}) for one in sorted(people)]
    add_mails(session, Kind.CONFIRMATION_WITHDRAWN, news, actor.at)
    audit(session, actor, "confirmations.withdraw", "review_decision", decision)


def _resting(session: Session, row: Any) -> list[str]:
    if row.side == Side.OTHER:
        return [row.ReviewDecision.ref]
    asked = select(ReviewRequest.id).where(ReviewRequest.hand_in_id == row.hand_in_id)
    return list(session.scalars(select(ReviewDecision.ref).where(ReviewDecision.request_id.in_(asked))))
