"""Makes the organisation in a database that holds courses and no people."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.db import Database
from lms.demonstration.acts import Acts
from lms.demonstration.bulk import BulkActs
from lms.demonstration.cast import ACCOUNTS
from lms.demonstration.clock import tell
from lms.demonstration.organisation import Functions, Member
from lms.demonstration.published import PublishedCourse, list_published, published_functions
from lms.demonstration.script import list_stories, write_script
from lms.demonstration.world import DAYS, World
from lms.errors import N_, Conflict, Invalid
from lms.models import AuditEntry, Job, Person
from lms.permissions import Actor, require
from lms.services import stored_levels
from lms.services.writing import audit

FEWEST = 20
BEGUN, FINISHED = "demonstration.begin", "demonstration.finish"


@dataclass(frozen=True)
class Account:
    """Somebody as whom a visitor can look around."""

    email: str
    name: str
    role_in_words: str


def make_demonstration(
    database: Database, actor: Actor, *, people: int = 60, seed: int = 1, cycle_start: str = "07-01",
    acts: type[Acts] = BulkActs,
) -> list[Account]:  # fmt: skip
    """Fill a database that holds courses and no people; the fixed accounts come first in the list.

    `actor` is the operator; its moment is the present of the story, which begins two years earlier. `cycle_start` is
    "MM-DD", as in LMS_PLAN_CYCLE_START. The same seed and moment give the same organisation, but for refs,
    salts and certificate numbers. `acts` says how it is written: in bulk, or one by one, to the same effect. Raises
    Invalid for fewer than 20 people, Conflict without courses, with people, or where another was interrupted.
    """
    if people < FEWEST:
        raise Invalid(
            N_("A demonstration needs at least %(fewest)d people: %(given)d were asked for."),
            fewest=FEWEST,
            given=people,
        )
    now = actor.at.astimezone(UTC)
    start = (now - timedelta(days=DAYS)).replace(hour=8, minute=0, second=0, microsecond=0)
    with database.transaction() as session:
        courses, functions = _begin(session, replace(actor, at=start), people)
    world = World(acts(database, actor, courses), courses, start, now, cycle_start)
    script = write_script(Random(seed), world, people, functions)
    with _without_collecting():
        tell(list_stories(world, script), now)
        world.acts.finish()  # whatever waits to be written
        operator = replace(actor, at=now)
        database.in_slices(lambda session, after: stored_levels.rebuild_slice(session, operator, after))
    with world.acts.operating(now) as (session, operator):
        # No worker could have come before there was anything: what is left to do waits from now on.
        session.execute(update(Job).where(Job.claimable_at < now).values(claimable_at=now))
        audit(session, operator, FINISHED, "demonstration", str(people))
    return _accounts([member for member in script.members if member.number not in script.left_on])


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Stories are many objects and few cycles: the collector would walk over all of them again and again for a sixth
    of the time, and find nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def is_unfinished(session: Session) -> bool:
    """Whether a demonstration was begun here and interrupted: it is whole when its last row is there."""
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.in_((BEGUN, FINISHED)))).all()
    return BEGUN in acts and FINISHED not in acts


def _begin(session: Session, actor: Actor, people: int) -> tuple[tuple[PublishedCourse, ...], Functions]:
    """Refuse, or note that it begins: from here on the database is the demonstration's."""
    require(actor, "people.import")
    if is_unfinished(session):
        raise Conflict(
            N_("A demonstration was interrupted here while it was made. It cannot be continued, and facts cannot be "
               "deleted: make the database anew (drop it, or delete its file), then flask lms upgrade and "
               "flask lms load.")
        )  # fmt: skip
    if session.scalar(select(Person.id).limit(1)) is not None:
        raise Conflict(
            N_("There are people in the records already: a demonstration never mixes with real records. "
               "Give it a database of its own: set LMS_DATABASE_URL, then flask lms upgrade and flask lms load.")
        )  # fmt: skip
    courses = list_published(session)
    if not courses:
        raise Conflict(N_("There is no course for staff to learn from yet. Load the courses first: flask lms load"))
    audit(session, actor, BEGUN, "demonstration", str(people))
    return courses, published_functions(session)


def _accounts(members: Sequence[Member]) -> list[Account]:
    managers = {member.manager for member in members}
    by_email = {member.email: member for member in members}
    first = [by_email[part.email] for part in ACCOUNTS]
    others = [member for member in members if member not in first]
    return [Account(m.email, m.display_name, m.in_words or _in_words(m, managers)) for m in first + others]


def _in_words(member: Member, managers: set[str]) -> str:
    leads = member.number in managers
    if member.partner:
        return "named reviewer at a partner organisation" if leads else "member of staff of a partner organisation"
    return "line manager" if leads else "member of staff"
