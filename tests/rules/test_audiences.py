"""Whom a rule means: which conditions fail, since when somebody is here, and what is asked until when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.assigning import Due, Order, Terms, asked, due_day, read_terms, terms_as_json
from lms.rules.audiences import Attributes, Conditions, as_json, failing, joined_on, read_conditions

ON = date(2026, 11, 23)
DAY = timedelta(days=1)
SOMEBODY = Attributes(
    kind="staff", unit_path="/1/2/", function="finance", profile="finance", partner_types="community_based;network",
    tags="country_office", started_on=ON, joined_on=ON - DAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "but"),
    [
        ({"unit_path": "/1/"}, []),
        ({"unit_path": "/1/20/"}, ["unit"]),
        ({"kinds": ("partner_staff",)}, ["kind"]),
        ({"functions": ("programme", "finance")}, []),
        ({"functions": ("programme",), "profiles": ("meal",)}, ["function", "profile"]),
        ({"partner_types": ("network",)}, []),
        ({"partner_types": ("net",)}, ["partner_type"]),  # a part of a word is not the word
        ({"tags": ("programme_unit",)}, ["tag"]),
        ({"joined_from": ON - DAY, "joined_before": ON}, []),
        ({"joined_from": ON}, ["joined_from"]),
        ({"joined_before": ON - DAY}, ["joined_before"]),
    ],
)
def test_what_keeps_somebody_out(wanted: dict[str, object], but: list[str]) -> None:
    assert failing(Conditions(**wanted), SOMEBODY, ON) == but  # type: ignore[arg-type]
    assert "post" in failing(Conditions(**wanted), SOMEBODY, ON - DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("posts", "since"),
    [
        ([], None),
        ([(ON, None)], ON),
        ([(ON - 9 * DAY, ON), (ON, None)], ON - 9 * DAY),  # a move is no new beginning
        ([(ON - 9 * DAY, ON - DAY), (ON, None)], ON),  # a break is
        ([(ON, None), (ON - 9 * DAY, None), (ON - 20 * DAY, ON - 15 * DAY)], ON - 9 * DAY),
    ],
)
def test_since_when_somebody_is_here(posts: list[tuple[date, date | None]], since: date | None) -> None:
    assert joined_on(posts) == since


ABC = ("A", "B", "C")


@pytest.mark.parametrize(
    ("order", "done", "now"),
    [
        (Order.ALL, "", "ABC"),
        (Order.ALL, "ABC", "ABC"),
        (Order.IN_ORDER, "", "A"),
        (Order.IN_ORDER, "A", "AB"),
        (Order.IN_ORDER, "B", "A"),  # B was done by own choice, before it was asked
        (Order.IN_ORDER, "AB", "ABC"),
        (Order.SOME, "", "ABC"),
        (Order.SOME, "C", "ABC"),
        (Order.SOME, "AC", "AC"),
    ],
)
def test_what_is_asked_now(order: Order, done: str, now: str) -> None:
    assert asked(Terms(ABC, order, at_least=2), set(done)) == list(now)


@given(
    order=st.sampled_from(Order), at_least=st.integers(1, 3), done=st.sets(st.sampled_from("ABC")),
    more=st.sampled_from("ABC"),
)  # fmt: skip
def test_who_does_more_is_never_asked_less_of_what_is_done(order: Order, at_least: int, done: set[str], more: str):
    terms = Terms(ABC, order, at_least)
    before, after = set(asked(terms, done)), set(asked(terms, done | {more}))
    assert after & done >= before & done
    assert before - after <= set(ABC) - done - {more}
    left = set(ABC) - done
    assert bool(before - done) == bool(left if order is not Order.SOME else len(done) < at_least)


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ({"due": Due.NEVER}, None),
        ({"due": Due.FIXED, "due_on": ON}, ON),
        ({"due": Due.FIXED, "due_on": ON - DAY}, ON + 28 * DAY),
        ({"due": Due.MATCHED, "days": 30}, ON + 30 * DAY),
        ({"due": Due.JOINED, "days": 30}, ON + 20 * DAY),
        ({"due": Due.JOINED, "days": 5}, ON + 5 * DAY),  # that had passed: as many days from now
    ],
)
def test_due(terms: dict[str, object], due: date | None) -> None:
    assert due_day(Terms(ABC, **terms), ON - 10 * DAY, ON) == due  # type: ignore[arg-type]


WORDS = st.lists(st.sampled_from(["a", "b"]), unique=True).map(tuple)
DATES = st.none() | st.dates()


@given(
    st.builds(Conditions, st.just("/1/"), WORDS, WORDS, WORDS, WORDS, WORDS, DATES, DATES),
    st.builds(Terms, WORDS, st.sampled_from(Order), st.integers(0, 3), st.sampled_from(Due), DATES),
)
def test_kept_and_read_they_are_the_same(wanted: Conditions, terms: Terms) -> None:
    assert read_conditions("/1/", as_json(wanted)) == wanted
    assert read_terms(terms_as_json(terms)) == terms
