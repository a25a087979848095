"""Matching by hand."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from lms.questions import TYPES
from tests.questions.by_hand import faults, made, mark
from tests.questions.test_choices import plain

MATCHING = TYPES["matching"]
PAIRS = [{"left": left, "right": right, "feedback": "So."} for left, right in (("A", "x"), ("B", "y"), ("C", "z"))]
GOOD: dict[str, Any] = {"pairs": PAIRS, "distractors": ["w"]}


@pytest.mark.parametrize(
    ("value", "earned"),
    [
        ({"1": "a", "2": "b", "3": "c"}, Fraction(1)),
        ({"1": "a", "2": "b"}, Fraction(2, 3)),
        ({"1": "a", "2": "c", "3": "b"}, Fraction(1, 3)),
        ({"1": "a", "2": "a", "3": "a"}, Fraction(1, 3)),
        ({"1": "d", "2": "d", "3": "d"}, Fraction(0)),
        (None, Fraction(0)),
    ],
)
def test_each_right_pair_earns_its_share(value: Any, earned: Fraction) -> None:
    assert mark("matching", value, **GOOD) == earned


def test_a_form_names_places_on_the_page() -> None:
    body, order = MATCHING.body(made("matching", **GOOD), plain), ["d", "c", "a", "b"]
    assert MATCHING.parse(["1=3", "", "3=1"], body, order) == {"1": "a", "3": "d"}
    assert MATCHING.sent({"1": "a", "3": "d"}, body, order) == ["1=3", "", "3=1"]
    with pytest.raises(ValueError, match="one match"):
        MATCHING.parse(["1=1", "1=2"], body, order)


def test_picks_are_pairs_of_ids() -> None:
    body = MATCHING.body(made("matching", **GOOD), plain)
    assert MATCHING.picks({"1": "a", "3": "d"}) == ["1=a", "3=d"]
    assert MATCHING.pick_texts(body)["3=d"] == "C → w"


def test_every_order_is_drawn() -> None:
    body = MATCHING.body(made("matching", pairs=PAIRS), plain)
    assert len({"".join(MATCHING.order(body, Random(seed))) for seed in range(60)}) == 6


@pytest.mark.parametrize(
    ("written", "path", "message"),
    [
        ({"pairs": PAIRS[:1]}, ("pairs",), "2 to 8 pairs are needed, 1 are given"),
        ({"pairs": PAIRS, "distractors": list("12345")}, ("distractors",), "at most 4 distractors, 5 are given"),
        ({"pairs": [PAIRS[0], {**PAIRS[1], "left": " a"}]}, ("pairs", 1, "left"), "the same text as in pair 1"),
        ({"pairs": [PAIRS[0], {**PAIRS[1], "right": "X"}]}, ("pairs", 1, "right"), "the same text as in pair 1"),
        ({"pairs": [PAIRS[0], {**PAIRS[1], "feedback": " "}]}, ("pairs", 1, "feedback"), "a pair needs feedback"),
        ({"pairs": PAIRS, "distractors": ["Z"]}, ("distractors", 0), "the same text as in a pair"),
        ({"pairs": PAIRS, "distractors": [""]}, ("distractors", 0), "it is empty; write it"),
    ],
)
def test_faults(written: Any, path: Any, message: str) -> None:
    assert (path, message) in faults("matching", **written)
