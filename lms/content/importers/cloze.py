"""Answers inside of a text, as Moodle's Cloze writes them: `{1:SHORTANSWER:=Nairobi#Right.~%50%Mombasa}`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Kind(Enum):
    """What a gap asks for."""

    WORDS = "words"
    EXACT_WORDS = "words whose capitals count"
    CHOICE = "one of a list"
    SEVERAL = "several of a list"
    NUMBER = "a number"


_TURNS = ("", "V", "H", "S", "VS", "HS")  # how a list is shown
_KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW"), Kind.WORDS),
    **dict.fromkeys(("SHORTANSWER_C", "SAC", "MWC"), Kind.EXACT_WORDS),
    **{f"MC{turn}": Kind.CHOICE for turn in _TURNS},
    **{f"MULTICHOICE_{turn}".strip("_"): Kind.CHOICE for turn in _TURNS},
    **{f"MR{turn}": Kind.SEVERAL for turn in _TURNS},
    **{f"MULTIRESPONSE_{turn}".strip("_"): Kind.SEVERAL for turn in _TURNS},
    **dict.fromkeys(("NUMERICAL", "NM"), Kind.NUMBER),
}
_BEGIN = re.compile(r"\{(\d{0,4}):([A-Z]{2,15}(?:_[A-Z]{1,2})?):")
_ESCAPE = re.compile(r"\\([}#~/\"\\{])")
_SHARE = re.compile(r"\s*(?:(=)|%(-?\d{1,3}(?:\.\d{1,9})?)%)")


@dataclass(frozen=True)
class GapAnswer:
    """One answer of a gap."""

    percent: Fraction
    text: str
    feedback: str


@dataclass(frozen=True)
class Gap:
    """A gap: where it stands in the text (from, to), what it counts, what it asks for, and its answers."""

    begin: int
    end: int
    weight: str
    kind: Kind
    answers: list[GapAnswer]


def gaps(text: str) -> Iterator[Gap]:
    """The gaps of a text, in order; a brace that begins none is text."""
    at = 0
    while found := _BEGIN.search(text, at):
        at = found.end()
        end = next(_places(text, "}", at), None)
        if found[2] in _KINDS and end is not None:
            answers = [_answer(part) for part in _cut(text[at:end], "~") if part.strip()]
            yield Gap(found.start(), end + 1, found[1], _KINDS[found[2]], answers)
            at = end + 1


def _answer(written: str) -> GapAnswer:
    share = _SHARE.match(written)
    rest = written[share.end() :] if share else written
    text, *feedback = _cut(rest, "#")
    percent = Fraction(0) if share is None else Fraction(100) if share[1] else Fraction(share[2])
    return GapAnswer(percent, _plain(text), _plain("#".join(feedback)))


def _plain(text: str) -> str:
    return _ESCAPE.sub(r"\1", text).strip()


def _places(text: str, sign: str, start: int = 0) -> Iterator[int]:
    for found in re.compile(rf"\\.|({re.escape(sign)})", re.DOTALL).finditer(text, start):
        if found[1]:
            yield found.start()


def _cut(text: str, sign: str) -> list[str]:
    places = list(_places(text, sign))
    begins, ends = [0, *(place + 1 for place in places)], [*places, len(text)]
    return [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
