"""Assessments taken through the services as the pages take them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from lms.db import Database
from lms.models import Person
from lms.permissions import Actor
from lms.services.agreeing import accept_level, differ, propose_level
from lms.services.assessments import Saved, save_sheet
from lms.services.conversations import Conversation, find_talk, get_conversation
from lms.services.ratings import Rated
from tests import world

CYCLE = "07-01"
OFFERED = {"PC1": ["1a", "2a", "3a", "4a"]}


def ref_of(database: Database, person: Actor) -> str:
    """The public name of a person."""
    with database.read() as session:
        return str(session.scalar(select(Person.ref).where(Person.id == person.person_id)))


def rate(
    database: Database, actor: Actor, level: int | None = 1, *, of: Actor | None = None, hand_in: bool = True,
    words: str = "", cycle: str = CYCLE, **more: Any,
) -> Saved:  # fmt: skip
    """The actor's sheet with PC1 alone: of themselves, or of somebody who reports to them."""
    words = words or f"words of {actor.name}"
    rated = Rated("PC1", level, words, confidence="" if of else "fairly", **more)
    with database.transaction() as session:
        return save_sheet(
            session, actor, cycle_start=cycle, ratings=[rated], hand_in=hand_in, offered=OFFERED,
            person_ref=ref_of(database, of) if of else None,
        )  # fmt: skip


def both(database: Database, person: Actor, manager: Actor, levels: tuple[int, int] = (3, 1), **more: Any) -> str:
    """Both rate the person; returns the assessment's ref."""
    rate(database, person, levels[0], **more)
    return rate(database, manager, levels[1], of=person, **more).ref


def everybody(database: Database, cycle: str) -> Iterator[tuple[str, str]]:
    """Everybody who has a manager in the small organisation is rated from both sides; (name before the @, ref)."""
    lines = (("kofi", "amina wei"), ("ingrid", "kofi jose nadia olga sam"), ("tupac", "rosa"))
    for manager, people in lines:
        domain = "rioclaro.example" if manager == "tupac" else "lantern.example"
        for name in people.split():
            person, boss = (world.actor(database, f"{one}@{domain}") for one in (name, manager))
            yield name, both(database, person, boss, cycle=cycle)


def look(database: Database, actor: Actor, ref: str) -> Conversation:
    """The conversation as the actor sees it."""
    with database.read() as session:
        return get_conversation(session, actor, ref=ref)


def propose(database: Database, actor: Actor, ref: str, level: int | None, reason: str = "We both saw it.") -> str:
    """Propose a level; returns the proposal's ref."""
    with database.transaction() as session:
        propose_level(session, actor, ref=ref, code="PC1", level=level, reason=reason)
    waiting = find_talk(look(database, actor, ref), "PC1").proposal
    assert waiting is not None
    return waiting.ref


def accept(database: Database, actor: Actor, ref: str, proposal: str) -> None:
    """Accept a proposal."""
    with database.transaction() as session:
        accept_level(session, actor, ref=ref, code="PC1", proposal=proposal)


def see_differently(database: Database, actor: Actor, ref: str, words: str = "I saw more.") -> None:
    """Record that one sees it differently."""
    with database.transaction() as session:
        differ(session, actor, ref=ref, code="PC1", words=words)
