"""The steps of a task at work, taken through the services as the pages take them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from lms.db import Database
from lms.models import Completion, Enrolment, HandIn, ReviewDecision, ReviewRequest
from lms.permissions import Actor
from lms.services.applications import Given, hand_in
from lms.services.deciding import Answer, decide
from tests.services import steps

GIVEN = Given(words="We asked the partner first.", situation="Budget talk")
Who = Callable[[str], Actor]


def complete(database: Database, actor: Actor) -> str:
    """Pass the course; returns the completion's ref."""
    steps.take(database, actor)
    with database.read() as session:
        mine = select(Completion.ref).join(Enrolment).where(Enrolment.person_id == actor.person_id)
        return str(session.scalar(mine.order_by(Completion.id.desc()).limit(1)))


def give(database: Database, actor: Actor, ref: str, **more: Any) -> str:
    """Hand in; returns the ref of the hand-in."""
    given = Given(**{**vars(GIVEN), **more})
    with database.transaction() as session:
        return hand_in(session, actor, ref=ref, given=given).ref


def asked(database: Database, side: str = "own") -> str:
    """The ref of the newest request of a side."""
    with database.read() as session:
        query = select(ReviewRequest.ref).where(ReviewRequest.side == side).order_by(ReviewRequest.id.desc())
        return str(session.scalar(query.limit(1)))


def answer(database: Database, actor: Actor, ref: str, decision: str = "seen", **more: Any) -> None:
    """What a reviewer says."""
    with database.transaction() as session:
        decide(session, actor, ref=ref, answer=Answer(decision, **more), by_link=False)


def decision_ref(database: Database) -> str:
    """The newest decision."""
    with database.read() as session:
        return str(session.scalar(select(ReviewDecision.ref).order_by(ReviewDecision.id.desc()).limit(1)))


def hand_ins(database: Database) -> int:
    """How many were handed in."""
    with database.read() as session:
        return len(session.scalars(select(HandIn.id)).all())
