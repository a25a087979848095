"""What somebody likes who goes by looks alone, and from where on that is too much."""

from random import Random

import pytest

from lms.rules.guessing import STRATEGIES, Played, plain, weigher

TEXTS = ["<strong>Perhaps</strong> we may ask first", "The books of the store are read on Friday &amp; kept", "No"]
STEM = "<p>Who keeps the <em>books</em> of the store?</p>"


def liked(strategy: str, texts: list[str] = TEXTS, stem: str = STEM) -> list[float]:
    hedges = frozenset({"perhaps", "may", "ask", "first", "غالبا"})
    return [weight for weight, _ in weigher(strategy, hedges, Random(1))(stem, texts)]


def test_the_longest_is_measured_as_it_is_shown() -> None:
    assert plain(TEXTS[1]) == "The books of the store are read on Friday & kept"
    assert liked("longest") == [24, 48, 2]
    assert liked("longest", ["<strong><em>a</em></strong>", "ab"]) == [1, 2]
    assert liked("shortest") == [-24, -48, -2]


def test_careful_words_are_counted_as_whole_words() -> None:
    assert liked("most hedged") == [4, 0, 0]
    assert liked("most hedged", ["Maybe asking", "ASK!", "غالبًا"]) == [0, 1, 1]


def test_words_of_the_stem_are_counted_once_and_short_ones_not_at_all() -> None:
    assert liked("like the stem") == [0, 2, 0]
    assert liked("like the stem", ["store, store and store", "who the of"]) == [1, 0]


def test_the_middle_is_a_place() -> None:
    assert liked("middle") == [-1, 0, -1]
    assert liked("middle", ["a", "b", "c", "d"]) == [-1.5, -0.5, -0.5, -1.5]


def test_chance_likes_nothing_and_breaks_every_tie() -> None:
    assert liked("random") == [0, 0, 0]
    weights = weigher("random", frozenset(), Random(1))(STEM, ["a"] * 50)
    assert len(set(weights)) == 50
    again = weigher("random", frozenset(), Random(1))(STEM, ["a"] * 50)
    assert weights == again


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_weighs_each_text(strategy: str) -> None:
    for texts in ([], [""], ["", "", ""]):
        assert len(liked(strategy, texts)) == len(texts)


@pytest.mark.parametrize(
    ("right", "passed", "is_fault", "is_worth_a_look"),
    [
        (25.0, 0.0, False, False),
        (29.9, 5.0, False, False),
        (30.0, 0.0, False, True),
        (34.9, 0.0, False, True),
        (35.0, 0.0, True, True),
        (25.0, 5.1, True, True),
        (3.0, 0.0, False, False),
    ],
)
def test_ten_points_or_one_draw_in_twenty_are_too_much(
    right: float, passed: float, is_fault: bool, is_worth_a_look: bool
) -> None:
    played = Played("basics", "en", "longest", right=right, chance=25.0, passed=passed, names=())
    assert (played.is_fault, played.is_worth_a_look) == (is_fault, is_worth_a_look)
