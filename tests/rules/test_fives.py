"""No group of fewer than five people is shown, nor can one be worked out from what is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.fives import FEWEST, of_five


@pytest.mark.parametrize(
    ("sizes", "shown", "others", "others_are_shown"),
    [
        ({}, (), (), False),
        ({"a": 5, "b": 9}, ("a", "b"), (), False),
        ({"a": 9, "b": 4, "c": 3}, ("a",), ("b", "c"), True),
        ({"a": 9, "b": 4, "c": 6}, ("a",), ("b", "c"), True),  # the next smallest with the one
        ({"a": 9, "b": 1, "c": 1, "d": 7}, ("a",), ("b", "c", "d"), True),  # two together are three people
        ({"a": 4}, (), ("a",), False),
        ({"a": 2, "b": 2}, (), ("a", "b"), False),
        ({"a": 5, "b": 1}, (), ("b", "a"), True),
    ],
)
def test_by_hand(sizes, shown, others, others_are_shown) -> None:
    found = of_five(sizes)
    assert (found.shown, set(found.others), found.others_are_shown) == (shown, set(others), others_are_shown)


@given(sizes=st.dictionaries(st.integers(), st.integers(1, 12), max_size=8), repeat=st.booleans())
def test_every_number_that_is_shown_or_left_over_is_of_five_people(sizes, repeat) -> None:
    found = of_five(sizes, people_may_repeat=repeat)
    assert set(found.shown) | set(found.others) == set(sizes)
    assert not set(found.shown) & set(found.others)
    assert all(sizes[key] >= FEWEST for key in found.shown)
    hidden = [sizes[key] for key in found.others]
    people = (max if repeat else sum)(hidden) if hidden else 0
    if found.shown:  # the total less all that is shown
        assert not hidden or (len(hidden) > 1 and people >= FEWEST and found.others_are_shown)
    assert found.others_are_shown == (people >= FEWEST)
