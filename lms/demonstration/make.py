"""Makes the organisation: HR's file first, then roles, then everybody's story in one order of time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db import Database
from lms.demonstration.cast import ACCOUNTS, AMINA, INGRID, KOFI, MATEO, PRIYA, ROSA, WANJIRU
from lms.demonstration.clock import Diary, Story, tell
from lms.demonstration.hr_file import hr_file
from lms.demonstration.leading import ASKED_AFRICA, ASKED_FIRST, NEWCOMERS, choose_own_name, list_leading
from lms.demonstration.learning import learn, withdraw
from lms.demonstration.organisation import Member, compose
from lms.demonstration.paths import Path, choose_paths
from lms.demonstration.places import AFRICA, region
from lms.demonstration.planning import AIMS, FIRST_AIM, plan
from lms.demonstration.world import World, list_published, published_functions
from lms.errors import N_, Conflict, Invalid
from lms.models import Person
from lms.permissions import Actor, Role
from lms.services.people import import_people
from lms.services.roles import grant_role

FEWEST = 20
_DAYS = 150
_UNSIGNED, _TALKED = (False, False), (False, True)
_WITH_A_PLAN = {AMINA: _TALKED, KOFI: (True, False), ROSA: _UNSIGNED}


@dataclass(frozen=True)
class Account:
    """Somebody as whom a visitor can look around."""

    email: str
    name: str
    role_in_words: str


def make_demonstration(
    database: Database, actor: Actor, *, people: int = 60, seed: int = 1, cycle_start: str = "07-01"
) -> list[Account]:
    """Fill a database that holds courses and no people; the fixed accounts come first in the list.

    `actor` is the operator; its moment is the present of the story, which begins 150 days earlier. `cycle_start` is
    "MM-DD", as in LMS_PLAN_CYCLE_START. The same seed and moment give the same organisation, but for row refs and for
    which questions are drawn. Raises Invalid for fewer than 20 people, Conflict without courses or with people.
    """
    if people < FEWEST:
        raise Invalid(
            N_("A demonstration needs at least %(fewest)d people: %(given)d were asked for."),
            fewest=FEWEST,
            given=people,
        )
    random = Random(seed)
    world, members = _begin(database, actor, random, people, cycle_start)
    paths = choose_paths(random, members)
    stories = [_grant_roles(world), *list_leading(world, members, paths)]
    for member in members:
        stories += _stories(world, member, paths, Random(random.getrandbits(64)))
    tell(stories)
    return _accounts(members)


def _begin(
    database: Database, actor: Actor, random: Random, people: int, cycle_start: str
) -> tuple[World, list[Member]]:
    """Refuse, or take HR's first file in: one transaction, so that a refusal leaves nothing behind."""
    now = actor.at.astimezone(UTC)
    start = (now - timedelta(days=_DAYS)).replace(hour=8, minute=0, second=0, microsecond=0)
    with database.transaction() as session:
        _refuse_people(session)
        courses, functions = list_published(session), published_functions(session)
        if not courses:
            raise Conflict(N_("There is no course for staff to learn from yet. Load the courses first: flask lms load"))
        world = World(database, actor, courses, start, now, cycle_start)
        members = compose(
            random, people=people, functions=functions, first_day=start.date(), late_day=world.day(NEWCOMERS).date()
        )
        file = hr_file([member for member in members if not member.joins_late])
        import_people(session, replace(actor, at=start), file=file)
    return world, members


def _refuse_people(session: Session) -> None:
    if session.scalar(select(Person.id).limit(1)) is not None:
        raise Conflict(
            N_("There are people in the records already: a demonstration never mixes with real records. "
               "Give it a database of its own: set LMS_DATABASE_URL, then flask lms upgrade and flask lms load.")
        )  # fmt: skip


def _grant_roles(world: World) -> Story:
    """The operator gives the roles, an hour after the file was taken in."""
    at = world.start + timedelta(hours=1)
    yield at
    with world.database.transaction() as session:
        operator = replace(world.operator, at=at)
        grant_role(session, operator, email=INGRID, role=Role.HR_OFFICER)
        grant_role(session, operator, email=WANJIRU, role=Role.HR_OFFICER, unit_code=AFRICA)
        grant_role(session, operator, email=MATEO, role=Role.AUTHOR)
        grant_role(session, operator, email=PRIYA, role=Role.ADMINISTRATOR)


def _stories(world: World, member: Member, paths: Mapping[str, Path], random: Random) -> Iterator[Story]:
    path = paths[member.email]
    learning = learn(
        world, member.email, path, _learning_diary(world, member, path, random), partner=bool(member.partner)
    )
    yield withdraw(world, INGRID, member.email, learning, random) if path is Path.WITHDRAWN else learning
    joined = world.day(NEWCOMERS if member.joins_late else 1, 12)
    if member.preferred:
        yield choose_own_name(world, member, Diary(joined, world.now, random))
    if member.email in _WITH_A_PLAN:
        aim = FIRST_AIM if member.email == AMINA else random.choice(AIMS)
        yield plan(world, member.email, random, aim, signs=_WITH_A_PLAN[member.email])
    elif not member.joins_late and random.random() < 0.3:
        signs = (random.random() < 0.4, random.random() < 0.4)
        yield plan(world, member.email, random, random.choice(AIMS), signs=signs)


def _learning_diary(world: World, member: Member, path: Path, random: Random) -> Diary:
    """When somebody begins: after they were asked, and early enough to come as far as their path leads."""
    in_africa = region(member.unit) == AFRICA
    is_unfinished = path in (Path.READING, Path.OPEN_ATTEMPT)
    if is_unfinished and in_africa:
        first, last = _DAYS - 12, _DAYS - 6  # before the due date, and fresh in mind
    elif in_africa:
        first, last = (NEWCOMERS if member.joins_late else ASKED_AFRICA) + 2, _DAYS - 25
    else:
        first, last = ASKED_FIRST + 2, _DAYS - 6 if is_unfinished else 95
    return Diary(world.day(random.randint(first, last), 8), world.now, random)


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
