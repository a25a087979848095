"""Whom a rule of assignment means: conditions on a person's post, and which of them fail.

The same is written as SQL in `lms.models.audiences`; a property test holds the two equal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any


class Condition(StrEnum):
    """What may keep somebody out of a rule."""

    POST = "post"  # no post is held on the day
    UNIT = "unit"
    KIND = "kind"
    FUNCTION = "function"
    PROFILE = "profile"
    PARTNER_TYPE = "partner_type"
    TAG = "tag"
    JOINED_FROM = "joined_from"
    JOINED_BEFORE = "joined_before"


@dataclass(frozen=True)
class Conditions:
    """All of them have to hold; of a list one entry is enough, and an empty list asks for nothing.

    `unit_path` is that of a unit: it and all below.
    """

    unit_path: str = "/"
    kinds: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    partner_types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # of the unit itself
    joined_from: date | None = None
    joined_before: date | None = None


@dataclass(frozen=True)
class Attributes:
    """What is known of somebody and their latest post. `profile` is the one that holds (rules.targets.role_of)."""

    kind: str
    unit_path: str = ""
    function: str = ""
    profile: str = ""
    partner_types: str = ""  # separated by ";", as they are kept
    tags: str = ""
    started_on: date | None = None  # None: there is no post
    ended_on: date | None = None
    joined_on: date | None = None


def joined_on(posts: Iterable[tuple[date, date | None]]) -> date | None:
    """Since when somebody is here without a break: the last start of a post that no earlier one reaches."""
    known = list(posts)
    starts = [
        start for start, _ in known
        if not any(other < start and (end is None or end >= start) for other, end in known)
    ]  # fmt: skip
    return max(starts, default=None)


def failing(wanted: Conditions, who: Attributes, on: date) -> list[Condition]:
    """The conditions that do not hold on the day, in their order; none where the rule means this person."""
    held = who.started_on is not None and who.started_on <= on and (who.ended_on is None or who.ended_on > on)
    joined = who.joined_on or date.min  # who has a post has joined
    holds = {
        Condition.POST: held,
        Condition.UNIT: who.unit_path.startswith(wanted.unit_path),
        Condition.KIND: not wanted.kinds or who.kind in wanted.kinds,
        Condition.FUNCTION: not wanted.functions or who.function in wanted.functions,
        Condition.PROFILE: not wanted.profiles or who.profile in wanted.profiles,
        Condition.PARTNER_TYPE: _has_one(who.partner_types, wanted.partner_types),
        Condition.TAG: _has_one(who.tags, wanted.tags),
        Condition.JOINED_FROM: wanted.joined_from is None or wanted.joined_from <= joined,
        Condition.JOINED_BEFORE: wanted.joined_before is None or joined < wanted.joined_before,
    }
    return [condition for condition, is_met in holds.items() if not is_met]


def _has_one(kept: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or bool(set(kept.split(";")) & set(wanted))


def as_json(wanted: Conditions) -> dict[str, Any]:
    """The conditions that are set, as a version of a rule keeps them; the unit stands beside them."""
    found: dict[str, Any] = {}
    for field in fields(wanted):
        value = getattr(wanted, field.name)
        if value and field.name != "unit_path":
            found[field.name] = value.isoformat() if isinstance(value, date) else list(value)
    return found


def read_conditions(unit_path: str, kept: Mapping[str, Any]) -> Conditions:
    """What `as_json` wrote, of a unit."""
    read: dict[str, Any] = {"unit_path": unit_path}
    for name, value in kept.items():
        read[name] = date.fromisoformat(value) if isinstance(value, str) else tuple(value)
    return Conditions(**read)
