"""Reads a bank from text, and holds what must always be true of what was read."""

import json
import re

from lms.content.importers import FORMATS, Fate, Ledger
from lms.content.importers.heads import give_ids
from lms.content.importers.quiz_lines import as_source

# Parts that say how, and stand in quiz.yaml in other words.
MEANT = {
    *("weight", "single", "shuffleanswers", "usecase", "question type", "answernumbering", "layouttype"),
    *("selecttype", "numberingstyle", "showgrading", "right"),
}
Source = dict[str, object]


def read(format: str, text: str | bytes) -> Ledger:
    """The settled ledger of a bank."""
    ledger = Ledger()
    FORMATS[format]("bank", text if isinstance(text, bytes) else text.encode(), ledger)
    give_ids(ledger.taken, ())
    ledger.settle()
    assert_sound(ledger)
    return ledger


def sources(ledger: Ledger) -> list[Source]:
    """The questions that were taken, as quiz.yaml holds them."""
    return [as_source(question) for question in ledger.taken]


def told(ledger: Ledger) -> list[tuple[int, str, str, str]]:
    """Line, fate, name and text of every part that was not carried."""
    return [
        (part.line, part.fate.name.lower(), part.what, part.text)
        for part, _ in ledger.entries()
        if part.fate is not None and part.fate is not Fate.CARRIED
    ]


def why(ledger: Ledger, text: str) -> str:
    """The reasons of the one part that has this text."""
    [part] = [part for part, _ in ledger.entries() if part.text == text]
    return "; ".join(part.reasons)


def assert_sound(ledger: Ledger) -> None:
    """The three fates add up to all parts; whatever was not carried has a reason; ids are unique."""
    parts = [part for part, _ in ledger.entries()]
    assert sum(ledger.count(fate) for fate in Fate) == len(parts)
    assert [part for part in parts if part.fate is not Fate.CARRIED and not part.reasons] == []
    assert [part for part in parts if part.fate is Fate.CARRIED and part.reasons] == []
    assert all(part.line >= 1 and part.text for part in parts)
    assert all(question.parts for question in ledger.questions)
    names = [question.head["id"] for question in ledger.taken]
    assert len(names) == len(set(names))


def words(text: str) -> set[str]:
    """Long words of a text, which nobody could have lost by chance."""
    return set(re.findall(r"[A-Za-z]{4,}", text))


def kept_words(ledger: Ledger) -> str:
    """All text of the questions that were taken, without escapes."""
    return json.dumps(sources(ledger), ensure_ascii=False).replace("\\n", " ").replace("\\", "")


def assert_nothing_lost(ledger: Ledger, given: set[str]) -> None:
    """Every word stands in a question, or in a part of which the report says that it was changed or dropped."""
    left = " ".join(part.text for part, _ in ledger.entries() if part.fate is not Fate.CARRIED)
    whole = kept_words(ledger) + left + " ".join(part.text for part, _ in ledger.entries() if part.what in MEANT)
    lost = {word for word in given if word not in whole}
    assert not lost, f"neither in a question nor in the report: {sorted(lost)}"
