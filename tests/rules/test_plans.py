"""Development plans: when a step is closed, by what, and which year it is."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.rules.plans import (
    ClosedBy,
    CompletionSeen,
    ItemState,
    Signature,
    course_item_state,
    cycle,
    signed_item_state,
)

OPEN = ItemState()


def at(day: int) -> datetime:
    return datetime(2026, 9, day, 8, 0, tzinfo=UTC)


def seen(ref: str, day: int, back: int | None = None) -> CompletionSeen:
    return CompletionSeen(ref, at(day), None if back is None else at(back))


def closed(ref: str, day: int) -> ItemState:
    return ItemState(ClosedBy.COMPLETION, at(day), ref)


@pytest.mark.parametrize(
    ("completions", "expected"),
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
def test_course_item(completions: list[CompletionSeen], expected: ItemState) -> None:
    for mixed in permutations(completions):
        assert course_item_state(mixed) == expected
    assert expected.is_closed == any(item.withdrawn_at is None for item in completions)


@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        ([], OPEN),
        ([Signature(at(2), done=True)], ItemState(ClosedBy.SIGNATURE, at(2))),
        ([Signature(at(2), done=True), Signature(at(5), done=False)], ItemState(reopened_at=at(5))),
        (
            [Signature(at(2), done=True), Signature(at(5), done=False), Signature(at(6), done=True)],
            ItemState(ClosedBy.SIGNATURE, at(6)),
        ),
    ],
)
def test_signed_item(signatures: list[Signature], expected: ItemState) -> None:
    for mixed in permutations(signatures):
        assert signed_item_state(mixed) == expected


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
