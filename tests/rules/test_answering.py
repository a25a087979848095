"""Which answer stands: a table of meetings of pages, and what must hold of all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.answering import Given, standing_answer, takes_effect

# What stood before -> the new answer -> does it take effect?
CASES = {
    "the first answer": ([], Given(1, "a", 1, 0), True),
    "the same page changes its mind without a receipt": ([Given(1, "a", 1, 0)], Given(2, "a", 2, 0), True),
    "the same page with a receipt": ([Given(1, "a", 1, 0)], Given(2, "a", 2, 1), True),
    "the network turns two answers of a page around": ([Given(1, "a", 2, 0)], Given(2, "a", 1, 0), False),
    "another page that has not seen it": ([Given(1, "a", 1, 0)], Given(2, "b", 1, 0), False),
    "another page that has seen it": ([Given(1, "a", 1, 0)], Given(2, "b", 1, 1), True),
    "a page that saw the first of two": ([Given(1, "a", 1, 0), Given(2, "a", 2, 1)], Given(3, "b", 1, 1), False),
    "an answer that was set aside stands in nobody's way": (
        [Given(1, "a", 1, 0), Given(2, "b", 1, 0, takes_effect=False)], Given(3, "a", 2, 1), True,
    ),
    "back on the first page after another page's": (
        [Given(1, "a", 1, 0), Given(2, "b", 1, 1)], Given(3, "a", 2, 1), False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_meetings(case: str) -> None:
    before, new, expected = CASES[case]
    assert takes_effect(new, before) is expected


def test_the_last_that_takes_effect_stands_and_late_ones_wait() -> None:
    log = [Given(1, "a", 1, 0), Given(2, "b", 1, 0, takes_effect=False), Given(3, "a", 2, 1, is_late=True)]
    assert standing_answer(log) == log[0]
    assert standing_answer(log, late_count=True) == log[2]
    assert standing_answer([]) is None


ARRIVALS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.integers(0, 8)), max_size=9)


def logged(arrivals: list[tuple[str, int, int]]) -> list[Given]:
    log: list[Given] = []
    for number, (tab, sequence, base) in enumerate(arrivals, 1):
        new = Given(number, tab, sequence, min(base, number - 1))
        log.append(Given(**{**vars(new), "takes_effect": takes_effect(new, log)}))
    return log


@given(ARRIVALS)
def test_nothing_is_replaced_by_a_page_that_had_not_seen_it(arrivals: list[tuple[str, int, int]]) -> None:
    stands: Given | None = None
    for new in logged(arrivals):
        if new.takes_effect and stands:
            assert new.base >= stands.id or (new.tab == stands.tab and new.sequence > stands.sequence)
        if new.takes_effect:
            stands = new


@given(ARRIVALS)
def test_whoever_has_seen_the_newest_can_always_replace_it(arrivals: list[tuple[str, int, int]]) -> None:
    log = logged(arrivals)
    assert takes_effect(Given(len(log) + 1, "new page", 1, len(log)), log)
