"""Who asked to be erased in the small organisation at work; of two HR has accepted it."""

from collections.abc import Iterator

from lms.db import Database
from lms.services import erasing
from tests import world


def ask_to_be_erased(database: Database) -> Iterator[tuple[str, str, str]]:
    """Kind, owner, public name of each request."""
    for person, by in (("kofi", ""), ("nadia", ""), ("wei", "nadia"), ("sam", "ingrid")):
        with database.transaction() as session:
            ref = erasing.ask_erasure(session, world.actor(database, f"{person}@lantern.example"), words="I move on")
        if by:
            with database.transaction() as session:
                erasing.decide_erasure(
                    session, world.actor(database, f"{by}@lantern.example"), ref=ref, accepted=True, reason="They left"
                )
        yield "accepted erasure" if by else "erasure", person, ref
