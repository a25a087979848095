"""Numbers as people write them, read exactly and strictly by the marks of the page on which they were written.

Marks are a text of one or two characters: the decimal mark, and the mark between groups where there is one. A number
that these marks do not explain is not read at all: "1,5" on a page that writes 1.5 could mean anything.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

PLAIN = ".,"
DECIMALS = ".,\u066b"
# Space in its kinds; apostrophes; the Arabic marks: what looks the same to a reader is the same.
_ALIKE = (" \u00a0\u202f\u2009", "'\u2019", ".", ",", "\u066b", "\u066c")
_UNSEEN = "[\\s\u200e\u200f\u061c]*"  # around a number; the marks of direction come with a copied number
_MINUS = "\u2212"


@dataclass(frozen=True)
class Number:
    """A number, and how many significant figures it was written with: zeros at the end of 1200 may count or not."""

    value: Fraction
    least_figures: int
    most_figures: int


def check_marks(marks: str) -> str:
    """The marks, or ValueError where no page has such."""
    is_sound = 1 <= len(marks) <= 2 and marks[0] in DECIMALS and all(_alike(mark) for mark in marks)
    if not is_sound or (len(marks) == 2 and _alike(marks[0]) == _alike(marks[1])):
        raise ValueError(f"numbers are not written with the marks {marks[:5]!r}")
    return marks


def _alike(mark: str) -> str:
    """The characters that are this mark, too."""
    return next((kind for kind in _ALIKE if mark in kind), "")


@lru_cache
def pattern(marks: str) -> str:
    """What a number looks like, as a regular expression of Python; groups of three, or of two before the last three."""
    decimal = f"[{_alike(marks[0])}]"
    integer = r"\d+"
    if len(marks) == 2:
        group = f"[{_alike(marks[1])}]"
        integer = rf"(?!0)\d{{1,3}}(?:{group}\d{{3}})+|(?!0)\d{{1,2}}(?:{group}\d{{2}})*{group}\d{{3}}|\d+"
    sign = rf"[+\-{_MINUS}]?"
    return rf"{_UNSEEN}{sign}(?:(?:{integer})(?:{decimal}\d+)?|{decimal}\d+)(?:[eE]{sign}\d{{1,2}})?{_UNSEEN}"


def html_pattern(marks: str) -> str:
    """The same for a field's `pattern`, which knows digits of all scripts by another name."""
    return pattern(marks).replace(r"\d", r"\p{Nd}")


def read_number(text: str, marks: str) -> Number | None:
    """The number that was written, or None where these marks do not make it one."""
    plain = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    if not re.fullmatch(pattern(marks), plain):
        return None
    groups = _alike(marks[1]) if len(marks) == 2 else ""
    plain = re.sub(f"[{_UNSEEN[1:-2]}{groups}]", "", plain)
    plain = re.sub(f"[{_alike(marks[0])}]", ".", plain).replace(_MINUS, "-").lower()
    mantissa = plain.partition("e")[0].strip("+-")
    digits = mantissa.replace(".", "").lstrip("0")
    least = digits if "." in mantissa else digits.rstrip("0")
    return Number(Fraction(plain), len(least), len(digits))


def example(marks: str) -> str:
    """How to write a number here."""
    return f"1{marks[1:]}250{marks[0]}5"
