"""Every setting is declared once: defaults, refusals with a hint, and the table in docs/operators.md."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.errors import ConfigurationError
from lms.rules.plans import cycle
from lms.settings import SETTINGS, read_settings, settings_table

ROOT = Path(__file__).parents[1]
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def test_defaults() -> None:
    assert read_settings({}) == DEFAULTS
    assert read_settings({"PATH": "/bin", "ALMS_X": "1", "lms_courses": "x"}) == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_an_empty_value_is_the_default(name: str) -> None:
    assert read_settings({name: ""}) == DEFAULTS


def test_what_is_given_is_taken() -> None:
    given = {"LMS_COURSES": "/srv/courses", "LMS_COOKIE_SECURE": "1", "LMS_PLAN_CYCLE_START": "01-01"}
    assert read_settings(given) == {**DEFAULTS, **given}


def test_the_process_is_read_when_nothing_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_ORGANISATION", "River House")
    assert read_settings()["LMS_ORGANISATION"] == "River House"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LMS_DATABASE_ULR", "LMS_DATABASE_URL"),
        ("LMS_DATABSE_URL", "LMS_DATABASE_URL"),
        ("LMS_COURSE", "LMS_COURSES"),
        ("LMS_SECRETKEY", "LMS_SECRET_KEY"),
        ("LMS_ORGANIZATION", "LMS_ORGANISATION"),
        ("LMS_TRUSTED_HOST", "LMS_TRUSTED_HOSTS"),
    ],
)
def test_did_you_mean(name: str, meant: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings({name: "x"})
    assert str(refused.value) == f"Unknown setting {name}. Did you mean {meant}?"


def test_unlike_every_other_name_all_are_listed() -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings({"LMS_ZZZZZZZZZZ": ""})
    assert str(refused.value) == f"Unknown setting LMS_ZZZZZZZZZZ. Known are: {', '.join(DEFAULTS)}."


def test_every_unknown_one_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings({"LMS_PROXY": "1", "LMS_MAIL_URI": "x", "LMS_COURSES": "courses"})
    assert [line.split(".")[0] for line in str(refused.value).splitlines()] == [
        "Unknown setting LMS_MAIL_URI",
        "Unknown setting LMS_PROXY",
    ]


def test_a_value_is_never_repeated_for_an_unknown_name() -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings({"LMS_SECRET_KEYS": "do-not-print-me"})
    assert "do-not-print-me" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"LMS_COOKIE_SECURE": "true"}, "LMS_COOKIE_SECURE is 'true'; it is 0 or 1."),
        ({"LMS_COOKIE_SECURE": " 1"}, "LMS_COOKIE_SECURE is ' 1'; it is 0 or 1."),
        ({"LMS_PLAN_CYCLE_START": "July"}, "is 'July'; it is a month and a day, such as 07-01."),
        ({"LMS_PLAN_CYCLE_START": "13-01"}, "is '13-01'; it is a month and a day, such as 07-01."),
        ({"LMS_PLAN_CYCLE_START": "02-30"}, "is '02-30'; it is a month and a day, such as 07-01."),
        ({"LMS_PLAN_CYCLE_START": "W01-1"}, "is 'W01-1'; it is a month and a day, such as 07-01."),
        ({"LMS_PLAN_CYCLE_START": "7-1"}, "is '7-1'; it is a month and a day, such as 07-01."),
    ],
)
def test_a_value_that_would_fail_later_is_refused_at_once(given: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings(given)
    assert message in str(refused.value)


@settings(deadline=None)
@given(st.text(max_size=6))
def test_a_cycle_that_is_taken_has_a_year(start: str) -> None:
    try:
        taken = read_settings({"LMS_PLAN_CYCLE_START": start})["LMS_PLAN_CYCLE_START"]
    except ConfigurationError:
        return
    for today in (date(2026, 11, 23), date(2028, 2, 29)):
        first, last = cycle(today, taken)
        assert first <= today <= last


def test_the_operators_page_has_this_table() -> None:
    """`python -m lms.settings` prints what docs/operators.md shows."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    printed = subprocess.run(
        [sys.executable, "-m", "lms.settings"], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert printed.stdout == settings_table() + "\n"
    assert printed.stdout in (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table_in_one_line() -> None:
    lines = settings_table().splitlines()
    assert len(lines) == len(SETTINGS) + 2
    assert all(line.count("|") == 4 for line in lines)
