"""Who looks at a task at work: found in the reporting lines or named, and looked at again whenever it matters."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, or_, select, true
from sqlalchemy.orm import Session, aliased

from lms.models import Enrolment, Person, Post, ReportingLine, ReviewRequest
from lms.rules.applying import As, Cause
from lms.rules.people import email_key
from lms.services.stand_ins import in_name_of, stands_in, works

PARTNER = "partner_staff"


def partner_of(person_id: Any) -> ScalarSelect[int | None]:
    """The partner organisation that a person belongs to; none for the house's own."""
    post = aliased(Post)
    found = select(post.partner_id).where(post.person_id == person_id, post.is_latest).limit(1)
    return found.correlate_except(post).scalar_subquery()


def leads(manager_id: Any, person_id: Any, on: Any) -> ColumnElement[bool]:
    """Whether a reporting line leads from the person to the manager on a day."""
    line = aliased(ReportingLine)
    found = exists().where(line.person_id == person_id, line.manager_id == manager_id, line.held_on(on))
    return found.correlate_except(line)  # also from two statements further out, which is not what happens by itself


def manager_of(person_id: Any, on: Any) -> ScalarSelect[int | None]:
    """The person's line manager on a day, where it is somebody who still works."""
    line = aliased(ReportingLine)
    found = select(line.manager_id).where(line.person_id == person_id, line.held_on(on), works(line.manager_id, on))
    return found.order_by(line.started_on.desc()).limit(1).scalar_subquery()


def may_answer(on: Any) -> ColumnElement[bool]:
    """A condition on `ReviewRequest` with its `Enrolment`: whoever was asked may answer on this day.

    A line manager while the line holds; a deputy while they stand in for the line manager; who took over after 45 days
    while the line leads to them from whom they replaced; a peer while both are of one organisation; the others while
    they work.
    """
    before = aliased(ReviewRequest)
    still_theirs = case(
        (before.role == As.LINE_MANAGER, leads(before.reviewer_id, Enrolment.person_id, on)),
        (before.role == As.DEPUTY, stands_in(before.reviewer_id, Enrolment.person_id, on)),
        else_=true(),
    )
    took_over = exists().where(
        before.hand_in_id == ReviewRequest.hand_in_id, before.side == ReviewRequest.side,
        leads(ReviewRequest.reviewer_id, before.reviewer_id, on), still_theirs == true(),
    )  # fmt: skip
    holds = case(
        (ReviewRequest.role == As.LINE_MANAGER, leads(ReviewRequest.reviewer_id, Enrolment.person_id, on)),
        (ReviewRequest.role == As.DEPUTY, stands_in(ReviewRequest.reviewer_id, Enrolment.person_id, on)),
        (ReviewRequest.cause == Cause.FALLBACK, took_over),
        (ReviewRequest.role == As.PEER, partner_of(ReviewRequest.reviewer_id) == partner_of(Enrolment.person_id)),
        else_=true(),
    )
    return and_(ReviewRequest.reviewer_id != Enrolment.person_id, works(ReviewRequest.reviewer_id, on), holds == true())


def asked_for() -> ColumnElement[str | None]:
    """Of a `ReviewRequest` with its `Enrolment`: the name of the line manager for whom a deputy was asked."""
    name = in_name_of(ReviewRequest.reviewer_id, Enrolment.person_id, ReviewRequest.asked_at)
    return case((ReviewRequest.role == As.DEPUTY, name))


def find_colleague(session: Session, email: str, *, of: int, on: Any, but: tuple[int, ...]) -> int | None:
    """Somebody of the same organisation as a person (the house, or one partner), who is none of `but`."""
    kind = select(Person.kind).where(Person.id == of).scalar_subquery()
    house = and_(Person.kind != PARTNER, kind != PARTNER)
    partner = and_(Person.kind == PARTNER, kind == PARTNER, partner_of(Person.id) == partner_of(of))
    return _named(session, email, on, or_(house, partner), but)


def find_other_side(session: Session, email: str, *, of: int, on: Any) -> int | None:
    """Somebody of the other side of a partnership: a partner's for the house's own, the house's for a partner's."""
    kind = select(Person.kind).where(Person.id == of).scalar_subquery()
    return _named(session, email, on, (Person.kind == PARTNER) != (kind == PARTNER), (of,))


def find_anybody(session: Session, email: str, *, learner: int, on: Any, but: tuple[int, ...]) -> int | None:
    """Whom HR may ask: of the house, or of the learner's own partner organisation."""
    same = and_(Person.kind == PARTNER, partner_of(Person.id) == partner_of(learner))
    return _named(session, email, on, or_(Person.kind != PARTNER, same), but)


def _named(session: Session, email: str, on: Any, fits: ColumnElement[bool], but: tuple[int, ...]) -> int | None:
    key = email_key(email) if email.strip() else ""
    found = select(Person.id).where(Person.email_key == key, works(Person.id, on), fits, Person.id.not_in(but))
    return session.scalar(found)
