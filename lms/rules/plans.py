"""Development plans: their cycle, and when an item is closed, by what.

What closes an item follows from the facts alone, whatever the order in which they arrive.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from lms.rules.levels import Rule, Verdict, explain, level_on
from lms.rules.needs import Proof
from lms.rules.renewal import add_months


class Condition(StrEnum):
    """What closes an item."""

    COMPLETED = "completed"  # the course
    CERTIFIED = "certified"  # the course: its task at work is confirmed, whenever
    ATTENDED = "attended"  # the course: somebody recorded that the person took part in its session
    LEVEL = "level"  # of a competency is reached
    TASK = "task"  # for a competency is confirmed, in the cycle
    SIGNED = "signed"  # by hand


# The conditions that a kind of item can have; the first is the usual one.
CONDITIONS: dict[str, tuple[Condition, ...]] = {
    "experience": (Condition.SIGNED, Condition.TASK, Condition.LEVEL),
    "people": (Condition.SIGNED, Condition.TASK, Condition.LEVEL),
    "course": (Condition.COMPLETED, Condition.CERTIFIED, Condition.ATTENDED),
}


@dataclass(frozen=True)
class Seen:
    """A fact that closes an item while it stands: a completion, a certified course, a confirmed task, a session."""

    ref: str
    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Signature:
    """The item signed as done, or the signature taken back."""

    signed_at: datetime
    done: bool
    number: int = 0  # of its record: of two at one moment the higher is the later


@dataclass(frozen=True)
class ItemState:
    """Whether an item is closed, since when and by which records; or when it was opened again."""

    closed_at: datetime | None = None
    records: tuple[str, ...] = ()
    reopened_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """Nothing is left to do."""
        return self.closed_at is not None


def seen_state(facts: Sequence[Seen]) -> ItemState:
    """An item is closed while a fact stands; the earliest one is shown."""
    standing = [fact for fact in facts if fact.withdrawn_at is None]
    if standing:
        first = min(standing, key=lambda fact: (fact.at, fact.ref))
        return ItemState(first.at, (first.ref,))
    return ItemState(reopened_at=max((fact.withdrawn_at for fact in facts if fact.withdrawn_at), default=None))


def signed_state(signatures: Sequence[Signature]) -> ItemState:
    """An item that is closed by hand follows the last signature."""
    if not signatures:
        return ItemState()
    last = max(signatures, key=lambda signature: (signature.signed_at, signature.number))
    return ItemState(last.signed_at) if last.done else ItemState(reopened_at=last.signed_at)


def level_state(proofs: Sequence[Proof], wanted: int, on: date, rule: Rule) -> ItemState:
    """An item is closed while the level is reached, since the day from which it is without a break.

    Shown is the evidence without which the level would be lower; where each piece could be spared, all that counts.
    """
    ends = [day for proof in proofs for day in (proof.effective_on, proof.expires_on, proof.withdrawn_on) if day]
    since = fell = None
    for day in sorted({day for day in ends if day <= on}):
        if level_on(proofs, day, rule) < wanted:
            fell = day if since else fell
            since = None
        else:
            since = since or day
    if since is None:
        return ItemState(reopened_at=midnight(fell) if fell else None)
    judged = explain(proofs, on, rule).judged
    needed = tuple(one.proof.ref for one in judged if one.verdict is Verdict.NEEDED)
    counting = tuple(one.proof.ref for one in judged if one.verdict is Verdict.SUPPORTS)
    return ItemState(midnight(since), needed or counting)


def midnight(day: date) -> datetime:
    """The first moment of a day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def next_cycle(today: date, starts: str, former_end: date | None) -> tuple[date, date]:
    """First and last day of a plan that is begun today; it begins after the former one has ended, where that was in
    the midst of the year: with another unit the year may be another."""
    first, last = cycle(today, starts)
    return (former_end + timedelta(days=1), last) if former_end and first <= former_end < today else (first, last)


def cycle(today: date, starts: str) -> tuple[date, date]:
    """First and last day of the plan year that holds `today`; `starts` is "MM-DD" (02-29: else the 28th)."""
    leap_start = date.fromisoformat(f"2000-{starts}")
    year = today.year if _in_year(leap_start, today.year) <= today else today.year - 1
    return _in_year(leap_start, year), _in_year(leap_start, year + 1) - timedelta(days=1)


def _in_year(leap_start: date, year: int) -> date:
    return add_months(leap_start, 12 * (year - leap_start.year))
