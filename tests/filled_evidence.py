"""The filled world's evidence beside courses: everybody put something forward, and something of theirs is accepted."""

from typing import Any

from lms.db import Database
from lms.services.entries import decide_entry, enter_outside
from tests import world

TEAMS = {
    "kofi": ("amina", "wei"), "ingrid": ("kofi", "jose", "nadia", "olga", "sam"), "tupac": ("rosa",),
}  # fmt: skip


def put_forward(made: Any, database: Database) -> None:
    """Put the refs of entries that wait, and of accepted ones, into the filled world."""
    for manager, people in TEAMS.items():
        for person in people:
            _put_forward(made, database, person)
            _put_forward(made, database, person, manager)
    _put_forward(made, database, "ingrid")
    _put_forward(made, database, "tupac")


def _put_forward(made: Any, database: Database, person: str, accepted_by: str = "") -> None:
    """Something learned elsewhere, which waits or is accepted."""
    with database.transaction() as session:
        words = f"A course that {person} took"
        learner = world.actor(database, _email(person))
        ref = enter_outside(session, learner, competency="PC1", words=words, happened_on=world.TODAY)
        if accepted_by:
            decide_entry(session, world.actor(database, _email(accepted_by)), ref=ref, accepted=True, reason="")
    made.put("accepted entry" if accepted_by else "entry", person, ref)


def _email(person: str) -> str:
    from tests.filled import email

    return email(person)
