"""The steps of a task at work, taken through the services as the pages take them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from lms.db import Database
from lms.documents.received import Kind, Received
from lms.models import Completion, Enrolment, ReviewDecision, ReviewRequest, Upload
from lms.permissions import Actor
from lms.services.applications import Given, hand_in
from lms.services.deciding import Answer, decide
from lms.services.review_links import sign
from tests import world
from tests.services import steps

GIVEN = Given(words="We asked the partner first.", situation="Budget talk")


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


def everybody(database: Database, completions: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Tasks at work of the whole small organisation: (kind, owner, public name) of everything that comes of it.

    Amina, Olga and Sam have not handed in yet; above Ingrid and Tupac there is nobody; Wei's waits for Amina, to whom
    Kofi passed it on, José's for Ingrid, Rosa's for Tupac; Kofi's was confirmed by Amina, Nadia's by Ingrid.
    """

    def actor(person: str) -> Actor:
        return world.actor(database, f"{person}@{'rioclaro' if person in ('rosa', 'tupac') else 'lantern'}.example")

    for person in ("amina", "olga", "sam"):
        yield "due task", person, completions[person]
    first, files = {}, {}
    for person in ("wei", "kofi", "nadia", "jose", "rosa", "tupac", "ingrid"):
        file = Received("photo.jpg", Kind.JPEG, b"pixels of " + person.encode())
        ref = give(database, actor(person), completions[person], words=f"Work of {person}", files=(file,))
        first[person], files[person] = asked(database), newest(database, Upload)
        yield "handed in file", person, f"{completions[person]}/files/{files[person]}"
        if person in ("tupac", "ingrid"):
            yield "case", person, ref
    for manager, learner in (("kofi", "wei"), ("ingrid", "kofi")):
        answer(database, actor(manager), first[learner], "passed_on", pass_to="amina@lantern.example")
        first[learner] = asked(database)
    for reviewer, learner in (("amina", "kofi"), ("ingrid", "nadia")):
        answer(database, actor(reviewer), first[learner])
        yield "confirmation", learner, newest(database, ReviewDecision)
        yield "given review", reviewer, first[learner]
    for reviewer, learner in (("amina", "wei"), ("ingrid", "jose"), ("tupac", "rosa")):
        token = sign(world.SIGNING_KEY, first[learner], world.NOW)
        yield "review", reviewer, first[learner]
        yield "link", reviewer, token
        yield "reviewed file", reviewer, f"{first[learner]}/files/{files[learner]}"
        yield "linked file", reviewer, f"{token}/files/{files[learner]}"


def newest(database: Database, of: type[Upload | ReviewDecision]) -> str:
    """The public name of the newest row of a table."""
    with database.read() as session:
        return str(session.scalar(select(of.ref).order_by(of.id.desc()).limit(1)))
