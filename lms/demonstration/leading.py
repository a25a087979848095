"""What HR and managers do: bring people in, ask for courses, take back; and what people change on their profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.demonstration.cast import AMINA, INGRID, KOFI, WANJIRU
from lms.demonstration.clock import Diary, Story
from lms.demonstration.hr_file import hr_file
from lms.demonstration.organisation import Member
from lms.demonstration.paths import Path
from lms.demonstration.places import AFRICA, AMERICAS_ASIA, HUB, region
from lms.demonstration.world import World
from lms.models import Person
from lms.rules.people import email_key
from lms.services.assignments import assign_course, withdraw_assignment
from lms.services.people import import_people
from lms.services.profile import save_profile

# Days of the story.
ASKED_FIRST, ASKED_AFRICA, NEWCOMERS = 5, 100, 112
_AT_ONCE = 200  # people in one assignment


def list_leading(world: World, members: Sequence[Member], paths: Mapping[str, Path]) -> list[Story]:
    """The stories of those who lead others to a course."""
    asked = [m for m in members if paths[m.email] is not Path.OWN_CHOICE and region(m.unit) == HUB]
    hub = [m.email for m in asked if paths[m.email] is not Path.TAKEN_BACK]
    by_mistake = [m.email for m in asked if paths[m.email] is Path.TAKEN_BACK]
    first_due, africa_due = world.day(80).date(), world.now.date() + timedelta(days=25)
    stories = [_ask_unit(world, INGRID, AMERICAS_ASIA, first_due, ASKED_FIRST)]
    stories += [
        _ask_people(world, INGRID, hub[start : start + _AT_ONCE], first_due, ASKED_FIRST)
        for start in range(0, len(hub), _AT_ONCE)
    ]
    stories += [_ask_by_mistake(world, email) for email in by_mistake]
    stories.append(_ask_unit(world, WANJIRU, AFRICA, africa_due, ASKED_AFRICA))
    stories.append(_ask_people(world, KOFI, [AMINA], world.now.date() + timedelta(days=14), ASKED_AFRICA + 2))
    newcomers = [member for member in members if member.joins_late]
    if newcomers:
        stories.append(_take_in(world, newcomers))
    return stories


def _ask_unit(world: World, officer: str, unit: str, due_on: date, day: int) -> Story:
    """Ask the course of a unit and below; not as a duty, for partners' staff are asked with them."""
    yield world.day(day, 10)
    with world.acting(officer, world.day(day, 10)) as (session, actor):
        assign_course(
            session, actor, course_slug=world.course.slug, unit_code=unit, due_on=due_on, mandatory=False,
            reason="campaign",
        )  # fmt: skip


def _ask_people(world: World, asker: str, emails: Sequence[str], due_on: date, day: int) -> Story:
    yield world.day(day, 11)
    with world.acting(asker, world.day(day, 11)) as (session, actor):
        assign_course(
            session, actor, course_slug=world.course.slug, people=_refs(session, emails), due_on=due_on,
            mandatory=True, reason="role",
        )  # fmt: skip


def _ask_by_mistake(world: World, email: str) -> Story:
    """Asked of somebody who should not be, and taken back two weeks later."""
    yield world.day(ASKED_FIRST, 12)
    with world.acting(INGRID, world.day(ASKED_FIRST, 12)) as (session, actor):
        made = assign_course(
            session, actor, course_slug=world.course.slug, people=_refs(session, [email]),
            due_on=world.day(80).date(), mandatory=True, reason="role",
        )  # fmt: skip
        ref = made[0].ref
    yield world.day(ASKED_FIRST + 14)
    with world.acting(INGRID, world.day(ASKED_FIRST + 14)) as (session, actor):
        withdraw_assignment(session, actor, ref=ref)


def _refs(session: Session, emails: Sequence[str]) -> Sequence[str]:
    keys = [email_key(email) for email in emails]
    return session.scalars(select(Person.ref).where(Person.email_key.in_(keys)).order_by(Person.id)).all()


def _take_in(world: World, members: Sequence[Member]) -> Story:
    """HR's second file: people who join later, and get what is asked of their unit already."""
    yield world.day(NEWCOMERS)
    file = hr_file(members)
    with world.database.transaction() as session:
        import_people(session, replace(world.operator, at=world.day(NEWCOMERS)), file=file)


def choose_own_name(world: World, member: Member, diary: Diary) -> Story:
    """Somebody sets their name right on their profile page."""
    yield diary.days(1, 4)
    with world.acting(member.email, diary.at) as (session, actor):
        save_profile(
            session, actor, display_name=member.preferred, language=member.language, known={member.language}
        )  # fmt: skip
