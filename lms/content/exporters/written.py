"""What a format's writers give: the text of one question, and what of it could not go along."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import unescape
from typing import Any

from lms.content.importers.markup import words_of
from lms.content.importers.numbers import written_number
from lms.content.markdown import render_phrase
from lms.content.schema import QuestionHead
from lms.questions import TYPES

ONLY_A_TAG = "travels as a tag, which other programs do not act on"


class CannotWrite(Exception):
    """The format has no place for the question, or for something without which it is another one."""


@dataclass(frozen=True)
class Written:
    """A question in a foreign format; `kept` is its source as the format holds it, `notes` what it does not hold."""

    text: str
    kept: Any
    notes: tuple[str, ...] = ()


# A question's head and source -> the question in the format. Raises CannotWrite.
Writer = Callable[[QuestionHead, Any], Written]


@dataclass(frozen=True)
class Format:
    """A foreign format: what begins and ends a file, and the writer of each type that it can hold."""

    name: str
    begin: str
    end: str
    writers: dict[str, Writer]


def tags(head: QuestionHead, source: Any, *, flags: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The tags that keep what a format has no place for, and notes on those that others do not act on.

    `flags` are the keys of types that the format cannot say by itself.
    """
    found = [f"competency:{head.competency}", f"section:{head.section}"]
    found += ["scenario:true"] if head.scenario else []
    found += [f"difficulty:{head.difficulty}"] if head.difficulty else []
    acting = {"critical": "true"} if head.critical else {}
    acting |= {name: text for name in flags if (text := _flag(source, name))}
    found += [f"{name}:{text}" for name, text in acting.items()]
    return [*found, *head.tags], tuple(f"`{name}` {ONLY_A_TAG}" for name in acting)


def _flag(source: Any, name: str) -> str:
    value = getattr(source, name, None)
    if name == "ignore":
        return "" if value is None or list(value) == ["case"] else ",".join(value) or "none"
    return "true" if value is True else str(value) if value else ""


def plain(markdown: str) -> str:
    """A text for a place without formatting. Raises CannotWrite where it has some."""
    html = render_phrase(markdown)
    if "<" in html:
        raise CannotWrite("formatting in a text that the format shows without any")
    return unescape(words_of(html))


def share_of_each(source: Any) -> str:
    """What each right option of several counts, in percent."""
    return f"{100 / sum(option.right for option in source.options):.5f}".rstrip("0").rstrip(".")


def number_and_tolerance(source: Any) -> tuple[str, str]:
    """The number of a numeric question, and how far from it is right. Raises CannotWrite where no decimal says that."""
    key = TYPES["numeric"].right(source)
    tolerance = written_number((Fraction(key["high"]) - Fraction(key["low"])) / 2)
    if tolerance is None:
        raise CannotWrite("its tolerance has too many digits")
    return key["target"], tolerance
