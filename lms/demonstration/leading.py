"""What HR and managers do: bring people in, ask for courses, take back; and what people change on their profiles."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from lms.demonstration.campaigns import Campaign
from lms.demonstration.cast import AMINA, INGRID, KOFI, WANJIRU
from lms.demonstration.clock import Diary, Story
from lms.demonstration.hr_file import hr_file
from lms.demonstration.organisation import Member
from lms.demonstration.paths import Path
from lms.demonstration.places import AFRICA, HUB, Places
from lms.demonstration.turnover import Change
from lms.demonstration.world import DAYS, World

_AT_ONCE = 200  # people in one assignment


def list_campaign_stories(
    world: World, campaigns: Iterable[Campaign], members: Sequence[Member], paths: Mapping[str, Path], places: Places
) -> list[Story]:
    """A unit and all below it are asked; at the hub, above everybody, it is its people one by one."""
    stories: list[Story] = []
    hub = [m for m in members if places.region(m.unit) == HUB and not m.entrance]
    for campaign in campaigns:
        officer = WANJIRU if campaign.region == AFRICA else INGRID
        if campaign.region != HUB:
            stories.append(_ask_unit(world, officer, campaign))
            continue
        not_asked = (Path.OWN_CHOICE, Path.TAKEN_BACK) if campaign.course is world.course else ()
        asked = [m.email for m in hub if paths[m.email] not in not_asked]
        for start in range(0, len(asked), _AT_ONCE):
            stories.append(_ask_people(world, officer, campaign, asked[start : start + _AT_ONCE]))
        if campaign.course is world.course:
            by_mistake = [m.email for m in hub if paths[m.email] is Path.TAKEN_BACK]
            stories += [_ask_by_mistake(world, campaign, email) for email in by_mistake]
    return stories


def _ask_unit(world: World, officer: str, campaign: Campaign) -> Story:
    """Ask the course of a unit and below; not as a duty, for partners' staff are asked with them."""
    at = world.day(campaign.day, 10)
    yield at
    world.acts.assign(
        officer, at, campaign.course, unit=campaign.region, due_on=campaign.due_on, mandatory=False, reason="campaign"
    )


def _ask_people(world: World, officer: str, campaign: Campaign, emails: Sequence[str]) -> Story:
    at = world.day(campaign.day, 11)
    yield at
    world.acts.assign(
        officer, at, campaign.course, people=emails, due_on=campaign.due_on, mandatory=True, reason="role"
    )


def _ask_by_mistake(world: World, campaign: Campaign, email: str) -> Story:
    """Asked of somebody who should not be, and taken back two weeks later."""
    at = world.day(campaign.day, 12)
    yield at
    (ref,) = world.acts.assign(
        INGRID, at, campaign.course, people=[email], due_on=campaign.due_on, mandatory=True, reason="role"
    )
    back = world.day(campaign.day + 14)
    yield back
    world.acts.take_back(INGRID, back, ref)


def ask_own_team(world: World, manager: str, emails: Sequence[str], day: int, due_on: date) -> Story:
    """A line manager asks the first course of some of the team."""
    at = world.day(day, 14)
    yield at
    world.acts.assign(manager, at, world.course, people=emails, due_on=due_on, mandatory=True, reason="assigned")


def ask_amina(world: World) -> Story:
    """Kofi asks her."""
    return ask_own_team(world, KOFI, [AMINA], DAYS - 48, world.now.date() + timedelta(days=14))


def take_in(world: World, change: Change, day: int) -> Story:
    """A later file of HR's; who joins gets what is asked of their unit already."""
    at = world.day(day)
    yield at
    world.acts.take_in(at, hr_file(change.members, leavers=change.leavers))


def choose_own_name(world: World, member: Member, diary: Diary) -> Story:
    """Somebody sets their name right on their profile page."""
    yield diary.days(1, 4)
    world.acts.save_profile(member.email, diary.at, name=member.preferred, language=member.language)
