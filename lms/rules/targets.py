"""The level that somebody aims at in each competency, and where the target comes from.

What was set for the person wins over the profile of their post. A profile that is offered sets no target until the
person takes it. (domain/framework.md: partner targets are offered, never imposed.)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.rules.frameworks import Moves, follow, move_targets


class Source(StrEnum):
    """Where a target comes from, or why there is none."""

    PROFILE = "profile"  # of the post
    SET = "set"  # for the person
    OFFERED = "offered"  # by the profile; not answered yet, so no target
    TAKEN = "taken"  # offered, and the person took it
    DECLINED = "declined"  # offered, and the person did not take it
    NOTHING = "nothing"  # the profile names none


@dataclass(frozen=True)
class Setting:
    """A target that somebody set for the person; level 0 is none, no level leads back to the profile."""

    competency: str
    level: int | None
    by: str
    on: date
    reason: str  # "" where the words were erased


@dataclass(frozen=True)
class Target:
    """What the person aims at; `level` is what counts, `profile` what the post's profile names."""

    level: int | None
    source: Source
    profile: int | None = None
    setting: Setting | None = None


NO_TARGET = Target(None, Source.NOTHING)


def targets_of(
    role: Mapping[str, Any] | None, taken: bool | None, settings: Iterable[Setting], moves: Moves
) -> dict[str, Target]:
    """The targets by competency, of whichever something is known; `taken` answers an offer, None is no answer yet.

    Of several settings of a competency the last counts; codes that moved are read through the mapping.
    """
    named = move_targets(role["targets"], moves) if role else {}
    found = {code: _of_profile(level, bool(role and role["offered"]), taken) for code, level in named.items()}
    for setting in settings:
        for code in follow(setting.competency, moves):
            level = named.get(code)
            if setting.level is not None:
                found[code] = Target(setting.level or None, Source.SET, level, setting)
            elif level is not None:
                found[code] = _of_profile(level, bool(role and role["offered"]), taken)
            else:
                found.pop(code, None)
    return found


def _of_profile(level: int, offered: bool, taken: bool | None) -> Target:
    if not offered:
        return Target(level, Source.PROFILE, level)
    if taken is None:
        return Target(None, Source.OFFERED, level)
    return Target(level, Source.TAKEN, level) if taken else Target(None, Source.DECLINED, level)


def gap(target: int | None, level: int) -> int:
    """How many levels are missing to the target."""
    return max(0, (target or 0) - level)


def role_of(
    kind: str, role_profile: str | None, function: str | None, roles: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The profile named for the post, else the one for its function, else the one for everyone.

    `kind` is that of the person: "staff", "partner_staff" or "associate".
    """
    for role in roles["roles"]:
        if role_profile and role["code"] == role_profile:
            return dict(role)
    audience = "partner_staff" if kind == "partner_staff" else "staff"
    for role in roles["roles"]:
        if function in role["functions"] and role["audience"] in (audience, "everyone"):
            return dict(role)
    return next((dict(role) for role in roles["roles"] if role["audience"] == "everyone"), None)
