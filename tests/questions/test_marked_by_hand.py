"""Whole attempts over every type, marked by hand on paper; each line says what was answered and why it earns that."""

from fractions import Fraction
from typing import Any, NamedTuple

import pytest
import yaml
from pydantic import TypeAdapter

from lms.questions import TYPES
from lms.rules.grading import grade
from lms.rules.recalling import Kind
from lms.services.keys import Correction
from lms.services.submitting import marks
from tests.browser.every_type import QUESTIONS


class Asked(NamedTuple):
    """A question of the attempt."""

    id: int
    type: str
    critical: bool
    right: dict[str, Any]


def asked(number: int, kind: str, critical: bool = False, **more: Any) -> Asked:
    written = {"prompt": "?", **yaml.safe_load(QUESTIONS[kind]), **more}
    return Asked(number, kind, critical, TYPES[kind].right(TypeAdapter(TYPES[kind].source).validate_python(written)))


NUMBERS = {kind: number for number, kind in enumerate(QUESTIONS, start=1)}
PAPER = [asked(number, kind) for kind, number in NUMBERS.items()]
# Eleven of the twelve types have a mark.
PERFECT: dict[str, Any] = {
    "single_choice": "a", "multiple_response": ["a", "b"], "true_false": "true",
    "confidence": {"option": "a", "sure": "1"}, "choose_then_justify": {"option": "a", "reason": "They know."},
    "scenario": {"1": "1a", "1a1": "1a1a"}, "matching": {"1": "a", "2": "b"},
    "ordering": {"a": 1, "b": 2, "c": 3}, "numeric": {"text": "1,250.5", "marks": ".,", "unit": "1"},
    "short_text": "Trust", "gap_fill": {"written": {"1": "ASK", "3": "together"}, "chosen": {"2": "b"}},
    "self_rating": {"1": "2", "2": "4"},
}  # fmt: skip


def given(**changed: Any) -> dict[int, Any]:
    """A perfect paper but for this; None is no answer."""
    return {NUMBERS[kind]: value for kind, value in {**PERFECT, **changed}.items() if value is not None}


@pytest.mark.parametrize(
    ("answers", "earned"),
    [
        (given(), Fraction(11)),
        (given(self_rating=None), Fraction(11)),  # it has no mark
        (given(single_choice="b"), Fraction(10)),
        (given(multiple_response=["a"]), Fraction(21, 2)),  # one of two
        (given(multiple_response=["a", "c"]), Fraction(10)),  # one of two, less a wrong one
        (given(multiple_response=["c"]), Fraction(10)),  # never below nothing
        (given(confidence={"option": "b", "sure": "3"}), Fraction(10)),  # no less for having been sure
        (given(choose_then_justify={"option": "b", "reason": "Well said."}), Fraction(10)),  # words earn nothing
        (given(scenario={"1": "1a"}), Fraction(21, 2)),  # two steps met, one without an answer
        (given(scenario={"1": "1a", "1a1": "1a1b"}), Fraction(21, 2)),
        (given(scenario={"1": "1b"}), Fraction(10)),  # one step met, and it is wrong
        (given(matching={"1": "a", "2": "c"}), Fraction(21, 2)),
        (given(ordering={"a": 1, "b": 3, "c": 2}), Fraction(31, 3)),  # two of three pairs: 2 x 2/3 - 1
        (given(ordering={"a": 3, "b": 2, "c": 1}), Fraction(10)),
        (given(ordering={"a": 1, "b": 1, "c": 3}), Fraction(31, 3)),  # a and b share a place: that pair is not in order
        (given(numeric={"text": "1.2505", "marks": ".,", "unit": "2"}), Fraction(11)),  # in tons
        (given(numeric={"text": "1275.51", "marks": ".,", "unit": "1"}), Fraction(11)),  # 2 % more
        (given(numeric={"text": "1275.52", "marks": ".,", "unit": "1"}), Fraction(10)),
        (given(numeric={"text": "1.250,5", "marks": ".,", "unit": "1"}), Fraction(10)),  # unreadable on this page
        (given(short_text="confiance"), Fraction(11)),
        (given(short_text="trusts"), Fraction(10)),
        (given(gap_fill={"written": {"1": "ask"}, "chosen": {"2": "a"}}), Fraction(31, 3)),  # one gap of three
        ({}, Fraction(0)),
        (
            given(single_choice=None, multiple_response=["b"], matching={"1": "c", "2": "b"}, short_text=None),
            Fraction(8),  # 11 - 1 - 1/2 - 1/2 - 1
        ),
    ],
)
def test_a_paper_earns_what_it_earns_by_hand(answers: dict[int, Any], earned: Fraction) -> None:
    found = grade(list(marks(PAPER, answers)), 70)
    assert Fraction(found.score, found.possible) == earned / 11
    assert found.percent == int(earned / 11 * 100)
    assert found.passed == (earned / 11 >= Fraction(7, 10))


def test_what_wrong_answers_cost_is_taken_from_what_others_earned() -> None:
    paper = [
        asked(1, "single_choice"), asked(2, "true_false", negative=True), asked(3, "confidence", negative=True),
        asked(4, "matching"),
    ]  # fmt: skip
    answers = {1: "a", 2: "false", 3: {"option": "b", "sure": "2"}, 4: {"1": "a"}}
    found = grade(list(marks(paper, answers)), 1)  # 1 - 1 - 2/3 + 1/2 is below nothing
    assert (found.score, found.percent, found.passed) == (0, 0, False)
    answers[3] = {"option": "a", "sure": "1"}
    assert grade(list(marks(paper, answers)), 20).percent == 20  # (1 - 1 + 1/3 + 1/2) / 4 = 5/24
    assert not grade(list(marks(paper, answers)), 21).passed


def test_a_critical_question_must_be_right_whatever_the_total() -> None:
    paper = [*PAPER[1:], asked(1, "matching", critical=True)]
    half = given() | {1: {"1": "a"}}
    assert grade(list(marks(paper, half)), 70).critical_missed == 1
    assert not grade(list(marks(paper, half)), 70).passed
    assert grade(list(marks(paper, half | {1: {"1": "a", "2": "b"}})), 70).passed


@pytest.mark.parametrize(
    ("kind", "possible", "earned"),
    [
        (Kind.CREDIT, 11, Fraction(10)),  # the wrong single choice earns its mark, the unanswered word still nothing
        (Kind.DROP, 10, Fraction(9)),
        (Kind.KEY, 11, Fraction(10)),  # by another key, b is right
    ],
)
def test_a_recalled_question_is_marked_as_its_author_says(kind: Kind, possible: int, earned: Fraction) -> None:
    number = NUMBERS["single_choice"]
    held = {number: Correction(7, number, kind, 99, {"right": ["b"]} if kind is Kind.KEY else None, "")}
    found = grade(list(marks(PAPER, given(single_choice="b", short_text=None), held)), 70)
    assert Fraction(found.score, found.possible) == earned / possible


def test_a_paper_of_which_nothing_is_left_is_right() -> None:
    held = {1: Correction(7, 1, Kind.DROP, None, None, "")}
    found = grade(list(marks([asked(1, "single_choice", critical=True), asked(2, "self_rating")], {}, held)), 70)
    assert (found.percent, found.passed) == (100, True)
