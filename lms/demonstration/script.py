"""The whole story before it is told: who is there, what each will do, and in which order HR writes it down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random

from lms.demonstration.campaigns import Campaign, list_campaigns
from lms.demonstration.cast import INGRID, MATEO, PRIYA, WANJIRU
from lms.demonstration.clock import Diary, Story, until
from lms.demonstration.hr_file import hr_file
from lms.demonstration.intentions import list_intents
from lms.demonstration.leading import ask_amina, choose_own_name, list_campaign_stories, take_in
from lms.demonstration.learning import learn
from lms.demonstration.organisation import ENTRANCES, Functions, Member, compose
from lms.demonstration.paths import Path, choose_paths
from lms.demonstration.places import AFRICA, Places, lay_out
from lms.demonstration.planning import list_plans
from lms.demonstration.turnover import Change, Turnover
from lms.demonstration.world import DAYS, World
from lms.permissions import Role

# Days of the story on which HR sends a file: the first, and every two months, the last one 38 days ago.
_FILES = (0, *(DAYS - 38 - 60 * (ENTRANCES - number) for number in range(1, ENTRANCES + 1)))
_LINES = 500  # people in one file: no write transaction is long


@dataclass(frozen=True)
class Script:
    """Everybody who was ever there, where, what HR's later files say, and how everybody takes the first course."""

    random: Random
    places: Places
    members: list[Member]
    changes: list[Change]
    paths: Mapping[str, Path]
    campaigns: Sequence[Campaign]

    @cached_property
    def left_on(self) -> dict[str, date]:
        """The first day on which a post is no longer held, by number."""
        return {number: day for change in self.changes for number, day in change.leavers.items()}


def write_script(random: Random, world: World, people: int, functions: Functions) -> Script:
    """The same for the same seed and day."""
    places = lay_out(people)
    days = [world.day(number).date() for number in _FILES]
    members = compose(random, people=people, places=places, functions=functions, days=days)
    turnover = Turnover(random, members, places)
    changes = [turnover.next(number, day) for number, day in enumerate(days[1:], start=1)]
    leavers = {number for change in changes for number in change.leavers}
    paths = choose_paths(random, members, places, leavers)
    return Script(random, places, members, changes, paths, list(list_campaigns(world, places)))


def list_stories(world: World, script: Script) -> Iterator[Story]:
    """First what was there at the beginning, then HR's and managers' stories, then everybody's."""
    yield from _first_files(world, script)
    yield _grant_roles(world)
    for day, change in zip(_FILES[1:], script.changes, strict=True):
        if change.members:
            yield take_in(world, change, day)
    yield from list_campaign_stories(world, script.campaigns, script.members, script.paths, script.places)
    yield ask_amina(world)
    for member in script.members:
        stories = _stories(world, script, member, Random(script.random.getrandbits(64)))
        if member.number in script.left_on:
            latest = datetime.combine(script.left_on[member.number], time(), UTC) - timedelta(minutes=1)
            stories = (until(story, latest) for story in stories)
        yield from stories


def _first_files(world: World, script: Script) -> Iterator[Story]:
    """HR's first list, in files of 500 lines: managers stand before those who report to them."""
    by_number = {member.number: member for member in script.members}

    def depth(member: Member) -> int:
        return 1 + depth(by_number[member.manager]) if member.manager else 0

    first = sorted((member for member in script.members if not member.entrance), key=depth)
    for start in range(0, len(first), _LINES):
        yield _take_first(world, first[start : start + _LINES], script.places if not start else None, start // _LINES)


def _take_first(world: World, members: Sequence[Member], places: Places | None, number: int) -> Story:
    at = world.start + timedelta(minutes=number)
    yield at
    world.acts.take_in(at, hr_file(members, places))


def _grant_roles(world: World) -> Story:
    """The operator gives the roles, an hour after the first file was taken in."""
    at = world.start + timedelta(hours=1)
    yield at
    world.acts.grant(at, [
        {"email": INGRID, "role": Role.HR_OFFICER},
        {"email": WANJIRU, "role": Role.HR_OFFICER, "unit_code": AFRICA},
        {"email": MATEO, "role": Role.AUTHOR},
        {"email": PRIYA, "role": Role.ADMINISTRATOR},
    ])  # fmt: skip


def _stories(world: World, script: Script, member: Member, random: Random) -> Iterator[Story]:
    joined = _FILES[member.entrance] + (0 if member.entrance else 1)
    region, path = script.places.region(member.unit), script.paths[member.email]
    campaigns = [campaign for campaign in script.campaigns if campaign.region == region]
    zone = script.places.by_code[member.unit].zone
    if member.preferred:
        yield choose_own_name(world, member, Diary(world.day(joined, 12), random, zone))
    yield from list_plans(world, random, member, world.day(joined, 12))
    intents = list_intents(world, random, member, path, campaigns, joined)
    yield learn(world, member.email, intents, Diary(world.day(joined, 12), random, zone))
