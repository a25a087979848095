"""What is asked of somebody, and until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

# Who comes into a unit after the date that was set for everybody gets this long.
NEWCOMERS_HAVE = timedelta(days=28)


def due_for(due_on: date | None, asked_on: date) -> date | None:
    """The due date of the assignment; once it has passed, 28 days from the day on which it is asked."""
    if due_on is None or due_on >= asked_on:
        return due_on
    return asked_on + NEWCOMERS_HAVE


class Order(StrEnum):
    """How the courses of a rule are asked."""

    ALL = "all"  # at once
    IN_ORDER = "in_order"  # each once those before it are completed
    SOME = "some"  # until so many of them are completed


class Due(StrEnum):
    """From where the days until the due date are counted."""

    NEVER = "never"
    FIXED = "fixed"  # one date for everybody
    JOINED = "joined"  # so many days after the person joined
    MATCHED = "matched"  # so many days after the rule first meant the person


@dataclass(frozen=True)
class Terms:
    """What a rule asks of whom it means. `courses` are codes in their order."""

    courses: tuple[str, ...]
    order: Order = Order.ALL
    at_least: int = 0  # of Order.SOME
    due: Due = Due.NEVER
    due_on: date | None = None  # of Due.FIXED
    days: int = 0  # of Due.JOINED and Due.MATCHED
    grace_days: int = 0  # after the due date, until it is overdue
    mandatory: bool = True


def asked(terms: Terms, done: Collection[str]) -> list[str]:
    """The courses that are asked now of somebody who has completed some; what is completed stays asked."""
    if terms.order is Order.IN_ORDER:
        left = next((n for n, code in enumerate(terms.courses) if code not in done), len(terms.courses))
        return list(terms.courses[: left + 1])
    completed = [code for code in terms.courses if code in done]
    if terms.order is Order.SOME and len(completed) >= terms.at_least:
        return completed
    return list(terms.courses)


def due_day(terms: Terms, joined_on: date | None, matched_on: date) -> date | None:
    """The due date for somebody whom the rule first meant on a day; where it had passed then, as many days from it."""
    span = timedelta(days=terms.days)
    if terms.due is Due.NEVER:
        return None
    if terms.due is Due.FIXED:
        return due_for(terms.due_on, matched_on)
    planned = (joined_on or matched_on) + span if terms.due is Due.JOINED else matched_on + span
    return planned if planned >= matched_on else matched_on + span


def due_again(terms: Terms, asked_on: date) -> date | None:
    """The due date of who has let a completion run out: the days of the rule, or those that newcomers have."""
    if terms.due is Due.NEVER:
        return None
    return asked_on + (NEWCOMERS_HAVE if terms.due is Due.FIXED else timedelta(days=terms.days))


def terms_as_json(terms: Terms) -> dict[str, Any]:
    """What a version of a rule keeps."""
    return {
        **vars(terms), "courses": list(terms.courses), "due_on": terms.due_on.isoformat() if terms.due_on else None,
    }  # fmt: skip


def read_terms(kept: Mapping[str, Any]) -> Terms:
    """What `terms_as_json` wrote."""
    due_on = date.fromisoformat(kept["due_on"]) if kept["due_on"] else None
    own = {"courses": tuple(kept["courses"]), "order": Order(kept["order"]), "due": Due(kept["due"]), "due_on": due_on}
    return Terms(**{**kept, **own})
