"""Draws the questions of an attempt from the pools; the same seed gives the same draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Pool:
    """Question ids, and how many of them an attempt gets."""

    draw: int
    questions: tuple[int, ...]


def draw(pools: Sequence[Pool], random: Random, seen: Mapping[int, int] | None = None) -> list[int]:
    """The drawn question ids in a shuffled order.

    `seen` counts how often the learner has met a question: the least seen are drawn first.
    """
    seen = seen or {}
    chosen: list[int] = []
    for pool in pools:
        candidates = sorted(pool.questions)
        random.shuffle(candidates)
        candidates.sort(key=lambda question: seen.get(question, 0))
        chosen += candidates[: pool.draw]
    random.shuffle(chosen)
    return chosen
