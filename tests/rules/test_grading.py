"""Marks: exact fractions, rounded down, critical questions; against a table marked by hand."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.grading import Grade, Marked, grade

RIGHT, WRONG = Marked(Fraction(1)), Marked(Fraction(0))
HALF, THIRD = Marked(Fraction(1, 2)), Marked(Fraction(1, 3))
CRITICAL_RIGHT, CRITICAL_WRONG = Marked(Fraction(1), critical=True), Marked(Fraction(0), critical=True)
CRITICAL_HALF = Marked(Fraction(1, 2), critical=True)


@pytest.mark.parametrize(
    ("marked", "pass_percent", "percent", "passed", "missed"),
    [
        ([RIGHT], 100, 100, True, 0),
        ([WRONG], 1, 0, False, 0),
        ([RIGHT] * 7 + [WRONG] * 3, 70, 70, True, 0),
        ([RIGHT] * 7 + [WRONG] * 3, 71, 70, False, 0),
        ([RIGHT] * 2 + [WRONG], 66, 66, True, 0),
        ([RIGHT] * 2 + [WRONG], 67, 66, False, 0),  # 66.67 %: nobody passes by rounding
        ([THIRD] * 3, 33, 33, True, 0),
        ([THIRD] * 3, 34, 33, False, 0),
        ([HALF, RIGHT], 75, 75, True, 0),
        ([HALF, RIGHT], 76, 75, False, 0),
        ([RIGHT] * 999 + [WRONG], 100, 99, False, 0),
        ([RIGHT] * 9 + [CRITICAL_WRONG], 70, 90, False, 1),
        ([WRONG] * 3 + [RIGHT] * 6 + [CRITICAL_RIGHT], 70, 70, True, 0),
        ([RIGHT] * 9 + [CRITICAL_HALF], 70, 95, False, 1),  # half right is not right
        ([CRITICAL_WRONG, CRITICAL_WRONG], 1, 0, False, 2),
    ],
)
def test_marked_by_hand(marked: list[Marked], pass_percent: int, percent: int, passed: bool, missed: int) -> None:
    found = grade(marked, pass_percent)
    assert (found.percent, found.passed, found.critical_missed) == (percent, passed, missed)


def test_fractions_are_exact() -> None:
    """A tenth ten times is one; as floating point it would be a little less, and 10 % of ten not reached."""
    assert grade([Marked(Fraction(1, 10))] * 10, 10) == Grade(1, 10, 10, 0, passed=True)
    assert grade([THIRD, THIRD, THIRD, RIGHT], 50) == Grade(2, 4, 50, 0, passed=True)
    assert grade([THIRD, RIGHT], 66) == Grade(4, 6, 66, 0, passed=True)


def test_no_questions_cannot_be_graded() -> None:
    with pytest.raises(ValueError, match="at least one question"):
        grade([], 70)


MARKS = st.fractions(0, 1, max_denominator=8)
MARKED = st.lists(st.builds(Marked, MARKS, st.booleans()), min_size=1, max_size=20)
PASS_PERCENT = st.integers(1, 100)


@given(MARKED, PASS_PERCENT)
def test_the_score_stays_within_its_bounds(marked: list[Marked], pass_percent: int) -> None:
    found = grade(marked, pass_percent)
    assert 0 <= found.score <= found.possible
    assert 0 <= found.percent <= 100
    assert Fraction(found.percent, 100) <= Fraction(found.score, found.possible) < Fraction(found.percent + 1, 100)
    assert 0 <= found.critical_missed <= len(marked)


@given(st.lists(st.booleans(), min_size=1, max_size=20), PASS_PERCENT)
def test_all_right_passes(critical: list[bool], pass_percent: int) -> None:
    found = grade([Marked(Fraction(1), is_critical) for is_critical in critical], pass_percent)
    assert found.passed
    assert found.percent == 100


@given(MARKED, PASS_PERCENT, st.randoms(use_true_random=False))
def test_the_order_of_the_questions_is_irrelevant(marked: list[Marked], pass_percent: int, random: Random) -> None:
    mixed = list(marked)
    random.shuffle(mixed)
    assert grade(mixed, pass_percent) == grade(marked, pass_percent)


@given(MARKED, PASS_PERCENT)
def test_a_better_answer_never_fails(marked: list[Marked], pass_percent: int) -> None:
    before = grade(marked, pass_percent)
    after = grade([Marked(Fraction(1), marked[0].critical), *marked[1:]], pass_percent)
    assert after.percent >= before.percent
    assert after.passed or not before.passed
