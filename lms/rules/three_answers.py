"""Three questions about a person and a course, each with an answer of its own; pure.

Was it ever achieved? Does it count on this day? May it be taken now? Nothing that changes stands behind them: each
follows from the standings of the person's periods of the course, the oldest first, and the day.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.rules.standing import Standing, Status, is_refreshable, status


class Start(StrEnum):
    """Whether a course may be taken now, and if not, why. Attempts at its quiz are counted beside it."""

    YES = "yes"
    NOT_OPEN = "not_open"  # not meant for people like them, and not asked of them
    DONE = "done"  # it counts, and does not run out soon
    WAIVED = "waived"
    PREREQUISITES = "prerequisites"


@dataclass(frozen=True)
class Answers:
    """The three answers on a day."""

    achieved_on: date | None  # the first day on which it was; None: never
    is_valid: bool
    valid_until: date | None  # the first day on which it no longer counts; None where it does not, or does for ever
    start: Start
    missing: tuple[str, ...]  # courses that have to be completed before


def ever_achieved(periods: Sequence[Standing], on: date) -> date | None:
    """The first day on which a completion stood that was not withdrawn since; None for never."""
    return min((one.completed_on for one in periods if one.completed_on and one.completed_on <= on), default=None)


def valid_on(periods: Sequence[Standing], on: date) -> tuple[bool, date | None]:
    """Whether a completion counts on the day, and until before which day; None for no end."""
    ends = [one.expires_on for one in periods if one.completed_on and one.completed_on <= on]
    counting = [end for end in ends if end is None or end > on]
    return bool(counting), None if None in counting else max((end for end in counting if end), default=None)


def may_start(periods: Sequence[Standing], on: date, *, is_meant: bool, missing: Collection[str]) -> Start:
    """Whether the course may be taken on the day; `is_meant` is whether it is for people like them."""
    newest = periods[-1] if periods else None
    now = status(newest, on) if newest else None
    if not is_meant and (newest is None or (now is Status.WITHDRAWN and newest.started_on is None)):
        return Start.NOT_OPEN
    if now is Status.WAIVED:
        return Start.WAIVED
    if newest and now in (Status.COMPLETED, Status.CERTIFIED) and not is_refreshable(newest, on):
        return Start.DONE
    return Start.PREREQUISITES if missing else Start.YES


def missing(prerequisites: Sequence[str], courses: Mapping[str, Sequence[Standing]], on: date) -> tuple[str, ...]:
    """Which courses have to be completed, or waived, before; `courses` are the person's periods by code."""
    return tuple(code for code in prerequisites if not _fulfils(courses.get(code, ()), on))


def _fulfils(periods: Sequence[Standing], on: date) -> bool:
    return valid_on(periods, on)[0] or any(one.waived_on and one.waived_on <= on for one in periods)


def answer(
    code: str, courses: Mapping[str, Sequence[Standing]], on: date, *, is_meant: bool, prerequisites: Sequence[str]
) -> Answers:
    """All three, of one course among all of the person's."""
    periods, before = courses.get(code, ()), missing(prerequisites, courses, on)
    is_valid, until = valid_on(periods, on)
    start = may_start(periods, on, is_meant=is_meant, missing=before)
    return Answers(ever_achieved(periods, on), is_valid, until, start, before)
