"""Naming a deputy, as the page does."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import Database
from lms.models import Leave
from lms.permissions import Actor
from lms.services.delegations import delegate
from lms.services.leaves import end_leave, enter_leave
from tests import world

LAST = world.TODAY + timedelta(days=9)


def name(session: Session, manager: Actor, deputy: str, first: date = world.TODAY, last: date = LAST) -> str:
    """Somebody of the sample stands in for the manager; returns the ref."""
    email = f"{deputy}@{'rioclaro' if deputy in ('rosa', 'tupac') else 'lantern'}.example"
    return delegate(session, manager, deputy=email, first=first, last=last)


def everybody(database: Database) -> Iterator[tuple[str, str, str]]:
    """Each line manager of the filled world has named somebody: José stands in for Kofi today, the others later.

    Kind, owner and public name of each.
    """
    for manager, deputy in (("kofi", "jose"), ("ingrid", "sam"), ("tupac", "rosa")):
        place = "rioclaro" if manager == "tupac" else "lantern"
        actor = world.actor(database, f"{manager}@{place}.example")
        with database.transaction() as session:
            first, last = (world.TODAY, LAST) if manager == "kofi" else (world.DUE, world.DUE)
            ref = name(session, actor, deputy, first, last)
        yield "delegation", manager, ref


def go_and_come_back(session: Session, manager: Actor, person: str) -> None:
    """Somebody (by ref) is entered as on leave, and was there."""
    enter_leave(session, manager, ref=person, first=world.TODAY, last=world.TODAY)
    leave = session.scalars(select(Leave.ref)).one()
    end_leave(session, manager, ref=person, leave=leave, back_on=world.TODAY)
