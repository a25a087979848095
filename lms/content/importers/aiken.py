"""Reads Aiken: a question on one line, its options `A. …`, and `ANSWER: B` (docs.moodle.org, "Aiken format")."""

import re
from dataclasses import dataclass, field
from fractions import Fraction

from lms.content.importers import shaping
from lms.content.importers.bank_file import text_of
from lms.content.importers.ledger import Foreign, Ledger
from lms.content.importers.shaping import FULL, NOTHING, Answer, Text

_OPTION = re.compile(r"([A-Z])[.)]\s+(\S.*)\Z")
_ANSWER = re.compile(r"ANSWER:\s*([A-Z])\Z")


@dataclass
class _Block:
    """The lines of one question: what it is so far, and what is wrong with it."""

    question: Foreign
    prompt: Text | None = None
    options: dict[str, Text] = field(default_factory=dict)

    def take(self, number: int, line: str) -> bool:
        """Read one line; whether the question ends with it."""
        option, answer = _OPTION.match(line), _ANSWER.match(line)
        if answer or line.upper().startswith("ANSWER"):
            self._end(number, line, answer)
            return True
        if self.prompt is None:
            part = self.question.part(number, "text", line)
            self.prompt = Text(part, line, "plain")
            if option:
                self.question.refuse(f"line {number} is an option, but no question stands above it")
        elif option:
            self._option(number, option)
        else:
            self.question.part(number, "line", line)
            where = "an option `A. …` or `ANSWER: A`" if self.options else "the first option `A. …`"
            self.question.refuse(f"line {number} is none of what comes here: {where}; a text is one line")
        return False

    def _option(self, number: int, found: re.Match[str]) -> None:
        letter, text = found.groups()
        expected = chr(ord("A") + len(self.options))
        part = self.question.part(number, "option", text)
        if letter != expected:
            self.question.refuse(f"line {number} has the option {letter} where {expected} comes")
        self.options[letter] = Text(part, text, "plain")

    def _end(self, number: int, line: str, answer: re.Match[str] | None) -> None:
        part = self.question.part(number, "answer", line)
        if answer is None:
            self.question.refuse(f"line {number} is not of the form `ANSWER: A`")
        elif self.prompt is None or len(self.options) < 2:
            self.question.refuse(f"line {number} ends a question without a text and two options above it")
        elif answer[1] not in self.options:
            self.question.refuse(f"line {number} names the option {answer[1]}, which is not there")
        elif not self.question.refusal:
            part.carry()
            answers = [
                Answer(text, FULL if letter == answer[1] else Fraction(0), part)
                for letter, text in self.options.items()
            ]
            shaping.choice(self.question, self.prompt, answers, NOTHING, single=True)


def read_aiken(file: str, body: bytes, ledger: Ledger) -> None:
    """Fill the ledger from an Aiken file; raises FaultyFile where it is no text."""
    block: _Block | None = None
    number = 0
    for number, line in enumerate(text_of(file, body).split("\n"), 1):
        bare = line.strip()
        if not bare:
            if block is not None:
                block.question.refuse(f"the question ends on line {number} without `ANSWER: A`")
            block = None
            continue
        block = block or _Block(ledger.question(number))
        if block.take(number, bare):
            block = None
    if block is not None:
        block.question.refuse(f"the file ends on line {number} without `ANSWER: A`")
