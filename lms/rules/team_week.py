"""What a line manager's week holds: what waits for them or for their people, and in which order; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.rules.plan_stages import Act, Kind, Side, Stage
from lms.rules.standing import RENEWAL_NOTICE

WEEK = timedelta(days=7)
AHEAD = RENEWAL_NOTICE  # what lies further away is not shown, nor what ran out longer ago


class What(StrEnum):
    """What is to be done; of two things of one day the one that stands first here comes first."""

    REVIEW = "review"  # a task at work waits for the manager's answer
    RATE = "rate"  # the person has rated themselves
    TALK = "talk"  # both ratings are in, and nothing is agreed
    AGREE = "agree"  # to the shared plan
    AGREE_AGAIN = "agree_again"  # it was changed since the manager agreed
    ANSWER = "answer"  # a comment names the manager
    DECIDE = "decide"  # on what somebody put forward
    SIGN = "sign"  # the person has signed the end of their plan
    NOTE = "note"  # the middle of the plan's year
    CLOSE = "close"  # the plan's year ends
    HELP = "help"  # all attempts at a quiz are used
    TASK = "task"  # of somebody in the team, to be handed in
    COURSE = "course"  # of somebody in the team
    EXPIRES = "expires"  # a completion runs out
    SHARE = "share"  # nobody has shared a plan of this year


# What waits since its day; all else is due on it.
WAITING = frozenset(
    {What.REVIEW, What.RATE, What.TALK, What.AGREE, What.AGREE_AGAIN, What.ANSWER, What.DECIDE, What.SIGN, What.HELP}
)


class When(StrEnum):
    """How soon."""

    NOW = "now"  # it waits, or its day has come
    WEEK = "week"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Thing:
    """One thing: of whom, what it is about (a title), and by which ref its page is found. No day: whenever."""

    what: What
    day: date | None
    name: str
    about: str = ""
    ref: str = ""
    person: str = ""  # the person's ref; "" for a task of somebody outside the team
    count: int = 1

    @property
    def waits(self) -> bool:
        """Whether it waits since its day, and is not due on it."""
        return self.what in WAITING

    def age(self, today: date) -> int:
        """For how many days it has waited."""
        return (today - self.day).days if self.day else 0


def when(thing: Thing, today: date) -> When | None:
    """How soon, or None for what lies too far away."""
    if thing.waits:
        return When.NOW
    if thing.day is None:
        return When.AHEAD
    if thing.what is What.EXPIRES and thing.day <= today - AHEAD:
        return None
    if thing.day < today or (thing.day == today and thing.what is What.EXPIRES):  # that day it counts no more
        return When.NOW
    if thing.day <= today + WEEK:
        return When.WEEK
    return When.AHEAD if thing.day <= today + AHEAD else None


def in_order(things: Iterable[Thing], today: date) -> dict[When, list[Thing]]:
    """The things by how soon, in each those of the earliest day first: what waits longest, or is due first."""
    found: dict[When, list[Thing]] = {soon: [] for soon in When}
    order = {what: place for place, what in enumerate(What)}
    for thing in sorted(things, key=lambda one: (one.day or date.max, order[one.what], one.name, one.about, one.ref)):
        soon = when(thing, today)
        if soon is not None:
            found[soon].append(thing)
    return found


def plan_asks(stage: Stage, acts: Sequence[Act], first: date, last: date, today: date) -> list[tuple[What, date]]:
    """What a shared plan asks of the manager, with the days; from the last act of each kind and side.

    The words of the plan are not needed: where the manager's agreement may be of old words, and the learner has not
    agreed to others, it is the learner's turn.
    """
    held: dict[tuple[Kind, Side], Act] = {}
    for act in sorted(acts, key=lambda act: (act.at, act.number)):
        held[act.kind, act.side] = act
    held = {key: act for key, act in held.items() if act.holds}
    if stage in (Stage.SHARED, Stage.CHANGED):
        return _agreement(held)
    if stage not in (Stage.AGREED, Stage.NOTED):
        return []
    if (Kind.CLOSED, Side.MANAGER) in held:
        return []
    signed, noted = (held.get((kind, Side.LEARNER)) for kind in (Kind.CLOSED, Kind.NOTED))
    if signed:
        return [(What.SIGN, signed.at.date())]
    if (Kind.NOTED, Side.MANAGER) in held or today > last - AHEAD:
        return [(What.CLOSE, last)]
    return [(What.NOTE, min(first + (last - first) / 2, noted.at.date() if noted else date.max))]


def _agreement(held: dict[tuple[Kind, Side], Act]) -> list[tuple[What, date]]:
    mine, theirs = (held.get((Kind.AGREED, side)) for side in (Side.MANAGER, Side.LEARNER))
    if mine is None:
        since = theirs or held.get((Kind.SHARED, Side.LEARNER))
        return [(What.AGREE, since.at.date())] if since else []
    if theirs is None:
        return []
    newer = (theirs.at, theirs.number) > (mine.at, mine.number)
    return [(What.AGREE_AGAIN, mine.at.date())] if theirs.words == mine.words or newer else []
