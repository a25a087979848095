"""Draws the questions of an attempt from the pools; the same seed gives the same draw.

A pool asks for one or more shares: so many questions of its candidates each. Where shares overlap, which question
fills which is left open until all are filled (a transversal matroid): taking the questions in the order of preference,
each that can still be placed, gives a full draw wherever there is one, and the most preferred of all full draws.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Share:
    """How many questions an attempt gets of these candidates, by id."""

    count: int
    questions: tuple[int, ...]


Pool = Sequence[Share]

VARIANT = "for-"  # begins a tag that says for which function's day a question was written: "for-finance"


def is_for(tags: Collection[str], function: str) -> bool:
    """Whether a question with these tags was written for that function; nobody's is for none."""
    return bool(function) and VARIANT + function in tags


@dataclass(frozen=True)
class Wanted:
    """What a share asks of its candidates; an empty word asks nothing."""

    count: int
    tag: str = ""
    competency: str = ""
    difficulty: str = ""

    def fits(self, tags: Collection[str], competency: str, difficulty: str) -> bool:
        """Whether a question with these can be drawn for it."""
        return self.tag in ("", *tags) and self.competency in ("", competency) and self.difficulty in ("", difficulty)


@dataclass(frozen=True)
class Shortfall:
    """Shares of a pool (positions, from 0) that together ask for more questions than fit any of them."""

    shares: tuple[int, ...]
    asked: int
    there: int


def draw(
    pools: Sequence[Pool], random: Random, seen: Mapping[int, int] | None = None, last: Collection[int] = (),
    own: Collection[int] = (),
) -> list[int]:  # fmt: skip
    """The drawn question ids in a shuffled order, none twice. `last` are those of the attempt before.

    `seen` counts how often the learner has met a question: the least seen come first, those of `last` after all others.
    So a question of `last` is drawn only where none of the same share's candidates is left that was not in it. Of those
    that were met equally often, the learner's `own` come first; others fill what they leave open.
    """
    seen = seen or {}
    chosen: list[int] = []
    for pool in pools:
        candidates = sorted({question for share in pool for question in share.questions})
        random.shuffle(candidates)
        candidates.sort(key=lambda question: (question in last, seen.get(question, 0), question not in own))
        places = _Places(pool)
        chosen += [question for question in candidates if places.take(question)]
    random.shuffle(chosen)
    return chosen


def shortfall(pool: Pool) -> Shortfall | None:
    """The shares that cannot all be filled, whatever is drawn; None where every share can (Hall's condition)."""
    places = _Places(pool)
    for question in sorted({question for share in pool for question in share.questions}):
        places.take(question)
    return places.shortfall()


class _Places:
    """Which question fills which share so far; a question may move to another share to make room."""

    def __init__(self, pool: Pool) -> None:
        self._candidates = [frozenset(share.questions) for share in pool]
        self._counts = [share.count for share in pool]
        self._held: list[list[int]] = [[] for _ in pool]

    def take(self, question: int) -> bool:
        """Whether the question found a place; whatever had one keeps one."""
        return self._place(question, set())

    def _place(self, question: int, tried: set[int]) -> bool:
        shares = [i for i, fits in enumerate(self._candidates) if question in fits and i not in tried]
        for i in shares:
            if len(self._held[i]) < self._counts[i]:
                self._held[i].append(question)
                return True
        for i in shares:
            if i in tried:
                continue
            tried.add(i)
            for position, other in enumerate(self._held[i]):
                if self._place(other, tried):
                    self._held[i][position] = question
                    return True
        return False

    def shortfall(self) -> Shortfall | None:
        open_ones = [i for i, held in enumerate(self._held) if len(held) < self._counts[i]]
        if not open_ones:
            return None
        reached, waiting = {open_ones[0]}, [open_ones[0]]
        while waiting:  # every question that fits here is held: by whom, is part of the same want
            fits = self._candidates[waiting.pop()]
            owners = {i for i, held in enumerate(self._held) if i not in reached and not fits.isdisjoint(held)}
            reached |= owners
            waiting += owners
        there = frozenset[int]().union(*(self._candidates[i] for i in reached))
        return Shortfall(tuple(sorted(reached)), sum(self._counts[i] for i in reached), len(there))
