"""Peers: one to three colleagues, by name, say which level they saw. It feeds the conversation, and moves no level."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import Assessment, PeerAnswer, PeerRating, PeerRequest, Person, new_ref
from lms.permissions import Actor, require
from lms.rules.assessments import Side
from lms.rules.mails import Kind
from lms.rules.plans import cycle
from lms.services.assessments import ACTIONS, begin_assessment, focus_of, side_of, whose
from lms.services.framework import current_framework
from lms.services.mails import News, add_mails
from lms.services.peer_sight import may_rate
from lms.services.ratings import Rated, check_ratings
from lms.services.reviewers import find_colleague, manager_of
from lms.services.writing import audit, insert_once, keep_text

MOST = 3  # peers who were asked and did not decline, and competencies that one is asked about
RATED, DECLINED = "rated", "declined"


@dataclass(frozen=True)
class Asked:
    """A peer who was asked; `outcome` is "" while they have not answered."""

    name: str
    asked_at: datetime
    outcome: str


@dataclass(frozen=True)
class PeersPage:
    """Who is asked about somebody in this cycle."""

    side: Side
    name: str  # of the person
    ends_on: date
    focus: tuple[str, ...]
    framework: dict[str, Any]
    asked: list[Asked]

    @property
    def has_room(self) -> bool:
        """Whether one more can be asked."""
        return sum(1 for one in self.asked if one.outcome != DECLINED) < MOST


def get_peers_page(session: Session, actor: Actor, *, cycle_start: str, person_ref: str | None = None) -> PeersPage:
    """Of the actor (`person_ref` None), or of somebody who reports to them. NotFound. Two queries."""
    side = side_of(actor, person_ref)
    starts_on, ends_on = cycle(actor.today, cycle_start)
    peer = aliased(Person)
    query = (
        select(Person.display_name, focus_of().label("focus"), peer.display_name.label("peer"))
        .add_columns(PeerRequest.asked_at, PeerAnswer.outcome)
        .outerjoin(Assessment, and_(Assessment.person_id == Person.id, Assessment.starts_on == starts_on))
        .outerjoin(PeerRequest, PeerRequest.assessment_id == Assessment.id)
        .outerjoin(peer, peer.id == PeerRequest.peer_id)
        .outerjoin(PeerAnswer, PeerAnswer.request_id == PeerRequest.id)
        .where(whose(actor, ACTIONS[side], person_ref)).order_by(PeerRequest.id)
    )  # fmt: skip
    found = session.execute(query).all()
    if not found:
        raise NotFound()
    asked = [Asked(row.peer, row.asked_at, row.outcome or "") for row in found if row.asked_at]
    focus = tuple(found[0].focus or ())
    return PeersPage(side, found[0].display_name, ends_on, focus, current_framework(session), asked)


def ask_peer(
    session: Session, actor: Actor, *, cycle_start: str, email: str, competencies: Sequence[str],
    person_ref: str | None = None,
) -> None:  # fmt: skip
    """Ask somebody of the same organisation, by e-mail, until the cycle ends, and write the mail.

    Raises NotFound, and Invalid with the fields `email` and `competencies`.
    """
    side = side_of(actor, person_ref)
    columns = Person.id, manager_of(Person.id, actor.today).label("manager")
    person = session.execute(select(*columns).where(whose(actor, ACTIONS[side], person_ref))).first()
    if person is None:
        raise NotFound()
    offered = [one["code"] for one in current_framework(session)["competencies"]]
    chosen = [code for code in offered if code in competencies]
    faults = {}
    if not 1 <= len(chosen) <= MOST:
        faults["competencies"] = N_("Choose one to three competencies.")
    but = tuple(number for number in (person.id, person.manager, actor.person_id) if number is not None)
    peer_id = find_colleague(session, email, of=person.id, on=actor.today, but=but)
    if peer_id is None:
        faults["email"] = N_(
            "No colleague of the same organisation, the line manager aside, has this e-mail. Check it."
        )
    if peer_id is None or faults:
        raise Invalid(N_("Nobody was asked yet."), faults)
    assessment = begin_assessment(session, actor, person_id=person.id, cycle_start=cycle_start)
    _ask(session, actor, assessment.id, peer_id, chosen)


def _ask(session: Session, actor: Actor, assessment_id: int, peer_id: int, competencies: Sequence[str]) -> None:
    """The assessment is locked: two who ask at once come one after the other."""
    counting = or_(PeerAnswer.outcome.is_(None), PeerAnswer.outcome != DECLINED)
    query = select(func.count()).select_from(PeerRequest).outerjoin(PeerAnswer)
    if (session.scalar(query.where(PeerRequest.assessment_id == assessment_id, counting)) or 0) >= MOST:
        raise Conflict(N_("Three colleagues are asked already. One who declines makes room for another."))
    ref = new_ref()
    is_new = insert_once(
        session, PeerRequest, ref=ref, assessment_id=assessment_id, peer_id=peer_id, competencies=list(competencies),
        asked_by=actor.person_id, asked_at=actor.at,
    )  # fmt: skip
    if not is_new:
        raise Invalid(N_("Nobody was asked yet."), {"email": N_("This colleague was asked before.")})
    audit(session, actor, "peers.ask", "peer_request", ref)
    add_mails(session, Kind.PEER_ASKED, [News(peer_id, f"{Kind.PEER_ASKED}:{ref}", {"request": ref})], actor.at)


@dataclass(frozen=True)
class PeerPage:
    """A request to the actor. Without what both sides wrote, and, once it is answered, without the answer."""

    ref: str
    name: str  # of the person
    asked_by: str
    ends_on: date
    is_open: bool
    outcome: str
    framework: dict[str, Any]
    competencies: list[dict[str, Any]]
    request_id: int


def get_request(session: Session, actor: Actor, *, ref: str) -> PeerPage:
    """A request to the actor; NotFound for somebody else's. Two queries."""
    require(actor, "peers.rate")
    asker = aliased(Person)
    query = (
        select(PeerRequest.id, PeerRequest.competencies, Person.display_name, Assessment.ends_on, PeerAnswer.outcome)
        .add_columns(asker.display_name.label("asker"), may_rate(actor.today).label("is_open"))
        .join(Assessment, Assessment.id == PeerRequest.assessment_id)
        .join(Person, Person.id == Assessment.person_id)
        .join(asker, asker.id == PeerRequest.asked_by)
        .outerjoin(PeerAnswer, PeerAnswer.request_id == PeerRequest.id)
        .where(PeerRequest.ref == ref, PeerRequest.peer_id == actor.person_id)
    )
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    framework = current_framework(session)
    asked = [one for one in framework["competencies"] if one["code"] in row.competencies]
    return PeerPage(
        ref, row.display_name, row.asker, row.ends_on, bool(row.is_open), row.outcome or "", framework, asked, row.id
    )


def answer_request(session: Session, actor: Actor, *, ref: str, ratings: Sequence[Rated] | None) -> None:
    """Hand in what the actor saw, or decline (None); once. Raises NotFound, Conflict, Invalid (fields as PC1-level)."""
    page = get_request(session, actor, ref=ref)
    if not page.is_open:
        raise Conflict(N_("This request does not wait for you any more. Nothing was kept."))
    kept: list[Rated] = []
    if ratings is not None:
        asked = {one["code"] for one in page.competencies}
        kept = check_ratings([one for one in ratings if one.competency in asked], {}, side=Side.SELF, hand_in=True)
    answer = new_ref()
    outcome = DECLINED if ratings is None else RATED
    is_first = insert_once(
        session, PeerAnswer, ref=answer, request_id=page.request_id, outcome=outcome, answered_at=actor.at
    )
    if not is_first:
        raise Conflict(N_("This request does not wait for you any more. Nothing was kept."))
    answer_id = session.scalar(select(PeerAnswer.id).where(PeerAnswer.ref == answer))
    for rated in kept:
        own = new_ref()
        session.add(
            PeerRating(
                ref=own, answer_id=answer_id, competency=rated.competency, level=rated.level,
                confidence=rated.confidence, words_hash=keep_text(session, own, rated.words),
            )
        )  # fmt: skip
    audit(session, actor, f"peers.{outcome}", "peer_request", ref)
