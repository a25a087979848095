"""Draws names from many cultures and scripts, each with an address in ASCII."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from lms.demonstration.cultures import CULTURES, Culture

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ə": "e", "æ": "ae", "'": "", "’": ""})
_LOCAL = {country: culture for culture in CULTURES for country in culture.countries.split()}


@dataclass(frozen=True)
class Name:
    """A name as HR writes it, the form that the person prefers where that differs, and the address before the @."""

    given: str
    family: str
    preferred: str
    local: str
    language: str


class NameBook:
    """Draws names, culture after culture; no two addresses are the same."""

    def __init__(self, random: Random, taken: Iterable[str] = ()) -> None:
        self._random = random
        self._round: list[Culture] = []
        self._used: Counter[str] = Counter(taken)

    def draw(self, country: str = "") -> Name:
        """A name of the country, or of anywhere; new, as long as there are new ones, then the address is numbered."""
        culture = _LOCAL.get(country) or self._next()
        for _ in range(8):
            given, family = self._part(culture.given), self._part(culture.family)
            local = ".".join(latin for _, latin in (given, family) if latin)
            if not self._used[local]:
                break
        self._used[local] += 1
        number = str(self._used[local]) if self._used[local] > 1 else ""
        preferred = f"{family[0]}{culture.joint}{given[0]}" if culture.family_first else ""
        return Name(given[0], family[0], preferred, local + number, culture.language)

    def _next(self) -> Culture:
        if not self._round:
            self._round = self._random.sample(CULTURES, len(CULTURES))
        return self._round.pop()

    def _part(self, names: str) -> tuple[str, str]:
        if not names:
            return "", ""
        written, _, latin = self._random.choice(names.split()).partition(":")
        return written.replace("_", " "), latin or _ascii(written)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return "".join(char for char in plain if char.isascii() and char.isalpha())
