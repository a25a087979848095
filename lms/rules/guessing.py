"""How far a quiz can be answered by looks alone: the strategies of somebody who knows nothing, and what is too much.

A strategy weighs the texts of a question as they are shown; what weighs most is chosen. Ties are broken by chance.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

TOO_FAR = 10  # points above chance
TOO_OFTEN = 5  # percent of the draws that pass
WORTH_A_LOOK = 5  # points above chance, from which the questions are named
MOSTLY = 75  # percent of a question's mark

Weigh = Callable[[str, Sequence[str]], list[tuple[float, float]]]
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4  # letters of a word whose return from the stem catches the eye


@dataclass(frozen=True)
class Played:
    """What a strategy did in one quiz in one language; shares in percent.

    right, chance: the mean mark over the questions that can be answered by choosing, by this strategy and by chance.
    passed: how many of the draws pass.
    names: the questions that it mostly gets right.
    """

    course: str
    language: str
    strategy: str
    right: float
    chance: float
    passed: float
    names: tuple[str, ...]

    @property
    def is_fault(self) -> bool:
        """Whether looks give too much away."""
        return self.right - self.chance >= TOO_FAR or self.passed > TOO_OFTEN

    @property
    def is_worth_a_look(self) -> bool:
        """Whether the author should see which questions it gets right."""
        return self.is_fault or self.right - self.chance >= WORTH_A_LOOK


def weigher(strategy: str, hedges: Collection[str], random: Random) -> Weigh:
    """How a strategy of STRATEGIES weighs texts (HTML); `hedges` are a language's careful words."""
    like = _LIKINGS[strategy]

    def weigh(stem: str, texts: Sequence[str]) -> list[tuple[float, float]]:
        return [(weight, random.random()) for weight in like(stem, texts, hedges)]

    return weigh


def _longest(_stem: str, texts: Sequence[str], _hedges: Collection[str]) -> list[float]:
    return [len(plain(text)) for text in texts]


def _shortest(_stem: str, texts: Sequence[str], _hedges: Collection[str]) -> list[float]:
    return [-len(plain(text)) for text in texts]


def _most_hedged(_stem: str, texts: Sequence[str], hedges: Collection[str]) -> list[float]:
    return [sum(word in hedges for word in _words(text)) for text in texts]


def _like_the_stem(stem: str, texts: Sequence[str], _hedges: Collection[str]) -> list[float]:
    wanted = _telling(stem)
    return [len(wanted & _telling(text)) for text in texts]


def _middle(_stem: str, texts: Sequence[str], _hedges: Collection[str]) -> list[float]:
    return [-abs(place - (len(texts) - 1) / 2) for place in range(len(texts))]


def _random(_stem: str, texts: Sequence[str], _hedges: Collection[str]) -> list[float]:
    return [0.0 for _ in texts]


CHANCE = "random"
_LIKINGS: dict[str, Callable[[str, Sequence[str], Collection[str]], list[float]]] = {
    "longest": _longest,
    "shortest": _shortest,
    "most hedged": _most_hedged,
    "like the stem": _like_the_stem,
    "middle": _middle,
    CHANCE: _random,
}
STRATEGIES = tuple(_LIKINGS)


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """The words that a page shows for a piece of HTML."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


@lru_cache(maxsize=10_000)
def _words(text: str) -> tuple[str, ...]:
    """In small letters, without the signs that Arabic may set above and below its letters."""
    letters = unicodedata.normalize("NFC", plain(text).casefold())
    return tuple(_WORD.findall("".join(sign for sign in letters if unicodedata.category(sign) != "Mn")))


@lru_cache(maxsize=10_000)
def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in _words(text) if len(word) >= _SHORTEST)
