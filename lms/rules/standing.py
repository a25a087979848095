"""Where an enrolment stands: the dates that follow from its facts, and the status on a date that follows from them.

The same status is written as SQL in `lms.models.standing`; a property test holds the two equal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.rules import applying
from lms.rules.pausing import Pause, put_off

RENEWAL_NOTICE = timedelta(days=60)


class Status(StrEnum):
    """The states of domain/hr-export.md, column `status`."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CERTIFIED = "certified"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


WAITING = (Status.ASSIGNED, Status.IN_PROGRESS, Status.WITHDRAWN)


class RenewalState(StrEnum):
    """Whether and when a completion has to be renewed."""

    NONE = "none"
    CURRENT = "current"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class AssignmentFact:
    """A demand that the course be taken, perhaps taken back."""

    assigned_at: datetime
    due_on: date | None
    mandatory: bool
    reason: str
    withdrawn_at: datetime | None = None
    grace_days: int = 0


@dataclass(frozen=True)
class AttemptFact:
    """A try; percent and passed are None while it is open."""

    started_at: datetime
    percent: int | None = None
    passed: bool | None = None


@dataclass(frozen=True)
class CompletionFact:
    """A completion, perhaps withdrawn."""

    effective_at: datetime
    version_id: int
    percent: int | None  # None for who completed by taking part
    language: str = "en"
    expires_on: date | None = None
    application_due_on: date | None = None
    withdrawn_at: datetime | None = None
    hand_ins: tuple[applying.HandInFact, ...] = ()


@dataclass(frozen=True)
class EnrolmentFacts:
    """Everything that is known of one enrolment, in the order of time."""

    enrolled_at: datetime
    own_choice: bool
    started_at: datetime | None = None
    assignments: tuple[AssignmentFact, ...] = ()
    attempts: tuple[AttemptFact, ...] = ()
    completions: tuple[CompletionFact, ...] = ()
    waived_at: datetime | None = None  # by the last waiver that was not taken back
    pauses: tuple[Pause, ...] = ()  # leave, during which the clock of due dates stands still


@dataclass(frozen=True)
class Standing:
    """The dates at which an enrolment becomes this or that."""

    assigned_on: date
    reason: str
    mandatory: bool = False
    due_on: date | None = None
    late_after: date | None = None  # the last day on which it is not overdue: the due date and its grace
    started_on: date | None = None
    completed_on: date | None = None
    application_due_on: date | None = None
    handed_in_on: date | None = None
    returned_on: date | None = None
    certified_on: date | None = None
    confirmed_as: str = ""  # the role of whoever confirmed the task at work
    expires_on: date | None = None
    waived_on: date | None = None
    withdrawn_on: date | None = None
    version_id: int | None = None
    language: str = ""  # in which the course was completed
    score_percent: int | None = None
    attempts: int = 0


def derive(facts: EnrolmentFacts) -> Standing:
    """The standing that follows from the facts; the order in which they were recorded does not matter."""
    asked = [fact for fact in facts.assignments if fact.withdrawn_at is None]
    live = max((c for c in facts.completions if c.withdrawn_at is None), key=lambda c: c.effective_at, default=None)
    begun = [fact.started_at for fact in facts.attempts] + ([facts.started_at] if facts.started_at else [])
    # Who was asked and never began did not choose the course: the demand that was taken back is its reason.
    told = asked or ([] if facts.own_choice or begun else list(facts.assignments))
    first = min(told, key=lambda fact: (fact.assigned_at, fact.reason), default=None)
    task = applying.apply(live.hand_ins) if live else applying.Application()
    dues = list(_dues(asked, facts.pauses))
    marked = [a for a in sorted(_attempts_that_stand(facts), key=lambda a: a.started_at) if a.percent is not None]
    return Standing(
        assigned_on=(first.assigned_at if first else facts.enrolled_at).date(),
        reason=first.reason if first else "own_choice",
        mandatory=any(fact.mandatory for fact in asked),
        due_on=min((due for due, _ in dues), default=None),
        late_after=min((due + timedelta(grace_days) for due, grace_days in dues), default=None),
        started_on=min(begun).date() if begun else None,
        completed_on=live.effective_at.date() if live else None,
        application_due_on=put_off(live.application_due_on, live.effective_at.date(), facts.pauses) if live else None,
        handed_in_on=task.handed_in_on,
        returned_on=task.returned_on,
        certified_on=task.certified_on,
        confirmed_as=task.confirmed_as,
        expires_on=live.expires_on if live else None,
        waived_on=facts.waived_at.date() if facts.waived_at else None,
        withdrawn_on=_withdrawn_on(facts),
        version_id=live.version_id if live else None,
        language=live.language if live else "",
        score_percent=live.percent if live else marked[-1].percent if marked else None,
        attempts=len(facts.attempts),
    )


def _dues(asked: Sequence[AssignmentFact], pauses: Sequence[Pause]) -> Iterator[tuple[date, int]]:
    """The due dates as leave has moved them, each with its days of grace."""
    for fact in asked:
        due_on = put_off(fact.due_on, fact.assigned_at.date(), pauses)
        if due_on:
            yield due_on, fact.grace_days


def _attempts_that_stand(facts: EnrolmentFacts) -> list[AttemptFact]:
    """Those after the last withdrawal: a mark that was withdrawn is nobody's score, and no failure either."""
    withdrawn = [c.withdrawn_at for c in facts.completions if c.withdrawn_at]
    return [a for a in facts.attempts if not withdrawn or a.started_at > max(withdrawn)]


def _withdrawn_on(facts: EnrolmentFacts) -> date | None:
    """The date of the last word, where that was a withdrawal: of the only completion, or of every demand."""
    if facts.completions:
        withdrawn = [c.withdrawn_at for c in facts.completions if c.withdrawn_at]
        if len(withdrawn) < len(facts.completions):
            return None
        last = max(withdrawn)
        later = [attempt.started_at for attempt in facts.attempts]
        later += [fact.assigned_at for fact in facts.assignments if fact.withdrawn_at is None]
        return None if any(moment > last for moment in later) else last.date()
    taken_back = [fact.withdrawn_at for fact in facts.assignments if fact.withdrawn_at]
    untouched = not facts.own_choice and facts.started_at is None and not facts.attempts
    if untouched and taken_back and len(taken_back) == len(facts.assignments):
        return max(taken_back).date()
    return None


def _reached(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def status(standing: Standing, on: date) -> Status:
    """The status on a date."""
    if _reached(standing.waived_on, on):
        return Status.WAIVED
    if _reached(standing.completed_on, on):
        if _reached(standing.expires_on, on):
            return Status.EXPIRED
        return Status.CERTIFIED if _reached(standing.certified_on, on) else Status.COMPLETED
    if _reached(standing.withdrawn_on, on):
        return Status.WITHDRAWN
    return Status.IN_PROGRESS if _reached(standing.started_on, on) else Status.ASSIGNED


def is_overdue(standing: Standing, on: date) -> bool:
    """Asked for, not done (or withdrawn while it is still asked for), and the due date and its grace are over."""
    waiting = status(standing, on) in WAITING
    return waiting and standing.late_after is not None and standing.late_after < on


def application_state(standing: Standing, on: date) -> applying.State:
    """Where the task at work stands; what expired, was withdrawn or waived asks for none."""
    now = status(standing, on)
    if standing.application_due_on is None or now not in (Status.COMPLETED, Status.CERTIFIED):
        return applying.State.NONE
    if now is Status.CERTIFIED:
        return applying.State.CONFIRMED
    if _reached(standing.handed_in_on, on):
        return applying.State.HANDED_IN
    if _reached(standing.returned_on, on):
        return applying.State.RETURNED
    return applying.State.OVERDUE if standing.application_due_on < on else applying.State.DUE


def renewal_state(standing: Standing, on: date) -> RenewalState:
    """Whether what was completed runs out."""
    if not _reached(standing.completed_on, on) or standing.expires_on is None:
        return RenewalState.NONE
    if on >= standing.expires_on:
        return RenewalState.OVERDUE
    return RenewalState.DUE_SOON if on >= standing.expires_on - RENEWAL_NOTICE else RenewalState.CURRENT


def is_refreshable(standing: Standing, on: date) -> bool:
    """Whether what was completed counts still, and runs out within the notice."""
    counts = status(standing, on) in (Status.COMPLETED, Status.CERTIFIED)
    return counts and renewal_state(standing, on) is RenewalState.DUE_SOON
