"""Which target counts, and where it comes from."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.targets import Setting, Source, gap, role_of, targets_of

DAY = date(2026, 11, 23)


def role(offered: bool = False, **targets: int) -> dict[str, Any]:
    return {"code": "finance", "name": "Finance", "offered": offered, "targets": targets}


def setting(code: str, level: int | None, by: str = "Kofi") -> Setting:
    return Setting(code, level, by, DAY, "Because")


@pytest.mark.parametrize(
    ("offered", "taken", "level", "source"),
    [
        (False, None, 2, Source.PROFILE),
        (False, True, 2, Source.PROFILE),
        (True, None, None, Source.OFFERED),
        (True, True, 2, Source.TAKEN),
        (True, False, None, Source.DECLINED),
    ],
)
def test_a_profile_sets_targets_or_offers_them(
    offered: bool, taken: bool | None, level: int | None, source: Source
) -> None:
    target = targets_of(role(offered, A=2), taken, [], {})["A"]
    assert (target.level, target.source, target.profile) == (level, source, 2)


@pytest.mark.parametrize(
    ("settings", "level", "source"),
    [
        ([setting("A", 3)], 3, Source.SET),
        ([setting("A", 3), setting("A", 1)], 1, Source.SET),
        ([setting("A", 0)], None, Source.SET),
        ([setting("A", 3), setting("A", None)], 2, Source.PROFILE),
        ([setting("B", 3)], 2, Source.PROFILE),
    ],
)
def test_what_was_set_for_the_person_wins_and_the_last_counts(
    settings: list[Setting], level: int | None, source: Source
) -> None:
    target = targets_of(role(A=2), None, settings, {})["A"]
    assert (target.level, target.source) == (level, source)


def test_without_a_profile_only_what_was_set() -> None:
    assert targets_of(None, None, [setting("A", 2), setting("B", 1), setting("B", None)], {}).keys() == {"A"}


def test_old_codes_are_read_through_the_mapping() -> None:
    found = targets_of(role(OLD=2), None, [setting("GONE", 4), setting("OLDER", 3)], {
        "OLD": ["NEW"], "OLDER": ["OLDEST", "OTHER"], "OLDEST": ["NEWER"], "GONE": [],
    })  # fmt: skip
    assert {code: (one.level, one.source.value) for code, one in found.items()} == {
        "NEW": (2, "profile"), "NEWER": (3, "set"), "OTHER": (3, "set"),
    }  # fmt: skip


@given(st.booleans(), st.sampled_from([None, True, False]), st.lists(st.sampled_from([None, 0, 1, 2, 3, 4])))
def test_an_offer_that_was_not_taken_is_never_a_target(
    offered: bool, taken: bool | None, levels: list[int | None]
) -> None:
    target = targets_of(role(offered, A=2), taken, [setting("A", level) for level in levels], {})["A"]
    if target.source in (Source.OFFERED, Source.DECLINED):
        assert (offered, target.level, bool(taken)) == (True, None, False)
    if levels and levels[-1] is not None:
        assert (target.source, target.level) == (Source.SET, levels[-1] or None)


@pytest.mark.parametrize(("target", "level", "missing"), [(None, 0, 0), (2, 0, 2), (2, 2, 0), (1, 3, 0)])
def test_the_gap(target: int | None, level: int, missing: int) -> None:
    assert gap(target, level) == missing


ROLES = {
    "roles": [
        {"code": "finance", "audience": "staff", "functions": ["grants"]},
        {"code": "partner", "audience": "partner_staff", "functions": ["grants"]},
        {"code": "everyone", "audience": "everyone", "functions": []},
    ]
}


@pytest.mark.parametrize(
    ("kind", "profile", "function", "code"),
    [
        ("staff", "", "grants", "finance"),
        ("partner_staff", "", "grants", "partner"),
        ("associate", "", "", "everyone"),
        ("staff", "partner", "grants", "partner"),
        ("staff", "unknown", "grants", "finance"),
        ("staff", None, None, "everyone"),
    ],
)
def test_whose_profile_it_is(kind: str, profile: str | None, function: str | None, code: str) -> None:
    found = role_of(kind, profile, function, ROLES)
    assert found is not None
    assert found["code"] == code


def test_without_roles_there_is_none() -> None:
    assert role_of("staff", "", "", {"roles": []}) is None
