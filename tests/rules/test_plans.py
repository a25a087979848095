"""Development plans: when a step is closed, by what, and which year it is."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.rules.levels import SHIPPED_RULE, explain
from lms.rules.needs import Kind, Pieces, Proof
from lms.rules.plans import (
    ItemState,
    Seen,
    Signature,
    cycle,
    level_state,
    midnight,
    next_cycle,
    seen_state,
    signed_state,
)

OPEN = ItemState()


def at(day: int) -> datetime:
    return datetime(2026, 9, day, 8, 0, tzinfo=UTC)


def seen(ref: str, day: int, back: int | None = None) -> Seen:
    return Seen(ref, at(day), None if back is None else at(back))


def closed(ref: str, day: int) -> ItemState:
    return ItemState(at(day), (ref,))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], OPEN),
        ([seen("a", 2)], closed("a", 2)),
        ([seen("a", 2, back=5)], ItemState(reopened_at=at(5))),
        ([seen("a", 2, back=5), seen("b", 8)], closed("b", 8)),
        ([seen("a", 2), seen("b", 8)], closed("a", 2)),
        ([seen("a", 2), seen("b", 8, back=9)], closed("a", 2)),
        ([seen("b", 2), seen("a", 2)], closed("a", 2)),
        ([seen("a", 2, back=9), seen("b", 3, back=5)], ItemState(reopened_at=at(9))),
    ],
)
def test_an_item_that_a_fact_closes(facts: list[Seen], expected: ItemState) -> None:
    for mixed in permutations(facts):
        assert seen_state(mixed) == expected
    assert expected.is_closed == any(item.withdrawn_at is None for item in facts)


@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        ([], OPEN),
        ([Signature(at(2), done=True)], ItemState(at(2))),
        ([Signature(at(2), done=True), Signature(at(5), done=False)], ItemState(reopened_at=at(5))),
        (
            [Signature(at(2), done=True), Signature(at(5), done=False), Signature(at(6), done=True)],
            ItemState(at(6)),
        ),
        ([Signature(at(2), done=True, number=1), Signature(at(2), done=False, number=2)], ItemState(reopened_at=at(2))),
    ],
)
def test_signed_item(signatures: list[Signature], expected: ItemState) -> None:
    for mixed in permutations(signatures):
        assert signed_state(mixed) == expected


def course(ref: str, day: int, back: int | None = None, until: int | None = None) -> Proof:
    ends = [at(number).date() if number else None for number in (until, back)]
    return Proof(ref, Kind.COURSE, at(day).date(), *ends)


def task(ref: str, day: int, back: int | None = None) -> Proof:
    return Proof(ref, Kind.TASK, at(day).date(), None, at(back).date() if back else None)


def reached(day: int, *refs: str) -> ItemState:
    return ItemState(midnight(at(day).date()), refs)


def fallen(day: int) -> ItemState:
    return ItemState(reopened_at=midnight(at(day).date()))


@pytest.mark.parametrize(
    ("proofs", "wanted", "expected"),
    [
        ([], 1, OPEN),
        ([course("a", 2)], 1, reached(2, "a")),
        ([course("a", 2)], 2, OPEN),
        ([course("a", 2), task("b", 5)], 2, reached(5, "b")),
        ([course("a", 2), task("b", 5, back=8)], 2, fallen(8)),
        ([course("a", 2), task("b", 5, back=8), task("c", 9)], 2, reached(9, "c")),
        ([task("b", 5, back=8), task("c", 8)], 2, reached(5, "c")),
        ([course("a", 2), course("b", 3)], 1, reached(2, "a", "b")),
        ([course("a", 2, back=4), course("b", 3)], 1, reached(2, "b")),
        ([course("a", 2, until=6)], 1, fallen(6)),
        ([course("a", 25)], 1, OPEN),
    ],
)
def test_an_item_that_a_level_closes(proofs: list[Proof], wanted: int, expected: ItemState) -> None:
    for mixed in permutations(proofs):
        assert level_state(mixed, wanted, at(20).date(), SHIPPED_RULE) == expected


@dataclass(frozen=True)
class Counted(Pieces):
    """A need that counts how often it is asked."""

    asked: tuple[list[int], ...] = ([],)

    def holds(self, live) -> bool:
        self.asked[0].append(len(live))
        return super().holds(live)


def test_each_day_is_judged_by_its_level_alone() -> None:
    """200 pieces on 200 days: which of them could be spared is asked of the last day only."""
    need = Counted((Kind.COURSE,), asked=([],))
    proofs = [Proof(str(n), Kind.COURSE, date(2026, 1, 1) + timedelta(days=n)) for n in range(200)]
    rule = replace(SHIPPED_RULE, needs=(need, *SHIPPED_RULE.needs[1:]))
    assert level_state(proofs, 1, date(2026, 12, 31), rule).is_closed
    assert len(need.asked[0]) < 5 * len(proofs)


REFS = st.integers(0, 8).map(str)
DAYS = st.integers(1, 28)
BACK = st.none() | DAYS
FACTS = st.lists(st.builds(seen, REFS, DAYS, BACK), unique_by=lambda fact: fact.ref)
SIGNATURES = st.lists(
    st.builds(lambda day, done, number: Signature(at(day), done, number), DAYS, st.booleans(), st.integers(0, 99)),
    unique_by=lambda signature: signature.number,
)
PROOFS = st.lists(
    st.builds(course, REFS, DAYS, BACK, BACK) | st.builds(task, REFS, DAYS, BACK),
    unique_by=lambda proof: proof.ref, max_size=6,
)  # fmt: skip


@settings(max_examples=2000)
@given(FACTS, SIGNATURES, PROOFS, st.integers(1, 4), DAYS, st.randoms(use_true_random=False))
def test_outcomes_are_the_same_in_every_order(facts, signatures, proofs, wanted, today, random) -> None:
    """2,000 random histories, shuffled: what closes an item, since when and by which records never differs."""
    day = at(today).date()
    before = seen_state(facts), signed_state(signatures), level_state(proofs, wanted, day, SHIPPED_RULE)
    for some in (facts, signatures, proofs):
        random.shuffle(some)
    assert (seen_state(facts), signed_state(signatures), level_state(proofs, wanted, day, SHIPPED_RULE)) == before
    assert before[0].is_closed == any(fact.withdrawn_at is None for fact in facts)
    assert before[2].is_closed == (explain(proofs, day).level >= wanted)
    assert not (before[2].is_closed and not before[2].records)


@pytest.mark.parametrize(
    ("today", "starts", "first", "last"),
    [
        (date(2026, 11, 23), "07-01", date(2026, 7, 1), date(2027, 6, 30)),
        (date(2026, 7, 1), "07-01", date(2026, 7, 1), date(2027, 6, 30)),
        (date(2026, 6, 30), "07-01", date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 1, 1), "01-01", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), "01-01", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), "03-01", date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), "02-29", date(2028, 2, 29), date(2029, 2, 27)),
        (date(2028, 2, 28), "02-29", date(2027, 2, 28), date(2028, 2, 28)),
        (date(2027, 2, 28), "02-29", date(2027, 2, 28), date(2028, 2, 28)),
        (date(2027, 2, 27), "02-29", date(2026, 2, 28), date(2027, 2, 27)),
        (date(2026, 11, 23), "02-29", date(2026, 2, 28), date(2027, 2, 27)),
    ],
)
def test_cycle(today: date, starts: str, first: date, last: date) -> None:
    assert cycle(today, starts) == (first, last)


STARTS = st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: f"{day:%m-%d}")


@example(date(2028, 2, 28), "02-29")
@example(date(2027, 2, 28), "02-29")
@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), STARTS)
def test_cycles_hold_every_day_once(today: date, starts: str) -> None:
    first, last = cycle(today, starts)
    assert first <= today <= last
    assert cycle(first, starts) == cycle(last, starts) == (first, last)
    assert cycle(last + timedelta(days=1), starts)[0] == last + timedelta(days=1)
    assert 365 <= (last - first).days + 1 <= 366


@given(st.dates(date(2000, 1, 1), date(2050, 12, 31)), STARTS, STARTS, st.integers(1, 800))
def test_cycles_of_one_person_never_overlap(day: date, starts: str, other: str, later: int) -> None:
    """Also where the new unit's year is another: the new plan begins where the former has ended."""
    _first, end = cycle(day, starts)
    today = end + timedelta(days=later)
    first, last = next_cycle(today, other, end)
    assert end < first <= today <= last
    assert first in (end + timedelta(days=1), cycle(today, other)[0])
