"""Item statistics: cases by hand, what must hold of every sample, and what is not said."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.statistics import (
    SMALLEST_GROUP,
    correlation,
    facility,
    median_time,
    reliability,
    score_groups,
    steady_count,
)
from tests.rules.two_parameters import ends

MARKS = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=10, max_size=60)


def test_nothing_is_said_of_fewer_than_ten() -> None:
    nine = [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0]
    assert facility(nine) is correlation(nine, nine) is median_time(nine) is None
    assert reliability([[a, a] for a in nine], seed=1) is None
    assert [steady_count(count) for count in (0, 9, 10, 19, 20, 101)] == [0, 0, 10, 10, 20, 100]
    assert SMALLEST_GROUP == 10


def test_wilsons_interval_by_hand() -> None:
    found = facility([1.0] * 15 + [0.0] * 5)
    assert ends(found) == pytest.approx((0.5313, 0.75, 0.8881), abs=0.0001)


def test_a_mark_below_zero_widens_the_scale() -> None:
    low, value, high = ends(facility([1.0] * 6 + [-0.5] * 6))
    assert value == pytest.approx(0.25)
    assert -0.5 < low < 0.25 < high < 1


def test_partial_marks_have_the_narrower_interval() -> None:
    whole, partial = ends(facility([1.0, 0.0] * 10)), ends(facility([0.6, 0.4] * 10))
    assert whole[1] == pytest.approx(partial[1])
    assert whole[0] < partial[0] < partial[2] < whole[2]


def test_a_correlation_by_hand() -> None:
    x, y = [1.0, 1, 1, 1, 1, 0, 0, 0, 0, 0], [5.0, 4, 4, 3, 4, 1, 2, 0, 2, 3]
    low, value, high = ends(correlation(x, y))
    assert value == pytest.approx(6 / sqrt(2.5 * 21.6))
    assert low < value < high


@pytest.mark.parametrize("marks", [[1.0] * 20, [1.0] * 18 + [0.0] * 2, [0.0] * 20])
def test_too_few_who_differ_allow_no_correlation(marks: list[float]) -> None:
    assert correlation(marks, [float(n) for n in range(20)]) is None


def test_a_perfect_correlation_is_no_fault() -> None:
    assert ends(correlation([0.0, 1.0] * 10, [0.0, 1.0] * 10))[1] == pytest.approx(1)


@given(MARKS, st.randoms(use_true_random=False))
def test_order_changes_nothing(marks: list[float], random: object) -> None:
    rests = [float(n % 7) for n, _ in enumerate(marks)]
    pairs = list(zip(marks, rests, strict=True))
    random.shuffle(pairs)  # type: ignore[attr-defined]
    again = [mark for mark, _ in pairs], [rest for _, rest in pairs]
    assert facility(marks) == facility(again[0])
    assert correlation(marks, rests) == correlation(*again)


@given(MARKS)
def test_each_figure_lies_in_its_interval_and_on_its_scale(marks: list[float]) -> None:
    rests = [float(n % 5) for n, _ in enumerate(marks)]
    for found, lowest in ((facility(marks), 0), (correlation(marks, rests), -1), (median_time(rests), 0)):
        if found is not None:
            low, value, high = ends(found)
            assert lowest <= low <= value + 1e-9 <= high + 2e-9
            assert high <= 4


def test_the_median_and_its_order_statistics() -> None:
    assert ends(median_time([float(n) for n in range(1, 101)])) == (41.0, 50.5, 60.0)


def test_alpha_by_hand_and_the_same_for_the_same_seed() -> None:
    # Two questions that agree in all but two of twelve people.
    rows = [[1.0, 1.0]] * 5 + [[0.0, 0.0]] * 5 + [[1.0, 0.0], [0.0, 1.0]]
    found = reliability(rows, seed=7)
    low, value, high = ends(found)
    assert value == pytest.approx(2 * (1 - (2 * 3) / (22 - 144 / 12)))
    assert low < value < high
    assert reliability(rows, seed=7) == found


def test_alpha_needs_two_questions_and_totals_that_differ() -> None:
    assert reliability([[1.0]] * 5 + [[0.0]] * 5, seed=1) is None
    assert reliability([[1.0, 0.0]] * 20, seed=1) is None


@given(st.lists(st.integers(0, 6), min_size=3, max_size=50))
def test_thirds_follow_the_scores(scores: list[int]) -> None:
    groups = score_groups([float(score) for score in scores])
    by_score = sorted(zip(scores, groups, strict=True))
    assert [group for _, group in by_score] == sorted(groups)
    assert len(set(by_score)) == len(set(scores))  # equal scores, one group


def test_thirds_of_scores_that_all_differ_are_equal() -> None:
    assert score_groups([float(n) for n in range(9)]) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
