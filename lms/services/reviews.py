"""Tasks at work as their reviewers meet them: who waits, what was handed in, and what the reviewer says of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, String, bindparam, false, literal, select, true, union_all
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CURRENT_WITHDRAWAL,
    Completion,
    CompletionWithdrawal,
    ConfirmationWithdrawal,
    Course,
    CourseVersion,
    Enrolment,
    FactText,
    HandIn,
    HandInUpload,
    PartnerOrganisation,
    PeerRequest,
    Person,
    ReviewDecision,
    ReviewRequest,
    Upload,
)
from lms.permissions import Actor, Grant, Role, require
from lms.rules.applying import Decision
from lms.services.courses import join_texts, localised
from lms.services.hand_ins import Shown, read_files, shown
from lms.services.peer_sight import select_waiting
from lms.services.reviewers import PARTNER, asked_for, may_answer, partner_of
from lms.services.scope import ME, TODAY, own
from lms.services.uploads import Content, as_content, select_content

MOST_GIVEN = 50


class Door(StrEnum):
    """Whether a request can be answered, and why not."""

    OPEN = "open"
    DECIDED = "decided"  # its reviewer has answered
    MOVED = "moved"  # somebody else is asked now, or the reviewer is not the learner's any more
    OVER = "over"  # the completion does not count any more


@dataclass(frozen=True)
class Waiting:
    """A request in a reviewer's list: a task at work, or (without a title) what one saw of a colleague."""

    ref: str
    title: str
    learner: str
    handed_in_at: datetime
    asked_at: datetime
    is_peer: bool = False


@dataclass(frozen=True)
class ReviewPage:
    """One request. What was handed in is there only while it can be answered."""

    ref: str
    door: Door
    learner: str  # "" for somebody of a partner's who looks at work of the house, or of another partner
    organisation: str  # the learner's partner organisation; "" for the house
    title: str
    code: str
    language: str
    task: dict[str, Any]
    competencies: dict[str, int]
    version_id: int
    side: str
    role: str
    for_name: str  # in whose name a deputy answers; "" for everybody else
    shown: Shown | None
    decision: str | None
    decided_at: datetime | None
    decision_ref: str
    withdrawn_at: datetime | None
    # for those who act on it
    request_id: int
    hand_in_id: int
    hand_in_ref: str
    completion_ref: str
    enrolment_id: int
    learner_id: int
    situation: str
    with_partner: bool

    @property
    def refusal(self) -> str:
        """Why it cannot be answered (any more); a deputy, whose days are over, is told so."""
        return "stood_in" if self.door is Door.MOVED and self.for_name else self.door.value

    @property
    def may_withdraw(self) -> bool:
        """Whether the reviewer's own confirmation can be taken back."""
        return self.decision == Decision.SEEN and self.withdrawn_at is None


def reviewer_by_link(session: Session, *, request: str, at: datetime) -> Actor | None:
    """Whoever a signed link names, with the rights of any person over what is theirs, and no role beside."""
    row = session.execute(
        select(Person.id, Person.kind, Person.display_name, Person.language)
        .join(ReviewRequest, ReviewRequest.reviewer_id == Person.id)
        .where(ReviewRequest.ref == request)
    ).first()
    if row is None:
        return None
    return Actor(row.id, at, (Grant(Role.LEARNER),), row.kind, row.display_name, row.language)


def list_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """What waits for the actor's answer, the longest first; one query."""
    require(actor, "reviews.write")
    found = session.execute(_waiting(), own(actor))
    return [
        Waiting(
            row.ref, row.preferred_title or row.title, _name(row, actor), row.handed_in_at, row.asked_at, row.is_peer
        )
        for row in found
    ]


def list_given(session: Session, actor: Actor) -> list[Waiting]:
    """The confirmations that the actor gave and that hold, the newest first, as far as they are shown; one query."""
    require(actor, "reviews.write")
    found = session.execute(_given(), own(actor))
    return [
        Waiting(row.ref, row.preferred_title or row.title, _name(row, actor), row.handed_in_at, row.decided_at)
        for row in found
    ]


@cache
def _given() -> Executable:
    preferred, source = localised()
    query = (
        _listed(preferred, source).add_columns(ReviewDecision.decided_at)
        .join(ReviewDecision, ReviewDecision.request_id == ReviewRequest.id)
        .outerjoin(ConfirmationWithdrawal, ConfirmationWithdrawal.decision_id == ReviewDecision.id)
        .where(ReviewRequest.reviewer_id == ME, ReviewDecision.decision == Decision.SEEN)
        .where(ConfirmationWithdrawal.id.is_(None), CompletionWithdrawal.id.is_(None))
        .order_by(ReviewDecision.id.desc()).limit(MOST_GIVEN)
    )  # fmt: skip
    return join_texts(query, preferred, source)


@cache
def _waiting() -> Executable:
    preferred, source = localised()
    query = _listed(preferred, source).where(ReviewRequest.reviewer_id == ME, ReviewRequest.is_open, may_answer(TODAY))
    query = query.where(CompletionWithdrawal.id.is_(None)).add_columns(false().label("is_peer"))
    no_title = literal("", String)
    peers = select_waiting(PeerRequest.ref, PeerRequest.asked_at, PeerRequest.asked_at.label("at"), Person.display_name)
    peers = peers.add_columns(no_title, no_title, partner_of(Person.id), partner_of(ME), true())
    together = union_all(join_texts(query, preferred, source), peers)
    return together.order_by(together.selected_columns.asked_at)


def _listed(preferred: Any, source: Any) -> Any:
    query = (
        select(ReviewRequest.ref, ReviewRequest.asked_at, HandIn.handed_in_at, Person.display_name)
        .add_columns(preferred.title.label("preferred_title"), source.title.label("title"))
        .add_columns(partner_of(Person.id).label("partner"), partner_of(ME).label("own_partner"))
    )
    return _joined(query)


def _joined(query: Any) -> Select[Any]:
    """Join a query of requests to what they are about."""
    joined: Select[Any] = (
        query.select_from(ReviewRequest)
        .join(HandIn, HandIn.id == ReviewRequest.hand_in_id)
        .join(Completion, Completion.id == HandIn.completion_id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
    )
    return joined


def _name(row: Any, actor: Actor) -> str:
    """The learner's name, but to somebody of a partner's only within that partner."""
    return "" if actor.kind == PARTNER and row.partner != row.own_partner else str(row.display_name)


def get_review(session: Session, actor: Actor, *, ref: str) -> ReviewPage:
    """A request to the actor; NotFound for somebody else's. Two queries while it is open, else one."""
    require(actor, "reviews.write")
    row = session.execute(_review(), own(actor, ref=ref)).first()
    if row is None:
        raise NotFound()
    request, hand_in, decision = row.ReviewRequest, row.HandIn, row.ReviewDecision
    text, door = row.preferred or row.source, _door(row)
    files = read_files(session, [hand_in.id]) if door is Door.OPEN else {}
    said = shown(hand_in, row.said, files.get(hand_in.id, []))
    return ReviewPage(
        ref=ref, door=door, learner=_name(row, actor), organisation=row.organisation or "", title=text.title,
        code=row.code, language=text.language, task=text.task, competencies=row.CourseVersion.competencies,
        version_id=row.CourseVersion.id, side=request.side, role=request.role, for_name=row.for_name or "",
        shown=said if door is Door.OPEN else None, decision=decision.decision if decision else None,
        decided_at=decision.decided_at if decision else None, decision_ref=decision.ref if decision else "",
        withdrawn_at=row.withdrawn_at, request_id=request.id, hand_in_id=hand_in.id, hand_in_ref=hand_in.ref,
        completion_ref=row.completion_ref, enrolment_id=row.enrolment_id, learner_id=row.learner_id,
        situation=said.situation, with_partner=hand_in.with_partner,
    )  # fmt: skip


def _door(row: Any) -> Door:
    if row.ReviewDecision is not None:
        return Door.DECIDED
    if row.gone_id is not None:
        return Door.OVER
    return Door.OPEN if row.ReviewRequest.is_open and row.holds else Door.MOVED


@cache
def _review() -> Executable:
    preferred, source = localised()
    said = aliased(FactText)
    query = (
        select(ReviewRequest, HandIn, ReviewDecision, CourseVersion, Course.code, preferred, source)
        .add_columns(Person.display_name, Person.id.label("learner_id"), Enrolment.id.label("enrolment_id"))
        .add_columns(Completion.ref.label("completion_ref"), CompletionWithdrawal.id.label("gone_id"))
        .add_columns(said.text.label("said"), ConfirmationWithdrawal.withdrawn_at, may_answer(TODAY).label("holds"))
        .add_columns(partner_of(Person.id).label("partner"), partner_of(ME).label("own_partner"))
        .add_columns(PartnerOrganisation.name.label("organisation"), asked_for().label("for_name"))
    )
    query = (
        _joined(query)
        .outerjoin(said, said.fact_ref == HandIn.ref)
        .outerjoin(ReviewDecision, ReviewDecision.request_id == ReviewRequest.id)
        .outerjoin(ConfirmationWithdrawal, ConfirmationWithdrawal.decision_id == ReviewDecision.id)
        .outerjoin(PartnerOrganisation, PartnerOrganisation.id == partner_of(Person.id))
        .where(ReviewRequest.ref == bindparam("ref"), ReviewRequest.reviewer_id == ME)
    )
    return join_texts(query, preferred, source)


def get_reviewed_file(session: Session, actor: Actor, *, ref: str, file: str) -> Content:
    """A file of what the actor is asked to look at, while it can be answered; NotFound otherwise."""
    require(actor, "reviews.write")
    query = (
        _joined_files(select_content())
        .outerjoin(ReviewDecision, ReviewDecision.request_id == ReviewRequest.id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .where(ReviewRequest.ref == ref, ReviewRequest.reviewer_id == actor.person_id, ReviewRequest.is_open)
        .where(Upload.ref == file, ReviewDecision.id.is_(None), CompletionWithdrawal.id.is_(None))
        .where(may_answer(actor.today))
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    return as_content(row)


def _joined_files(query: Any) -> Any:
    return (
        query.join(HandInUpload, HandInUpload.upload_id == Upload.id)
        .join(HandIn, HandIn.id == HandInUpload.hand_in_id)
        .join(ReviewRequest, ReviewRequest.hand_in_id == HandIn.id)
        .join(Completion, Completion.id == HandIn.completion_id)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
    )
