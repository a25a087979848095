"""What became of every part of a foreign file: each part is carried, changed or dropped, and none is left over.

A reader notes the parts of a file first, and says what becomes of each while it builds questions. The worst that is
said of a part stands. A part of which nothing was said is dropped, with that as the reason: no reader can forget one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

FORGOTTEN = "nothing in our files can hold it"
_EXCERPT, _REASON = 60, 300  # characters of a report's line


def printable(text: str, longest: int) -> str:
    """A foreign text on one line, without what could steer a terminal, cut where it is long."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


class Fate(IntEnum):
    """What became of a part, from good to bad."""

    CARRIED = 0
    CHANGED = 1
    DROPPED = 2


@dataclass
class Part:
    """One thing that a file says: a text, a tag, a weight. `line` counts from 1; `text` is as the file has it."""

    line: int
    what: str
    text: str
    fate: Fate | None = None
    reasons: list[str] = field(default_factory=list)

    def carry(self) -> None:
        """It stands in our file as it was."""
        self._become(Fate.CARRIED)

    def change(self, reason: str) -> None:
        """It stands in our file in another way."""
        self._become(Fate.CHANGED, reason)

    def drop(self, reason: str) -> None:
        """It stands nowhere in our file."""
        self._become(Fate.DROPPED, reason)

    def _become(self, fate: Fate, *reasons: str) -> None:
        self.fate = max(fate, self.fate or Fate.CARRIED)
        told = [printable(reason, _REASON) for reason in reasons]
        self.reasons += [reason for reason in told if reason not in self.reasons]

    @property
    def excerpt(self) -> str:
        """The text on one line that can be printed, cut where it is long."""
        return printable(self.text, _EXCERPT)


@dataclass
class Foreign:
    """A question of a foreign file.

    `name` is what the file calls it, `id` what it is to be called here; `head` and `body` are the keys of a question
    in quiz.yaml (the body with those of its type). A question with `refusal` does not come into our file.
    """

    line: int
    name: str = ""
    id: str = ""
    type: str = ""
    head: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    flags: dict[str, tuple[Any, Part]] = field(default_factory=dict)  # of tags: what the type's keys may take
    title: Part | None = None  # what the name was read from
    naming: Part | None = None  # what the id was read from
    refusal: str = ""

    def part(self, line: int, what: str, text: str) -> Part:
        """Note a part of this question."""
        self.parts.append(Part(line, what, text))
        return self.parts[-1]

    def flag(self, name: str, otherwise: Any = False) -> Any:
        """What a tag says of a key of the type, or something else where none does."""
        if name not in self.flags:
            return otherwise
        value, part = self.flags.pop(name)
        part.carry()
        return value

    def refuse(self, reason: str) -> None:
        """The question cannot come into our file, and so none of its parts does."""
        self.refusal = self.refusal or reason

    def settle(self) -> None:
        """Say of each part that nothing was said of what becomes of it."""
        for part in self.parts:
            if self.refusal:
                part.fate, part.reasons = None, []
                part.drop(self.refusal)
            elif part.fate is None:
                part.drop(FORGOTTEN)


@dataclass
class Ledger:
    """All parts of a file: those of its questions, and those that belong to none."""

    questions: list[Foreign] = field(default_factory=list)
    loose: list[Part] = field(default_factory=list)

    def question(self, line: int) -> Foreign:
        """Note a question."""
        self.questions.append(Foreign(line))
        return self.questions[-1]

    def part(self, line: int, what: str, text: str) -> Part:
        """Note a part that belongs to no question."""
        self.loose.append(Part(line, what, text))
        return self.loose[-1]

    @property
    def taken(self) -> list[Foreign]:
        """The questions that come into our file."""
        return [question for question in self.questions if not question.refusal]

    def settle(self) -> None:
        """Every part has its fate after this."""
        for question in self.questions:
            question.settle()
        for part in self.loose:
            if part.fate is None:
                part.drop(FORGOTTEN)

    def entries(self) -> Iterator[tuple[Part, Foreign | None]]:
        """Every part with its question, in the order of the file."""
        found: list[tuple[Part, Foreign | None]] = [(part, None) for part in self.loose]
        found += [(part, question) for question in self.questions for part in question.parts]
        yield from sorted(found, key=lambda entry: entry[0].line)

    def count(self, fate: Fate) -> int:
        """How many parts have this fate."""
        return sum(part.fate == fate for part, _ in self.entries())
