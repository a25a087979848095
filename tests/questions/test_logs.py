"""Random logs over questions of every type: the same log always gives the same mark, however the network orders it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import yaml
from pydantic import TypeAdapter

from lms.questions import TYPES, Value
from lms.rules.answering import Given, standing_answer, takes_effect
from lms.rules.grading import Grade, Marked, grade
from tests.browser.every_type import QUESTIONS

LOGS = 10_000
SEED = 20261125


@dataclass(frozen=True)
class Asked:
    """A question of a quiz, with answers that somebody may give to it."""

    kind: str
    key: dict[str, Any]
    answers: tuple[Value, ...]
    critical: bool


@dataclass(frozen=True)
class Sent:
    """An answer of the one page, as its script sends it."""

    sequence: int
    question: int
    value: Value


def asked(kind: str, random: Random) -> Asked:
    written = {"prompt": "?", **yaml.safe_load(QUESTIONS[kind])}
    source = TypeAdapter(TYPES[kind].source).validate_python(written)
    key, body = TYPES[kind].right(source), TYPES[kind].body(source, str)
    slips = (TYPES[kind].slip(key, body, random) for _ in range(3))
    return Asked(kind, key, (None, TYPES[kind].best(key), *slips), random.random() < 0.2)


def arrive(log: Sequence[Sent], question: int) -> Value:
    """What stands for a question when the answers arrive in this order; what comes twice is stored once."""
    stored: dict[int, tuple[Given, Value]] = {}
    for sent in log:
        if sent.question == question and sent.sequence not in stored:
            given = Given(len(stored) + 1, "page", sent.sequence, base=0)
            effect = takes_effect(given, [before for before, _ in stored.values()])
            stored[sent.sequence] = (Given(given.id, "page", sent.sequence, 0, takes_effect=effect), sent.value)
    standing = standing_answer([given for given, _ in stored.values()])
    return stored[standing.sequence][1] if standing else None


def marked(quiz: Sequence[Asked], log: Sequence[Sent]) -> Grade:
    marks = [
        Marked(TYPES[one.kind].mark(one.key, arrive(log, number)), one.critical)
        for number, one in enumerate(quiz)
        if TYPES[one.kind].is_marked
    ]
    return grade(marks, 70)


def by_hand(quiz: Sequence[Asked], log: Sequence[Sent]) -> Fraction:
    """The last word on each question, whatever the way it came; its marks as a share."""
    last = {sent.question: sent.value for sent in sorted(log, key=lambda sent: sent.sequence)}
    marks = [
        Fraction(TYPES[one.kind].mark(one.key, last[number])) if last.get(number) is not None else Fraction(0)
        for number, one in enumerate(quiz)
        if TYPES[one.kind].is_marked
    ]
    return max(Fraction(0), sum(marks, Fraction(0))) / len(marks)


def test_ten_thousand_logs_give_one_result_each() -> None:
    random = Random(SEED)
    bank = [asked(kind, random) for kind in TYPES for _ in range(3)]
    results = set()
    for _ in range(LOGS):
        quiz = [asked_one for asked_one in bank if random.random() < 0.25] + [bank[0]]
        log = []
        for sequence in range(1, random.randint(1, 15)):
            number = random.randrange(len(quiz))
            log.append(Sent(sequence, number, random.choice(quiz[number].answers)))
        result = marked(quiz, log)
        shuffled = [*log, *random.sample(log, len(log) // 2)]  # some are sent again, too
        random.shuffle(shuffled)
        assert result == marked(quiz, log)
        assert result == marked(quiz, shuffled)
        assert Fraction(result.score, result.possible) == by_hand(quiz, log)
        results.add((result.percent, result.passed))
    assert len(results) > 30  # the logs are not all alike
    assert {passed for _, passed in results} == {True, False}
