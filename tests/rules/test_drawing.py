"""Drawing: the same seed the same draw, each share its count, nothing twice, the last attempt's questions last."""

from itertools import combinations, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.drawing import Pool, Share, Shortfall, Wanted, draw, is_for, shortfall


def plain(count: int, *questions: int) -> Pool:
    """A pool that draws by number alone."""
    return [Share(count, questions)]


@st.composite
def any_pool(drawn: st.DrawFn, first: int = 0) -> Pool:
    """Shares of one pool that may overlap, and may ask for too much."""
    ids = st.integers(first, first + 7)
    shares = st.builds(Share, st.integers(1, 3), st.frozensets(ids, max_size=6).map(lambda s: tuple(sorted(s))))
    return drawn(st.lists(shares, min_size=1, max_size=4))


@st.composite
def checked_pools(drawn: st.DrawFn) -> list[Pool]:
    """Pools as `flask lms check` lets them through: all can be filled, and no question is in two of them."""
    pools = [drawn(any_pool(first=10 * number)) for number in range(drawn(st.integers(1, 3)))]
    return [pool for pool in pools if shortfall(pool) is None]


def fills(pool: Pool, questions: frozenset[int]) -> bool:
    """Whether these questions can fill the shares exactly, by trying every way."""
    places = [set(share.questions) for share in pool for _ in range(share.count)]
    if len(places) != len(questions):
        return False
    return any(
        all(q in place for q, place in zip(order, places, strict=True)) for order in permutations(sorted(questions))
    )


SEEDS = st.integers(0, 2**32)
SEEN = st.dictionaries(st.integers(0, 30), st.integers(0, 3))
LAST = st.frozensets(st.integers(0, 30))


@given(checked_pools(), SEEDS, SEEN, LAST)
def test_the_same_seed_gives_the_same_draw(
    pools: list[Pool], seed: int, seen: dict[int, int], last: frozenset[int]
) -> None:
    again = [[Share(share.count, tuple(reversed(share.questions))) for share in pool] for pool in pools]
    assert draw(pools, Random(seed), seen, last) == draw(again, Random(seed), seen, last)


@given(any_pool())
def test_a_shortfall_is_found_exactly_where_no_draw_can_fill_all(pool: Pool) -> None:
    ids = sorted({q for share in pool for q in share.questions})
    asked = sum(share.count for share in pool)
    short = shortfall(pool)
    if asked > 8:  # more than there are ids
        assert short
    elif asked <= 6:
        possible = any(fills(pool, frozenset(some)) for some in combinations(ids, asked))
        assert (short is None) == possible
    if short:  # and what it says is its own proof
        shares = [pool[i] for i in short.shares]
        assert short.asked == sum(share.count for share in shares) > short.there
        assert short.there == len({q for share in shares for q in share.questions})


@given(checked_pools(), SEEDS, SEEN, LAST)
def test_every_share_is_filled_and_nothing_comes_twice(
    pools: list[Pool], seed: int, seen: dict[int, int], last: frozenset[int]
) -> None:
    chosen = draw(pools, Random(seed), seen, last)
    assert len(set(chosen)) == len(chosen) == sum(share.count for pool in pools for share in pool)
    for pool in pools:
        if sum(share.count for share in pool) <= 6:
            assert fills(pool, frozenset(chosen) & {q for share in pool for q in share.questions})


@given(checked_pools(), SEEDS, SEEN, LAST)
def test_a_question_of_the_last_attempt_comes_only_where_no_other_is_left(
    pools: list[Pool], seed: int, seen: dict[int, int], last: frozenset[int]
) -> None:
    """No other choice that fills all has fewer of the last attempt; nor, with as few, questions less seen."""
    chosen = frozenset(draw(pools, Random(seed), seen, last))
    for pool in pools:
        asked = sum(share.count for share in pool)
        ids = {q for share in pool for q in share.questions}
        if asked > 4:
            continue

        def dear(questions: frozenset[int]) -> list[tuple[bool, int]]:
            return sorted((q in last, seen.get(q, 0)) for q in questions)

        ways = [frozenset(some) for some in combinations(sorted(ids), asked) if fills(pool, frozenset(some))]
        assert dear(chosen & ids) == min(dear(way) for way in ways)


@given(st.integers(1, 6), st.integers(0, 4), st.lists(SEEDS, min_size=3, max_size=6))
def test_attempt_after_attempt_repeats_only_what_it_must(count: int, more: int, seeds: list[int]) -> None:
    ids = tuple(range(count + more))
    seen: dict[int, int] = {}
    last: frozenset[int] = frozenset()
    for seed in seeds:
        now = frozenset(draw([plain(count, *ids)], Random(seed), seen, last))
        assert len(now & last) == max(0, count + len(last) - len(ids))
        for question in now:
            seen[question] = seen.get(question, 0) + 1
        last = now


@given(st.frozensets(st.integers(1, 99), min_size=1, max_size=20), SEEDS, SEEN, st.data())
def test_a_plain_pool_draws_as_it_always_did(
    ids: frozenset[int], seed: int, seen: dict[int, int], data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(ids)))
    random = Random(seed)
    candidates = sorted(ids)
    random.shuffle(candidates)
    candidates.sort(key=lambda question: seen.get(question, 0))
    chosen = candidates[:count]
    random.shuffle(chosen)
    assert draw([plain(count, *ids)], Random(seed), seen) == chosen


def test_a_second_attempt_meets_new_questions() -> None:
    pool = plain(3, 1, 2, 3, 4, 5, 6)
    first = draw([pool], Random(7))
    second = draw([pool], Random(8), dict.fromkeys(first, 1), first)
    assert sorted(first + second) == [1, 2, 3, 4, 5, 6]


def test_an_older_question_comes_before_one_of_the_last_attempt_that_was_seen_less() -> None:
    assert draw([plain(1, 1, 2)], Random(1), {1: 3, 2: 1}, last=[2]) == [1]


def test_the_first_draw_leaves_the_only_question_of_the_second() -> None:
    pool = [Share(1, (1, 2)), Share(1, (1,))]
    assert {tuple(sorted(draw([pool], Random(seed)))) for seed in range(50)} == {(1, 2)}


def test_pools_are_mixed_and_every_question_has_its_chance() -> None:
    pools = [plain(1, 1, 2, 3), plain(1, 4, 5, 6)]
    draws = {tuple(draw(pools, Random(seed))) for seed in range(500)}
    assert draws == {pair for one in (1, 2, 3) for other in (4, 5, 6) for pair in ((one, other), (other, one))}


def test_a_shortfall_names_the_shares_that_want_the_same() -> None:
    pool = [Share(1, (7, 8)), Share(2, (1, 2)), Share(1, (1, 2))]
    assert shortfall(pool) == Shortfall((1, 2), 3, 2)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(1), True),
        (Wanted(1, tag="money"), True),
        (Wanted(1, tag="trust"), False),
        (Wanted(1, competency="PC1", difficulty="hard"), True),
        (Wanted(1, competency="PC2", difficulty="hard"), False),
        (Wanted(1, tag="money", difficulty="easy"), False),
    ],
)
def test_what_fits(wanted: Wanted, fits: bool) -> None:
    assert wanted.fits(["money", "field"], "PC1", "hard") is fits


@given(checked_pools(), SEEDS, SEEN, LAST, st.frozensets(st.integers(0, 30)))
def test_ones_own_change_no_count_and_bring_nothing_back(
    pools: list[Pool], seed: int, seen: dict[int, int], last: frozenset[int], own: frozenset[int]
) -> None:
    """What is new still comes first: as many questions are drawn, and none was met more often than without."""
    plainly, mine = draw(pools, Random(seed), seen, last), draw(pools, Random(seed), seen, last, own)
    assert len(set(mine)) == len(mine) == len(plainly)

    def met(chosen: list[int]) -> list[tuple[bool, int]]:
        return sorted((question in last, seen.get(question, 0)) for question in chosen)

    assert met(mine) == met(plainly)


@pytest.mark.parametrize(
    ("pool", "own", "seen", "last", "wanted"),
    [
        (plain(2, 1, 2, 3, 4), {3, 4}, {}, set(), {3, 4}),  # enough of one's own
        (plain(3, 1, 2, 3), {3}, {}, set(), {1, 2, 3}),  # others fill what they leave open
        (plain(1, 1, 2), {2}, {2: 1}, {2}, {1}),  # what is new comes before what is one's own
        (plain(1, 1, 2), {9}, {1: 1}, set(), {2}),
        ([Share(1, (1, 2)), Share(1, (2, 3))], {2, 3}, {}, set(), {2, 3}),  # each share keeps its count
    ],
)
def test_ones_own_come_first_among_what_is_equally_new(
    pool: Pool, own: set[int], seen: dict[int, int], last: set[int], wanted: set[int]
) -> None:
    for seed in range(20):
        assert set(draw([pool], Random(seed), seen, last, own)) == wanted


@pytest.mark.parametrize(
    ("tags", "function", "mine"),
    [(["for-finance", "money"], "finance", True), (["for-audit"], "finance", False), (["finance"], "finance", False),
     (["for-"], "", False), ([], "", False)],
)  # fmt: skip
def test_a_tag_says_for_whose_day_a_question_is(tags: list[str], function: str, mine: bool) -> None:
    assert is_for(tags, function) == mine
