"""Which courses somebody takes up and when: those that are asked of their region, and some by own choice."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from lms.demonstration.campaigns import Campaign
from lms.demonstration.learning import PASSING, Intent
from lms.demonstration.organisation import Member
from lms.demonstration.paths import Path, later_path
from lms.demonstration.world import DAYS, World

_FRESH = 60  # days since a campaign in which whoever is not done has begun lately
_SLOWEST = 95  # days from being asked to beginning
_FINISHED = 25  # days before the present at which those begin at the latest whose path leads far
_EARLY, _BY_CHOICE = 0.25, 0.3  # of those who pass: before they are asked; of all: one more course

Wanted = dict[str, tuple[int, Path]]  # course code -> day of the story, and how far


def list_intents(
    world: World, random: Random, member: Member, path: Path, campaigns: Sequence[Campaign], joined: int
) -> list[Intent]:
    """What somebody will begin; `joined` is the day of the story from which they are there."""
    wanted: Wanted = {}
    for campaign in campaigns:
        asked = max(campaign.day, joined)
        if campaign.course is world.course:
            wanted[campaign.course.code] = _first(random, member, path, asked, joined), path
        else:
            further = later_path(random)
            wanted[campaign.course.code] = _begin(random, asked, further), further
    if not member.in_words and random.random() < _BY_CHOICE:
        wanted |= _own_choice(world, random, member, wanted, joined)
    places = {course.code: place for place, course in enumerate(world.courses)}
    return [
        Intent(world.start + timedelta(days=day), places[code], world.courses[places[code]], way)
        for code, (day, way) in wanted.items()
    ]


def _first(random: Random, member: Member, path: Path, asked: int, joined: int) -> int:
    """The first course: begun early enough to come as far as the path leads, by some before they are asked."""
    if path is Path.OWN_CHOICE and not member.in_words:
        return random.randint(joined + 2, DAYS - _FINISHED)
    if path in PASSING and not member.in_words and asked - joined > 20 and random.random() < _EARLY:
        return random.randint(joined + 5, asked - 5)
    return _begin(random, asked, path, latest=DAYS - _FINISHED)


def _begin(random: Random, asked: int, path: Path, latest: int = DAYS + _SLOWEST) -> int:
    """Most begin soon; who is in the middle of what was asked lately has begun lately."""
    if path in (Path.READING, Path.OPEN_ATTEMPT) and DAYS - asked <= _FRESH:
        return random.randint(DAYS - 12, DAYS - 6)
    low = asked + 2
    high = max(low, min(asked + _SLOWEST, latest))
    return int(random.triangular(low, high, low + (high - low) / 3))


def _own_choice(
    world: World, random: Random, member: Member, wanted: Mapping[str, tuple[int, Path]], joined: int
) -> Wanted:
    others = [
        course for course in world.courses[1:]
        if course.code not in wanted and (course.version.for_partner_staff or not member.partner)
    ]  # fmt: skip
    if not others or joined + 5 > DAYS - 30:
        return {}
    path = random.choice((Path.READING, Path.PASSED, Path.PASSED, Path.FAILED_THEN_PASSED))
    return {random.choice(others).code: (random.randint(joined + 5, DAYS - 30), path)}
