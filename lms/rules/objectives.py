"""What an objective does not say yet, what its focus lacks, and whether words name somebody: hints that bar nothing."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# What nobody can see somebody do, in the languages of the pages; each as it begins a sentence or stands within one.
VAGUE = (
    "understand", "know", "learn about", "learn more", "be aware", "be familiar", "appreciate", "realise", "realize",
    "comprendre", "connaître", "savoir plus", "en savoir", "apprendre à connaître", "être conscient", "être sensible",
    "entender", "comprender", "conocer", "saber más", "ser consciente",
)  # fmt: skip
_VAGUE = re.compile(rf"\b({'|'.join(map(re.escape, VAGUE))})\b", re.IGNORECASE)


class Hint(StrEnum):
    """What is missing."""

    VAGUE = "vague"  # a word for what cannot be seen
    NO_MEASURE = "no_measure"
    NO_DATE = "no_date"
    DATE_OUTSIDE = "date_outside"  # the date lies outside the cycle
    NO_PRACTICE = "no_practice"  # nothing by experience or with people for this focus


@dataclass(frozen=True)
class Focus:
    """An objective as the hints see it: the competency that it works on (or none), and the kinds of its steps."""

    ref: str
    competency: str
    kinds: Collection[str]


def word_hints(text: str, measure: str, due_on: date | None, cycle: tuple[date, date]) -> tuple[Hint, ...]:
    """What the words of an objective do not say yet."""
    first, last = cycle
    hints = [Hint.VAGUE] if vague_word(text) else []
    hints += [] if measure.strip() else [Hint.NO_MEASURE]
    if due_on is None:
        hints.append(Hint.NO_DATE)
    elif not first <= due_on <= last:
        hints.append(Hint.DATE_OUTSIDE)
    return tuple(hints)


def vague_word(text: str) -> str:
    """The first word for something that nobody can see, as it was written; "" where there is none."""
    found = _VAGUE.search(text)
    return found[0] if found else ""


def without_practice(objectives: Sequence[Focus]) -> set[str]:
    """The refs of those whose focus has no step by experience or with people; a competency is one focus, in however
    many objectives it stands, and an objective without one is a focus of its own."""
    practised = {_focus(one) for one in objectives if {"experience", "people"} & set(one.kinds)}
    return {one.ref for one in objectives if _focus(one) not in practised}


def _focus(objective: Focus) -> str:
    return objective.competency or f"of {objective.ref}"


def names(text: str, name: str) -> bool:
    """Whether the text names somebody: an @ before the whole name or before a word of it."""
    parts = [part for part in (name, *name.split()) if len(part) > 1]
    return any(re.search(rf"(?<!\w)@{re.escape(part)}(?!\w)", text, re.IGNORECASE) for part in parts)
