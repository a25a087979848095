"""Development plans: objectives with steps at work, with people and by a course; some steps are signed."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from lms.demonstration.clock import Story
from lms.demonstration.world import World
from lms.rules import plans as rule
from lms.services.plans import add_item, save_objective, sign_item, start_plan


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


def plan(world: World, email: str, random: Random, aim: Aim, *, signs: tuple[bool, bool]) -> Story:
    """A plan of the present cycle with one objective: two steps, signed as said, and the first course.

    It is made after the cycle began, however short ago that was: a plan of the last cycle is not shown.
    """
    begin, end = rule.cycle(world.now.date(), world.cycle_start)
    first = max(world.day(10), datetime.combine(begin, time(), UTC))
    span = max(world.now - first, timedelta(0))
    made_at = first + span * random.uniform(0.05, 0.6)
    yield made_at
    with world.acting(email, made_at) as (session, actor):
        start_plan(session, actor, cycle_start=world.cycle_start)
        objective = save_objective(
            session, actor, cycle_start=world.cycle_start, ref=None, text=aim.text, measure=aim.measure, due_on=end,
            competency=world.course.competency,
        )  # fmt: skip
        texts = (("experience", aim.experience), ("people", aim.people))
        refs = [
            add_item(session, actor, objective_ref=objective.ref, kind=kind, text=text, course_slug="").ref
            for kind, text in texts
        ]
        add_item(session, actor, objective_ref=objective.ref, kind="course", text="", course_slug=world.course.slug)
    for ref in (ref for ref, signed in zip(refs, signs, strict=True) if signed):
        made_at += (world.now - made_at) * random.uniform(0.1, 0.6)
        yield made_at
        with world.acting(email, made_at) as (session, actor):
            sign_item(session, actor, ref=ref, done=True)
