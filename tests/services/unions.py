"""Two records of one person, united as HR does it: one proposes, another agrees."""

from typing import Any

from sqlalchemy.orm import Session

from lms.db import Database
from lms.permissions import Actor
from lms.services import uniting
from lms.services.actors import find_actor, join, link_identity


def second_record(database: Database, email: str, actor: Actor) -> Actor:
    """Somebody whom no file names begins a record of their own, with a sign-in."""
    with database.transaction() as session:
        join(session, provider="host", subject=email, email=email, name="Second Record", at=actor.at)
        found = find_actor(session, provider="host", subject=email, email=email, at=actor.at)
    assert found is not None
    return found


def propose(session: Session, actor: Actor, person: str, into: str) -> str:
    """Two records, each by its e-mail."""
    return uniting.propose_union(session, actor, person=person, into=into, reason="The same date of birth")


def unite(session: Session, actor: Actor, second: Actor, person: str, into: str) -> str:
    """Proposed by the one, agreed to by the other."""
    ref = propose(session, actor, person, into)
    uniting.decide_union(session, second, ref=ref, accepted=True)
    return ref


def part(session: Session, actor: Actor, ref: str) -> None:
    """Parted again."""
    uniting.part_people(session, actor, ref=ref, reason="Two people of one name")


def link(database: Database, actor: Actor, subject: str) -> None:
    """Somebody signed in with this once."""
    assert actor.person_id is not None
    with database.transaction() as session:
        link_identity(session, actor.person_id, provider="host", subject=subject, at=actor.at)


def unite_and_part(database: Database, who: Any) -> None:
    """A second record goes into Amina's, and is parted from it."""
    second_record(database, "second@lantern.example", who("amina"))
    with database.transaction() as session:
        part(session, who("ingrid"), unite(session, who("ingrid"), who("sam"), "second@lantern.example", "0003"))
