"""Development plans: objectives with steps at work, with people and by a course; some steps are signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from lms.demonstration.cast import AMINA, KOFI, ROSA
from lms.demonstration.clock import Story
from lms.demonstration.organisation import Member
from lms.demonstration.world import World
from lms.rules import plans as rule

# Who always has a plan, and which of the two steps are signed.
_FIXED = {AMINA: (False, True), KOFI: (True, False), ROSA: (False, False)}
_PRESENT, _LAST = 0.3, 0.25  # of the others: a plan of this cycle, of the one before
# How far the present plan has come between both sides: of the fixed accounts, and of every so many others.
_AGREED, _SHARED = (AMINA, ROSA), (KOFI,)
_AGREES_OF, _SHARES_OF = 8, 4
WORD = "Thank you for the talk. Tell me in time where you need me to clear the way."


@dataclass(frozen=True)
class Aim:
    """An objective, by what it will be seen, and the two steps beside a course."""

    text: str
    measure: str
    experience: str
    people: str


FIRST_AIM = Aim(
    "Explain our five partnership principles with an example of each from my own work",
    "I have led one team meeting on them, and two colleagues have written down an example of their own.",
    "Look at the last three messages that I sent to partners, and reword one that sounds like an order.",
    "Ask a colleague at a partner organisation how our requests reach them, and tell the team what I heard.",
)
AIMS = (
    Aim(
        "Agree the dates of all reports with two partners before the next quarter begins",
        "Both partners have confirmed the calendar in writing, and no date moved without a talk.",
        "Draft the next calendar together with one partner, starting from their own deadlines.",
        "Spend half a day with a partner's finance colleague to see what our request costs them.",
    ),
    Aim(
        "Hold the next partner review as a talk in both directions",
        "The notes hold at least three points that the partner raised about us, each with a name and a date.",
        "Send the first draft of the agenda while dates and topics are still open.",
        "Observe a colleague who leads such reviews, and talk it through afterwards.",
    ),
    Aim(
        "Shorten the papers that we ask of small partners",
        "One form is at least two pages shorter and in use by the end of the cycle.",
        "Mark in one form what nobody has read in the last year.",
        "Ask internal audit which of these fields they need, and why.",
    ),
    Aim(
        "Answer concerns of partners within five working days",
        "The log shows no concern older than five days without an answer in the last two months.",
        "Keep the log of one month and note where an answer waited.",
        "Agree with the focal point who answers when one of us is away.",
    ),
)


def list_plans(world: World, random: Random, member: Member, joined: datetime) -> Iterator[Story]:
    """The plans of somebody: of the present cycle, and of the one before."""
    begin, end = rule.cycle(world.now.date(), world.cycle_start)
    signs = _FIXED.get(member.email) or (random.random() < 0.4, random.random() < 0.4)
    if member.email in _FIXED or random.random() < _PRESENT:
        aim = FIRST_AIM if member.email == AMINA else random.choice(AIMS)
        reach = _reach(member)
        yield _plan(world, member.email, random, aim, max(joined, _morning(begin)), world.now, end, signs, reach)
    if member.email not in _FIXED and random.random() < _LAST:
        begin, end = rule.cycle(begin - timedelta(days=1), world.cycle_start)
        first = max(joined, _morning(begin))
        if first.date() < end - timedelta(days=30):
            aim = random.choice(AIMS)
            yield _plan(world, member.email, random, aim, first, _morning(end), end, (True, signs[0]))


def _reach(member: Member) -> int:
    """How far the plan comes: 0 is a draft, 1 is shared, 2 is agreed by both."""
    if member.email in _FIXED:
        return 2 if member.email in _AGREED else 1 if member.email in _SHARED else 0
    number = sum(member.email.encode())  # not left to chance: the rest of the story stays as it was
    return 2 if number % _AGREES_OF == 0 else 1 if number % _SHARES_OF == 0 else 0


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _plan(
    world: World, email: str, random: Random, aim: Aim, first: datetime, last: datetime, due_on: date,
    signs: tuple[bool, bool], reach: int = 0,
) -> Story:  # fmt: skip
    """A plan with one objective: two steps, signed as said, and the first course; made, shared and signed in between.

    The plan of the present cycle is made after the cycle began, however short ago that was: an older one is not shown.
    """
    made_at = first + max(last - first, timedelta(0)) * random.uniform(0.05, 0.6)
    yield made_at
    words = {"text": aim.text, "measure": aim.measure, "due_on": due_on, "competency": world.course.competency}
    refs = world.acts.make_plan(
        email, made_at, cycle_start=world.cycle_start, words=words,
        steps=[("experience", aim.experience), ("people", aim.people)], course=world.course,
    )  # fmt: skip
    if reach:
        made_at += (last - made_at) * 0.05
        yield made_at
        plan, manager = world.acts.share_plan(email, made_at)
        if reach > 1 and manager:
            made_at += (last - made_at) * 0.05
            yield made_at
            world.acts.agree_to_plan(email, manager, made_at, plan, WORD)
    for ref in (ref for ref, signed in zip(refs, signs, strict=True) if signed):
        made_at += (last - made_at) * random.uniform(0.1, 0.6)
        yield made_at
        world.acts.sign(email, made_at, ref)
