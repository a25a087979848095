"""Codes followed through mappings, and what differs between two frameworks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.frameworks import (
    Difference,
    compare_frameworks,
    compare_roles,
    follow,
    gather,
    indicators,
    leads_back,
    move_targets,
    moves_of,
)

CODES = st.sampled_from(["A", "B", "C", "D", "E", "F"])
MOVES = st.dictionaries(CODES, st.lists(CODES, max_size=3, unique=True))
ITEMS = st.lists(st.tuples(CODES, st.integers(1, 3), st.integers(1, 4)))  # code, source, weight


@pytest.mark.parametrize(
    ("code", "moves", "became"),
    [
        ("PC1", {}, ("PC1",)),
        ("PC3", {"PC3": ["PX1"]}, ("PX1",)),
        ("PC3", {"PC3": ["PX1"], "PX1": ["PZ1"]}, ("PZ1",)),
        ("PC3", {"PC3": ["PX1", "PX2"]}, ("PX1", "PX2")),
        ("PC3", {"PC3": ["PX1", "PX2"], "PX1": ["PX2"]}, ("PX2",)),
        ("PC3", {"PC3": []}, ()),
        ("PC3", {"PC3": ["PX1"], "PX1": []}, ()),
    ],
)
def test_where_a_code_went(code: str, moves: dict[str, list[str]], became: tuple[str, ...]) -> None:
    assert follow(code, moves) == became


@given(CODES, MOVES)
def test_following_ends_where_nothing_moves(code: str, moves: dict[str, list[str]]) -> None:
    became = follow(code, moves)
    assert not set(became) & set(moves)
    assert len(set(became)) == len(became)
    assert all(follow(one, moves) == (one,) for one in became)


@given(
    st.permutations(["A", "B", "C", "D"]), st.permutations(["K", "L", "M", "N"]), st.permutations(["W", "X", "Y", "Z"])
)
def test_new_names_over_several_versions_lose_nothing(first: list[str], second: list[str], third: list[str]) -> None:
    """A chain in one mapping says what the versions said one after the other; and nothing falls together."""
    one = {old: [new] for old, new in zip(first, second, strict=True)}
    two = {old: [new] for old, new in zip(second, third, strict=True)}
    for old, new in zip(first, third, strict=True):
        assert follow(old, {**one, **two}) == (new,)
        assert [last for middle in follow(old, one) for last in follow(middle, two)] == [new]


@given(CODES, MOVES)
def test_leading_back_is_seen(code: str, moves: dict[str, list[str]]) -> None:
    reached, waiting = set(), list(moves.get(code, []))
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += moves.get(here, [])
    assert leads_back(code, moves) == (code in reached)


def _gathered(items: list[tuple[str, int, int]], moves: dict[str, list[str]]) -> dict[str, list[tuple[str, int, int]]]:
    return gather(items, moves, code=lambda one: one[0], source=lambda one: one[1], weight=lambda one: one[2])


@given(ITEMS, MOVES)
def test_each_source_counts_once_for_a_code_and_with_its_best(items: Any, moves: Any) -> None:
    found = _gathered(items, moves)
    for code, some in found.items():
        reaching = [item for item in items if code in follow(item[0], moves)]
        assert {item[1] for item in some} == {item[1] for item in reaching}
        for _, source, weight in some:
            assert weight == max(item[2] for item in reaching if item[1] == source)
        assert len({item[1] for item in some}) == len(some)
    assert set(found) == {code for item in items for code in follow(item[0], moves)}


def test_without_moves_each_item_stays_under_its_code() -> None:
    assert _gathered([("A", 1, 1), ("B", 1, 1), ("A", 2, 1)], {}) == {
        "A": [("A", 1, 1), ("A", 2, 1)],
        "B": [("B", 1, 1)],
    }


def test_targets_of_codes_that_became_one_are_the_highest() -> None:
    assert move_targets({"A": 1, "B": 3, "C": 2}, {"A": ["X"], "B": ["X"], "C": []}) == {"X": 3}


def body(*competencies: tuple[str, list[tuple[str, str]]], mapping: Any = ()) -> dict[str, Any]:
    """A framework in which each competency has its indicators at level 1."""
    return {
        "levels": [],
        "competencies": [
            {
                "code": code, "name": f"Name of {code}", "line": "Line", "actions": [1], "steps": ["S1"],
                "levels": {"1": [{"text": text, "prompt": prompt} for text, prompt in some]},
            }
            for code, some in competencies
        ],
        "mapping": list(mapping),
    }  # fmt: skip


def told(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(one.what, one.how, one.code) for one in found]


def test_the_same_framework_differs_in_nothing() -> None:
    one = body(("A", [("x", "p")]))
    assert compare_frameworks(one, one) == []


def test_competencies_come_go_and_are_renamed() -> None:
    old = body(("A", [("x", "p")]), ("B", [("y", "p")]), ("C", [("z", "p")]))
    new = body(
        ("A", [("x", "p")]), ("K", [("y", "p")]), ("D", [("d", "p")]),
        mapping=[{"old": "B", "new": ["K"]}, {"old": "C", "new": [], "reason": "Too far"}],
    )  # fmt: skip
    found = compare_frameworks(old, new)
    assert ("competency", "renamed", "B") in told(found)
    assert ("competency", "removed", "C") in told(found)
    assert ("competency", "added", "D") in told(found)
    assert next(one.after for one in found if one.code == "C") == "Too far"
    assert not [one for one in found if one.what == "indicator"]


def test_a_split_and_a_merger_are_told() -> None:
    old, new = body(("A", []), ("B", [])), body(("X", []), ("Y", []))
    split = compare_frameworks(body(("A", [])), {**new, "mapping": [{"old": "A", "new": ["X", "Y"]}]})
    assert [(one.how, one.code, one.after) for one in split] == [("moved", "A", "X, Y")]
    merged = [{"old": "A", "new": ["X"]}, {"old": "B", "new": ["X"]}]
    assert told(compare_frameworks(old, {**body(("X", [])), "mapping": merged})) == [
        ("competency", "moved", "A"), ("competency", "moved", "B"),
    ]  # fmt: skip


def test_indicators_and_prompts() -> None:
    old = body(("A", [("x", "p"), ("y", "p"), ("z", "p")]))
    new = body(("A", [("z", "p"), ("x", "q"), ("w", "p"), ("v", "p")]))
    assert [(one.what, one.how, one.code, one.before, one.after) for one in compare_frameworks(old, new)] == [
        ("indicator", "reworded", "A.1c", "y", "w"),
        ("indicator", "added", "A.1d", "", "v"),
        ("prompt", "reworded", "A.1b", "p", "q"),
    ]


def test_the_oldest_versions_hold_texts_alone() -> None:
    old = body(("A", []))
    old["competencies"][0]["levels"]["1"] = ["x"]
    assert indicators(old["competencies"][0], 1) == [("x", "")]
    assert told(compare_frameworks(old, body(("A", [("x", "p")])))) == [("prompt", "reworded", "A.1a")]
    del old["mapping"]
    assert moves_of(old) == {}


def test_levels_and_their_rule() -> None:
    one = {"level": 1, "name": "Aware", "line": "Knows.", "proof": "A course."}
    old, new = body(), body()
    old["levels"], new["levels"] = [one], [{**one, "name": "Awake", "needs": {"kinds": ["course"]}}]
    found = compare_frameworks(old, {**new, "aggregation": "highest"})
    assert told(found) == [("level", "reworded", "1"), ("rule", "changed", "1"), ("rule", "changed", "aggregation")]


def test_roles_and_targets_through_the_mapping() -> None:
    role = {"code": "finance", "name": "Finance", "audience": "staff", "functions": [], "offered": False}
    old = {"roles": [{**role, "targets": {"A": 1, "B": 2}}, {**role, "code": "gone", "targets": {}}]}
    new = {"roles": [{**role, "targets": {"X": 1, "B": 3}}, {**role, "code": "new", "targets": {}}]}
    found = compare_roles(old, new, {"A": ["X"]})
    assert [(one.what, one.how, one.code, one.before, one.after) for one in found] == [
        ("role", "removed", "gone", "Finance", ""),
        ("target", "changed", "finance:B", "2", "3"),
        ("role", "added", "new", "", "Finance"),
    ]
