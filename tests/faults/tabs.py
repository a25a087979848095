"""Open pages of one attempt, in tabs and on devices, some without a link; and the log as the pure rule has it."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from lms.rules.answering import Given, standing_answer, takes_effect
from lms.services.answers import Answer

Values = tuple[str, ...]


@dataclass
class Tab:
    """One open page: what it knows of each question, what it has given, and what waits to be sent."""

    name: str
    known: dict[int, int] = field(default_factory=dict)  # question -> the newest answer that it was told of
    waiting: list[Answer] = field(default_factory=list)
    sent: list[Answer] = field(default_factory=list)
    sequence: int = 0

    def give(self, event: UUID, position: int, values: Values) -> None:
        """Answer a question: it waits for the link."""
        self.sequence += 1
        base = self.known.get(position, 0)
        self.waiting.append(Answer(str(event), position, values, self.name, self.sequence, base))


@dataclass
class Model:
    """What the log has to be: each answer once, in the order of arrival, ruled by the pure rule."""

    log: dict[int, list[Given]] = field(default_factory=dict)  # question -> its answers
    values: dict[int, Values] = field(default_factory=dict)  # number in the log -> what was answered
    numbers: dict[str, int] = field(default_factory=dict)  # event id -> number in the log

    def arrive(self, answer: Answer, number: int) -> None:
        """An answer was given this number; one that was there already changes nothing."""
        if self.numbers.setdefault(answer.event_id, number) != number:
            raise AssertionError(f"{answer} was {self.numbers[answer.event_id]} and is now {number}")
        if number in self.values:
            return
        before = self.log.setdefault(answer.position, [])
        given = Given(number, answer.tab, answer.sequence, answer.base)
        before.append(replace(given, takes_effect=takes_effect(given, before)))
        self.values[number] = answer.values

    def effect(self, event_id: str, position: int) -> bool:
        """Whether an answer that arrived stands or stood."""
        return next(given.takes_effect for given in self.log[position] if given.id == self.numbers[event_id])

    def standing(self, position: int) -> Given | None:
        """The answer to a question that counts."""
        return standing_answer(self.log.get(position, ()))
