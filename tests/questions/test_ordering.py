"""Ordering by hand."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.questions import TYPES
from tests.questions.by_hand import faults, made, mark
from tests.questions.test_choices import plain

ORDERING = TYPES["ordering"]
ITEMS = [{"text": text, "feedback": "So."} for text in ("Listen", "Plan", "Do", "Look back")]


@pytest.mark.parametrize(
    ("ranks", "earned"),
    [
        ((1, 2, 3, 4), Fraction(1)),
        ((2, 1, 3, 4), Fraction(2, 3)),  # one of six pairs is the wrong way round
        ((1, 2, 4, 3), Fraction(2, 3)),
        ((2, 3, 4, 1), Fraction(0)),  # three of six: chance
        ((4, 3, 2, 1), Fraction(0)),
        ((1, 1, 1, 1), Fraction(0)),
        ((1, 2, 3, 3), Fraction(2, 3)),  # a doubled rank: that pair is not in order
        ((1, 2, 3), Fraction(0)),  # three of six pairs are there
        ((1, 3, 4, 2), Fraction(1, 3)),
    ],
)
def test_pairs_in_order_count(ranks: tuple[int, ...], earned: Fraction) -> None:
    assert mark("ordering", dict(zip("abcd", ranks, strict=False)), items=ITEMS) == earned


def test_no_answer_earns_nothing() -> None:
    assert mark("ordering", None, items=ITEMS) == 0


@given(seed=st.integers(0, 2**32), count=st.integers(3, 4))
def test_the_drawn_order_is_never_the_right_one(seed: int, count: int) -> None:
    body = ORDERING.body(made("ordering", items=ITEMS[:count]), plain)
    assert ORDERING.order(body, Random(seed)) != list("abcd")[:count]


def test_what_is_incomplete_or_doubled_is_kept_as_it_is() -> None:
    body, order = ORDERING.body(made("ordering", items=ITEMS), plain), ["c", "a", "d", "b"]
    assert ORDERING.parse(["1=2", "2=2", "", ""], body, order) == {"c": 2, "a": 2}
    assert ORDERING.sent({"c": 2, "a": 2}, body, order) == ["1=2", "2=2", "", ""]
    assert ORDERING.pick_texts(body)["c=2"] == "Do → 2"
    with pytest.raises(ValueError, match="one place"):
        ORDERING.parse(["1=2", "1=3"], body, order)


@pytest.mark.parametrize(
    ("items", "path", "message"),
    [
        (ITEMS[:2], ("items",), "3 to 8 items are needed, 2 are given"),
        ([*ITEMS[:2], {**ITEMS[2], "text": "plan "}], ("items", 2, "text"), "the same text as item 2"),
        ([*ITEMS[:2], {**ITEMS[2], "text": " "}], ("items", 2, "text"), "an item needs a text"),
        ([*ITEMS[:2], {**ITEMS[2], "feedback": ""}], ("items", 2, "feedback"), "an item needs feedback"),
    ],
)
def test_faults(items: Any, path: Any, message: str) -> None:
    assert (path, message) in faults("ordering", items=items)
