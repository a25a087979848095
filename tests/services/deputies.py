"""Naming a deputy, as the page does."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lms.db import Database
from lms.permissions import Actor
from lms.services.delegations import delegate
from tests import world

LAST = world.TODAY + timedelta(days=9)


def name(session: Session, manager: Actor, deputy: str, first: date = world.TODAY, last: date = LAST) -> str:
    """Somebody of the sample stands in for the manager; returns the ref."""
    email = f"{deputy}@{'rioclaro' if deputy in ('rosa', 'tupac') else 'lantern'}.example"
    return delegate(session, manager, deputy=email, first=first, last=last)


def everybody(made: Any, database: Database) -> None:
    """Each line manager of the filled world has named somebody: José stands in for Kofi today, the others later."""
    for manager, deputy in (("kofi", "jose"), ("ingrid", "sam"), ("tupac", "rosa")):
        place = "rioclaro" if manager == "tupac" else "lantern"
        actor = world.actor(database, f"{manager}@{place}.example")
        with database.transaction() as session:
            first, last = (world.TODAY, LAST) if manager == "kofi" else (world.DUE, world.DUE)
            made.put("delegation", manager, name(session, actor, deputy, first, last))
