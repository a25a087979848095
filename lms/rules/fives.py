"""Counts of groups of people: a group under five is never shown by itself, and cannot be worked out from the others."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

FEWEST = 5
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Fives:
    """Which groups are shown each by itself, and which are counted together as others, if at all."""

    shown: tuple[Hashable, ...]
    others: tuple[Hashable, ...]
    others_are_shown: bool


def of_five(sizes: Mapping[Key, int], *, people_may_repeat: bool = False) -> Fives:
    """Sort groups by how many people are in each; `sizes` keeps its order.

    Groups under five join the others. One alone there would be the total less all that is shown, and others of
    fewer than five people would be a small group again: the next smallest is hidden too, until neither is so. Where
    one person may be in several groups (courses), others count as many people as their largest group for sure.
    """
    hidden = {key for key, size in sizes.items() if size < FEWEST}
    while hidden and len(hidden) < len(sizes) and (len(hidden) < 2 or _people(sizes, hidden, people_may_repeat) < 5):
        hidden.add(min((key for key in sizes if key not in hidden), key=lambda key: sizes[key]))
    return Fives(
        tuple(key for key in sizes if key not in hidden),
        tuple(key for key in sizes if key in hidden),
        bool(hidden) and _people(sizes, hidden, people_may_repeat) >= FEWEST,
    )


def _people(sizes: Mapping[Key, int], hidden: set[Key], may_repeat: bool) -> int:
    counts = [sizes[key] for key in hidden]
    return max(counts, default=0) if may_repeat else sum(counts)
