"""What was known at a moment: of all facts those that had been recorded by then, and the figure that follows from them.

Effective times say when something was true, and decide the status on a date; recorded times say since when it is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from lms.rules import applying, standing
from lms.rules.standing import Status

DONE = (Status.COMPLETED, Status.CERTIFIED)


@dataclass(frozen=True)
class Undoing:
    """A completion was withdrawn, and perhaps reinstated; `unmade` where the attempt, marked again, is not passed."""

    recorded_at: datetime
    effective_at: datetime
    unmade: bool
    reinstated_at: datetime | None


@dataclass(frozen=True)
class Made:
    """A completion with the facts of its task at work, and everything that undid it."""

    recorded_at: datetime
    fact: standing.CompletionFact
    undoings: tuple[Undoing, ...] = ()


@dataclass(frozen=True)
class Waived:
    """A waiver, perhaps taken back."""

    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class History:
    """Everything that was ever recorded of one enrolment."""

    enrolled_at: datetime
    own_choice: bool
    started_at: datetime | None = None
    demands: tuple[standing.AssignmentFact, ...] = ()
    tries: tuple[datetime, ...] = ()
    made: tuple[Made, ...] = ()
    waived: tuple[Waived, ...] = ()


def end_of(day: date) -> datetime:
    """The moment at which a day is over: what was recorded before it was known on that day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def known(history: History, until: datetime) -> standing.EnrolmentFacts | None:
    """The facts that had been recorded before a moment; None where there was no enrolment."""

    def by_then(moment: datetime | None) -> datetime | None:
        return moment if moment is not None and moment < until else None

    if by_then(history.enrolled_at) is None:
        return None
    waived = [one.at for one in history.waived if by_then(one.at) and not by_then(one.withdrawn_at)]
    return standing.EnrolmentFacts(
        enrolled_at=history.enrolled_at,
        own_choice=history.own_choice,
        started_at=by_then(history.started_at),
        assignments=tuple(
            replace(fact, withdrawn_at=by_then(fact.withdrawn_at))
            for fact in history.demands
            if by_then(fact.assigned_at)
        ),
        attempts=tuple(standing.AttemptFact(at) for at in history.tries if by_then(at)),
        completions=tuple(_completions(history.made, until)),
        waived_at=max(waived, default=None),
    )


def _completions(made: Iterable[Made], until: datetime) -> Iterable[standing.CompletionFact]:
    for one in made:
        if one.recorded_at >= until:
            continue
        undone = [
            u for u in one.undoings if u.recorded_at < until and not (u.reinstated_at and u.reinstated_at < until)
        ]
        if not any(undoing.unmade for undoing in undone):
            withdrawn_at = max((undoing.effective_at for undoing in undone), default=None)
            yield replace(one.fact, withdrawn_at=withdrawn_at, hand_ins=tuple(_hand_ins(one.fact.hand_ins, until)))


def _hand_ins(hand_ins: Iterable[applying.HandInFact], until: datetime) -> Iterable[applying.HandInFact]:
    for one in hand_ins:
        if one.handed_in_at < until:
            decisions = [
                replace(said, withdrawn_at=None) if (said.withdrawn_at or until) >= until else said
                for said in one.decisions
                if said.decided_at < until
            ]
            yield replace(one, decisions=tuple(decisions))


@dataclass(frozen=True)
class State:
    """Where an enrolment stood on a date, as it was known at a moment."""

    is_asked: bool  # somebody asks it, and it is not waived
    is_achieved: bool  # it was completed at some time, whether or not that counts still
    is_valid: bool
    is_overdue: bool
    status: str  # a Status, or "overdue"


def state(history: History, on: date, until: datetime) -> State | None:
    """None where it was not known, or not yet begun on the date."""
    facts = known(history, until)
    derived = standing.derive(facts) if facts else None
    if derived is None or derived.assigned_on > on:
        return None
    status, is_overdue = standing.status(derived, on), standing.is_overdue(derived, on)
    return State(
        derived.reason != "own_choice" and status is not Status.WAIVED,
        derived.completed_on is not None and derived.completed_on <= on,
        status in DONE, is_overdue, "overdue" if is_overdue else status.value,
    )  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """Of how many courses, each counted once for a person, what was so."""

    asked: int = 0
    achieved: int = 0
    valid: int = 0
    overdue: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(sum(pair) for pair in zip(vars(self).values(), vars(other).values(), strict=True)))


def count(states: Iterable[State | None]) -> Figures:
    """The figures of one person in one course, of all its periods."""
    asked = [one for one in states if one and one.is_asked]
    return Figures(
        int(bool(asked)), int(any(one.is_achieved for one in asked)), int(any(one.is_valid for one in asked)),
        int(any(one.is_overdue for one in asked)),
    )  # fmt: skip
