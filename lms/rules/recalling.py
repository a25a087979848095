"""What follows when a question was marked by a wrong key: which result stands, and what becomes of completions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Protocol


class Kind(StrEnum):
    """How a recalled question is marked."""

    KEY = "key"  # by the key of another version of the course
    CREDIT = "credit"  # everybody earns the whole mark
    DROP = "drop"  # it is left out of the total


class Act(StrEnum):
    """What HR decides."""

    APPLIED = "applied"
    REFUSED = "refused"
    UNDONE = "undone"


class Policy(StrEnum):
    """For whom a new mark takes the place of the old one."""

    NEVER_WORSEN = "never_worsen"
    AS_MARKED = "as_marked"


class Earned(Protocol):
    """What an attempt earned: a stored result, or a grade."""

    @property
    def score(self) -> int: ...
    @property
    def possible(self) -> int: ...
    @property
    def passed(self) -> bool: ...


def rank(earned: Earned) -> tuple[bool, Fraction]:
    """Passing comes before the share of the marks."""
    return earned.passed, Fraction(earned.score, earned.possible)


def takes_its_place(before: Earned, after: Earned, policy: Policy) -> bool:
    """Whether a result that was marked anew stands from now on."""
    if policy is Policy.AS_MARKED or rank(after) > rank(before):
        return True
    # The same of another total would be less, were something else undone.
    return rank(after) == rank(before) and after.possible == before.possible


@dataclass(frozen=True)
class Tried:
    """An attempt of an enrolment that is handed in; `passed` as its current result says."""

    id: int
    started_at: datetime
    passed: bool


@dataclass(frozen=True)
class Completed:
    """A completion by an attempt, and whether and why it is withdrawn."""

    id: int
    attempt_id: int
    withdrawn: bool = False
    by_recall: bool = False  # withdrawn because its attempt was marked again, and not by somebody's judgement
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Follow:
    """What brings the completions of an enrolment in line with its results; at most one of the last two."""

    withdraw: tuple[int, ...] = ()  # completions
    reinstate: int | None = None  # a completion
    complete: int | None = None  # an attempt


def follow(attempts: Sequence[Tried], completions: Sequence[Completed]) -> Follow:
    """What has to happen: nobody is completed by an attempt that is not passed, and somebody who passed is completed.

    What a person withdrew stays withdrawn, and attempts from before that do not complete the course any more.
    """
    passed = {attempt.id for attempt in attempts if attempt.passed}
    live = [completion for completion in completions if not completion.withdrawn]
    gone = tuple(completion.id for completion in live if completion.attempt_id not in passed)
    judged = _last_judgement(completions)
    by_attempt = {completion.attempt_id: completion for completion in completions}
    left = [completion.id for completion in live if completion.id not in gone]
    for attempt in sorted(attempts, key=lambda attempt: attempt.started_at):
        completion = by_attempt.get(attempt.id)
        if not attempt.passed or (judged and attempt.started_at <= judged):
            continue
        if completion is None:
            if not left:
                return Follow(gone, complete=attempt.id)
        elif not completion.withdrawn:
            return Follow(gone)
        elif completion.by_recall:  # it was there first: a later one gives way
            return Follow((*gone, *left), reinstate=completion.id)
    return Follow(gone)


def _last_judgement(completions: Iterable[Completed]) -> datetime | None:
    judged = [c.withdrawn_at for c in completions if c.withdrawn and not c.by_recall and c.withdrawn_at]
    return max(judged, default=None)
