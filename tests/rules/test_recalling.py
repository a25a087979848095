"""What follows from marking again: which result stands, and what becomes of completions."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.recalling import Completed, Follow, Policy, Tried, follow, rank, takes_its_place

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Mark:
    score: int
    possible: int
    passed: bool


def tried(*passed: bool) -> list[Tried]:
    return [Tried(n, START + timedelta(hours=n), flag) for n, flag in enumerate(passed, start=1)]


@pytest.mark.parametrize(
    ("before", "after", "never_worsen"),
    [
        (Mark(2, 6, False), Mark(3, 6, False), True),
        (Mark(3, 6, False), Mark(2, 6, False), False),
        (Mark(3, 6, False), Mark(3, 6, False), True),  # it follows the right key, and nobody loses
        (Mark(1, 2, False), Mark(5, 10, False), False),  # the same, of another total
        (Mark(9, 10, False), Mark(8, 10, True), True),  # a critical question was right after all
        (Mark(8, 10, True), Mark(9, 10, False), False),
    ],
)
def test_nobody_gets_worse_by_default(before: Mark, after: Mark, never_worsen: bool) -> None:
    assert takes_its_place(before, after, Policy.NEVER_WORSEN) is never_worsen
    assert takes_its_place(before, after, Policy.AS_MARKED)


@pytest.mark.parametrize(
    ("attempts", "completions", "expected"),
    [
        (tried(False), [], Follow()),
        (tried(True), [], Follow(complete=1)),
        (tried(False, True), [Completed(9, 2)], Follow()),
        (tried(True, True), [Completed(9, 2)], Follow()),  # completed once is enough
        (tried(False, False), [Completed(9, 2)], Follow(withdraw=(9,))),
        (tried(True, False), [Completed(9, 2)], Follow(withdraw=(9,), complete=1)),
        (tried(True), [Completed(9, 1, withdrawn=True, by_recall=True)], Follow(reinstate=9)),
        (
            tried(True, True),
            [Completed(8, 1, withdrawn=True, by_recall=True), Completed(9, 2)],
            Follow(withdraw=(9,), reinstate=8),
        ),
        (tried(False), [Completed(9, 1, withdrawn=True, by_recall=True)], Follow()),
        (tried(True), [Completed(9, 1, withdrawn=True, withdrawn_at=START + timedelta(days=1))], Follow()),
        (tried(True, True), [Completed(9, 2, withdrawn=True, withdrawn_at=START + timedelta(days=1))], Follow()),
        (
            tried(True, True),
            [Completed(9, 1, withdrawn=True, withdrawn_at=START + timedelta(minutes=90))],
            Follow(complete=2),
        ),
    ],
)
def test_completions_follow_results(attempts: list[Tried], completions: list[Completed], expected: Follow) -> None:
    assert follow(attempts, completions) == expected


states = st.sampled_from(["none", "live", "recall", "judged"])


@given(st.lists(st.tuples(st.booleans(), states), max_size=5))
def test_done_once_it_is_done(history: list[tuple[bool, str]]) -> None:
    attempts = tried(*(passed for passed, _ in history))
    completions = [
        Completed(n * 10, n, state != "live", state == "recall", None if state == "live" else START + timedelta(n))
        for n, (_, state) in enumerate(history, start=1)
        if state != "none"
    ]
    todo = follow(attempts, completions)
    after = {c.attempt_id: c for c in completions}
    for completion in completions:
        if completion.id in todo.withdraw:
            after[completion.attempt_id] = Completed(completion.id, completion.attempt_id, True, True, START)
        if completion.id == todo.reinstate:
            after[completion.attempt_id] = Completed(completion.id, completion.attempt_id)
    if todo.complete is not None:
        after[todo.complete] = Completed(999, todo.complete)
    passed = {attempt.id for attempt in attempts if attempt.passed}
    assert all(completion.attempt_id in passed for completion in after.values() if not completion.withdrawn)
    assert follow(attempts, list(after.values())) == Follow()
    if "judged" not in [state for _, state in history]:
        assert bool(passed) == any(not completion.withdrawn for completion in after.values())


@given(st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans())
def test_of_two_results_one_takes_the_others_place(a: int, b: int, first: bool, second: bool) -> None:
    one, other = Mark(a, 9, first), Mark(b, 9, second)
    ways = takes_its_place(one, other, Policy.NEVER_WORSEN), takes_its_place(other, one, Policy.NEVER_WORSEN)
    assert any(ways)
    assert all(ways) == (rank(one) == rank(other))
