"""Drawing: the same seed the same draw, each pool its share, the least seen first, nothing twice."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lms.rules.drawing import Pool, draw


@st.composite
def pools(drawn: st.DrawFn) -> list[Pool]:
    """Pools as `flask lms check` lets them through: no question in two of them, none drawn that is not there."""
    ids = drawn(st.lists(st.integers(1, 10_000), min_size=1, max_size=30, unique=True))
    cuts = sorted(drawn(st.sets(st.integers(1, len(ids)), max_size=4)) | {0, len(ids)})
    parts = [tuple(ids[start:end]) for start, end in pairwise(cuts)]
    return [Pool(drawn(st.integers(0, len(part))), part) for part in parts]


SEEDS = st.integers(0, 2**32)
SEEN = st.dictionaries(st.integers(1, 10_000), st.integers(0, 5))


@given(pools(), SEEDS, SEEN)
def test_the_same_seed_gives_the_same_draw(given_pools: list[Pool], seed: int, seen: dict[int, int]) -> None:
    again = [Pool(pool.draw, tuple(reversed(pool.questions))) for pool in given_pools]
    assert draw(given_pools, Random(seed), seen) == draw(again, Random(seed), seen)


@given(pools(), SEEDS, SEEN)
def test_each_pool_gives_its_draw_and_nothing_comes_twice(
    given_pools: list[Pool], seed: int, seen: dict[int, int]
) -> None:
    chosen = draw(given_pools, Random(seed), seen)
    assert len(set(chosen)) == len(chosen) == sum(pool.draw for pool in given_pools)
    for pool in given_pools:
        assert len(set(chosen) & set(pool.questions)) == pool.draw


@given(pools(), SEEDS, st.data())
def test_the_least_seen_come_first(given_pools: list[Pool], seed: int, data: st.DataObject) -> None:
    questions = [question for pool in given_pools for question in pool.questions]
    seen = {question: data.draw(st.integers(0, 3)) for question in questions}
    chosen = set(draw(given_pools, Random(seed), seen))
    for pool in given_pools:
        left = [seen[question] for question in pool.questions if question not in chosen]
        taken = [seen[question] for question in pool.questions if question in chosen]
        assert not left or not taken or max(taken) <= min(left)


def test_a_second_attempt_meets_new_questions() -> None:
    pool = Pool(3, (1, 2, 3, 4, 5, 6))
    first = draw([pool], Random(7))
    second = draw([pool], Random(8), dict.fromkeys(first, 1))
    assert sorted(first + second) == [1, 2, 3, 4, 5, 6]


def test_pools_are_mixed_and_every_question_has_its_chance() -> None:
    given_pools = [Pool(1, (1, 2, 3)), Pool(1, (4, 5, 6))]
    draws = {tuple(draw(given_pools, Random(seed))) for seed in range(500)}
    assert draws == {pair for one in (1, 2, 3) for other in (4, 5, 6) for pair in ((one, other), (other, one))}
