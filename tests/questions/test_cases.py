"""True or false, confidence, choose and justify, scenarios: marked by hand, and their faults."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from pydantic import TypeAdapter

from lms.questions import TYPES
from tests.questions.test_choices import plain

OPTIONS = [
    {"text": "Ask", "feedback": "Yes", "right": True},
    {"text": "Wait", "feedback": "No"},
    {"text": "Leave", "feedback": "No"},
]
STEP = {"ask": "And now?", "options": OPTIONS}
LEADS = {"ask": "What first?", "options": [OPTIONS[0], {**OPTIONS[1], "then": [STEP]}, OPTIONS[2]]}


def made(name: str, **written: Any) -> Any:
    return TypeAdapter(TYPES[name].source).validate_python({"prompt": "A case", **written})


def faults(name: str, **written: Any) -> list[tuple[tuple[str | int, ...], str]]:
    return [(fault.path, fault.message) for fault in TYPES[name].check(made(name, **written))]


@pytest.mark.parametrize(
    ("negative", "value", "mark"),
    [(False, "true", 1), (False, "false", 0), (True, "true", 1), (True, "false", -1), (True, None, 0)],
)
def test_true_or_false(negative: bool, value: str | None, mark: int) -> None:
    kind = TYPES["true_false"]
    key = kind.right(made("true_false", right=True, if_true="Yes", if_false="No", negative=negative))
    assert kind.mark(key, value) == mark


def test_each_judgement_teaches() -> None:
    found = faults("true_false", right=False, if_true=" ", if_false="")
    assert found == [((name,), "say what this judgement teaches") for name in ("if_true", "if_false")]


@pytest.mark.parametrize(
    ("negative", "option", "sure", "mark"),
    [
        (False, "a", "3", Fraction(1)),
        (False, "a", "", Fraction(1)),
        (False, "b", "3", Fraction(0)),
        (False, None, "3", Fraction(0)),
        (True, "a", "3", Fraction(1)),
        (True, "a", "2", Fraction(2, 3)),
        (True, "a", "1", Fraction(1, 3)),
        (True, "a", "", Fraction(1, 3)),
        (True, "b", "1", Fraction(0)),
        (True, "b", "", Fraction(0)),
        (True, "b", "2", Fraction(-2, 3)),
        (True, "b", "3", Fraction(-2)),
        (True, None, "3", Fraction(0)),
    ],
)
def test_confidence(negative: bool, option: str | None, sure: str, mark: Fraction) -> None:
    kind = TYPES["confidence"]
    key = kind.right(made("confidence", options=OPTIONS, negative=negative))
    assert kind.mark(key, {"option": option, "sure": sure}) == mark


def test_to_say_what_one_believes_pays_best() -> None:
    """Up to a chance of two thirds a guess, from four fifths on sure, in between fairly sure."""
    kind = TYPES["confidence"]
    key = kind.right(made("confidence", options=OPTIONS, negative=True))
    for percent in range(101):
        chance = Fraction(percent, 100)
        worth = {
            sure: chance * kind.mark(key, {"option": "a", "sure": sure})
            + (1 - chance) * kind.mark(key, {"option": "b", "sure": sure})
            for sure in ("1", "2", "3")
        }
        honest = "1" if percent <= 66 else "2" if percent < 80 else "3"
        assert worth[honest] == max(worth.values()), percent


def test_the_reason_is_kept_and_earns_nothing() -> None:
    kind = TYPES["choose_then_justify"]
    source = made("choose_then_justify", options=OPTIONS, model="Because they know")
    key, body, order = kind.right(source), kind.body(source, plain), ["b", "a", "c"]
    value = kind.parse(["2", "  1 \nlast "], body, order)
    assert value == {"option": "a", "reason": "1 \nlast"}
    assert kind.mark(key, value) == 1
    assert kind.mark(key, kind.parse(["a good reason"], body, order)) == 0
    assert kind.picks(value) == ["a"]
    assert "know" not in str(body)
    with pytest.raises(ValueError, match="at most 600 characters"):
        kind.parse(["x" * 601], body, order)
    assert faults("choose_then_justify", options=OPTIONS) == [
        (("model",), "give a model answer: a good reason, as you would write it")
    ]


@pytest.mark.parametrize(
    ("value", "mark"),
    [
        (None, Fraction(0)),
        ({"1": "1a", "2": "2a"}, Fraction(1)),
        ({"1": "1a"}, Fraction(1, 2)),
        ({"1": "1b", "1b1": "1b1a", "2": "2a"}, Fraction(2, 3)),  # three steps on this way
        ({"1": "1b", "2": "2a"}, Fraction(1, 3)),
        ({"1": "1b", "1b1": "1b1b", "2": "2b"}, Fraction(0)),
        ({"1": "1c", "2": "2a"}, Fraction(1, 2)),
    ],
)
def test_a_scenario_marks_the_steps_of_the_way_that_was_taken(value: Any, mark: Fraction) -> None:
    kind = TYPES["scenario"]
    assert kind.mark(kind.right(made("scenario", steps=[LEADS, STEP])), value) == mark


def test_another_way_is_let_go() -> None:
    kind = TYPES["scenario"]
    body = kind.body(made("scenario", steps=[LEADS, STEP]), plain)
    order = ["1c", "1b", "1b1a", "1b1b", "1b1c", "1a", "2a", "2b", "2c"]
    assert kind.parse(["2", "3", "7"], body, order) == {"1": "1b", "1b1": "1b1a", "2": "2a"}
    assert kind.parse(["6", "3", "7"], body, order) == {"1": "1a", "2": "2a"}
    with pytest.raises(ValueError, match="one option can be chosen at each step"):
        kind.parse(["1", "2"], body, order)


def test_what_follows_comes_after_its_option() -> None:
    kind = TYPES["scenario"]
    body = kind.body(made("scenario", steps=[LEADS, {**STEP, "pinned": True}]), plain)
    for seed in range(20):
        order = kind.order(body, Random(seed))
        follows = order.index("1b") + 1
        assert sorted(order[follows : follows + 3]) == ["1b1a", "1b1b", "1b1c"]
        assert order[-3:] == ["2a", "2b", "2c"]


def nested(levels: int) -> dict[str, Any]:
    return STEP if levels == 1 else {**STEP, "options": [{**OPTIONS[0], "then": [nested(levels - 1)]}, *OPTIONS[1:]]}


@pytest.mark.parametrize(
    ("steps", "path", "message"),
    [
        ([], ("steps",), "1 to 20 steps are needed, 0 are given"),
        ([STEP] * 21, ("steps",), "1 to 20 steps are needed, 21 are given"),
        ([{**STEP, "ask": " "}], ("steps", 0, "ask"), "a step needs a question"),
        ([{**STEP, "options": OPTIONS[:1]}], ("steps", 0, "options"), "2 to 8 options are needed, 1 are given"),
        (
            [{**STEP, "options": OPTIONS[1:]}],
            ("steps", 0, "options"),
            "exactly one option must have `right: true`, 0 have it",
        ),
        (
            [{**STEP, "options": [{**OPTIONS[0], "then": [{**STEP, "options": OPTIONS[1:]}]}, OPTIONS[1]]}],
            ("steps", 0, "options", 0, "then", 0, "options"),
            "exactly one option must have `right: true`, 0 have it",
        ),
    ],
)
def test_faults_of_a_scenario(steps: list[Any], path: tuple[str | int, ...], message: str) -> None:
    assert faults("scenario", steps=steps) == [(path, message)]


def test_a_scenario_is_no_maze() -> None:
    assert faults("scenario", steps=[nested(4)]) == []
    assert [message for _, message in faults("scenario", steps=[nested(5)])] == [
        "steps may follow from each other 3 times, not more"
    ]


def test_a_translation_has_the_same_steps() -> None:
    kind = TYPES["scenario"]
    texts = [{"text": one["text"], "feedback": "Oui"} for one in OPTIONS]
    other = {"prompt": "Un cas", "steps": [{"ask": "Et ?", "options": texts}, {"ask": "Et ?", "options": texts}]}
    found = kind.check_translation(
        made("scenario", steps=[LEADS, STEP]), TypeAdapter(kind.translation).validate_python(other)
    )
    assert [fault.message for fault in found] == ["other steps or options than the source has, at step 1.2.1"]
