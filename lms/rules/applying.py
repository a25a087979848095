"""The task at work: what follows from what was handed in and what reviewers said of it; whom to remind when; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

REMINDERS = (7, 21)  # days after which somebody is reminded: the learner after passing, a reviewer after being asked
FALLBACK = 45  # days after which somebody else is asked
REMINDED_FOR = 14  # days; a worker that was away for longer reminds nobody of that day any more
MOST_FILES = 3
MOST_WORDS, MOST_SITUATION, MOST_LINK, MOST_COMMENT = 4000, 80, 500, 1000


class Evidence(StrEnum):
    """What a learner can hand in, as course.yaml names it."""

    TEXT = "text"
    FILE = "file"
    LINK = "link"
    OBSERVATION = "observation"


class Side(StrEnum):
    """Whose word it is: of the learner's own side, which certifies, or of the other side, which adds its voice."""

    OWN = "own"
    OTHER = "other"


class As(StrEnum):
    """In which role somebody reviews."""

    LINE_MANAGER = "line_manager"  # for partner staff: the supervisor whom the reporting line names
    DEPUTY = "deputy"  # who stands in for the line manager
    REVIEWER = "reviewer"  # whom a reviewer, HR or the time that passed has asked instead
    PEER = "peer"  # of the learner's own partner organisation, named by the learner
    OTHER_SIDE = "other_side"


class Cause(StrEnum):
    """Why somebody was asked."""

    HANDED_IN = "handed_in"
    PASSED_ON = "passed_on"  # by a reviewer who cannot judge
    MOVED = "moved"  # the learner has another manager now
    STAND_IN = "stand_in"  # the manager is away and has named a deputy
    FALLBACK = "fallback"  # the reviewer before did not answer in time
    HR = "hr"  # nobody could be asked, and HR named somebody


class Decision(StrEnum):
    """What a reviewer says."""

    SEEN = "seen"
    NOT_YET = "not_yet"
    PASSED_ON = "passed_on"


class State(StrEnum):
    """Where the task of a completed course stands on a date."""

    NONE = "none"  # not completed, or the course asks for no task
    DUE = "due"
    OVERDUE = "overdue"
    RETURNED = "returned"  # the reviewer said "not yet", or a confirmation was withdrawn
    HANDED_IN = "handed_in"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class DecisionFact:
    """What a reviewer of the learner's own side said, perhaps withdrawn since."""

    decided_at: datetime
    decision: str
    role: str = As.LINE_MANAGER
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class HandInFact:
    """Something handed in, the first, second, ... of its completion."""

    number: int
    handed_in_at: datetime
    decisions: tuple[DecisionFact, ...] = ()


@dataclass(frozen=True)
class Application:
    """What holds now: at most one of the three dates leads."""

    handed_in_on: date | None = None  # it waits for a reviewer, or was confirmed
    returned_on: date | None = None  # the learner is to hand in again
    certified_on: date | None = None
    confirmed_as: str = ""  # the role of whoever confirmed it


def apply(hand_ins: Sequence[HandInFact]) -> Application:
    """What follows from the facts of one completion, in whatever order they arrive."""
    seen = [(d.decided_at, d.role, h) for h in hand_ins for d in h.decisions if _confirms(d)]
    if seen:
        decided_at, role, hand_in = min(seen, key=lambda one: (one[0], one[1], one[2].number))
        return Application(hand_in.handed_in_at.date(), None, decided_at.date(), role)
    last = max(hand_ins, key=lambda one: one.number, default=None)
    if last is None:
        return Application()
    back = [d.withdrawn_at or d.decided_at for d in last.decisions if d.decision != Decision.PASSED_ON]
    if back:
        return Application(returned_on=max(back).date())
    return Application(handed_in_on=last.handed_in_at.date())


def _confirms(decision: DecisionFact) -> bool:
    return decision.decision == Decision.SEEN and decision.withdrawn_at is None


class Step(StrEnum):
    """What a day brings to a request that nobody answered."""

    NOTHING = "nothing"
    STAND_IN = "stand_in"  # the line manager who was asked is away
    MOVE = "move"  # whoever was asked may not answer any more
    FALLBACK = "fallback"
    REMIND = "remind"


def next_step(asked_on: date, on: date, *, still_holds: bool, is_away: bool = False) -> tuple[Step, int]:
    """What to do about an open request of the own side, and for a reminder after how many days it is."""
    if not still_holds:
        return Step.MOVE, 0
    if is_away:
        return Step.STAND_IN, 0
    if on >= asked_on + timedelta(days=FALLBACK):
        return Step.FALLBACK, 0
    reminder = reminder_on(asked_on, on)
    return (Step.REMIND, reminder) if reminder else (Step.NOTHING, 0)


def reminder_on(since: date, on: date) -> int:
    """Which of REMINDERS is due on a day; 0 for none, and for one that is long over."""
    passed = [days for days in REMINDERS if since + timedelta(days=days) <= on]
    if not passed or on >= since + timedelta(days=passed[-1] + REMINDED_FOR):
        return 0
    return passed[-1]
