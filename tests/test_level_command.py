"""`flask lms explain`: in words and as JSON, for today and another day, and what is not known."""

import json

import pytest
from flask.testing import FlaskCliRunner

from lms.db import Database
from lms.services.targets import set_target
from tests import world
from tests.conftest import make_host
from tests.services import steps


@pytest.fixture
def run(sqlite: Database) -> FlaskCliRunner:
    return make_host(sqlite).test_cli_runner()


@pytest.fixture
def amina(sqlite: Database, who) -> str:
    """Amina completed the course that names PC1, and it was withdrawn; then she completed it again."""
    steps.take(sqlite, who("amina"))
    steps.withdraw(sqlite, steps.later(who("ingrid"), days=1), "amina")
    steps.take(sqlite, steps.later(who("amina"), days=2))
    return "amina@lantern.example"


def explain(run: FlaskCliRunner, *words: str) -> str:
    result = run.invoke(args=["lms", "explain", *words])
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_in_words(run: FlaskCliRunner, amina: str) -> None:
    text = explain(run, amina, "PC1", "--on", "2026-12-01")
    assert text.startswith("Amina Diallo, PC1 Relationship, on 2026-12-01: level 1 (Aware)\n")
    assert "The target is level 2, by the role profile: Finance." in text
    assert text.count("M01 version 2, Why we partner") == 2
    assert "does not count: withdrawn" in text
    assert "counts; without it the level would be lower" in text
    assert "For level 2: have a workplace task seen in practice." in text


@pytest.mark.parametrize(("day", "level"), [("2026-11-22", 0), ("2026-11-23", 1), ("2026-11-24", 0), ("2026-11-25", 1)])
def test_as_json_on_a_day(run: FlaskCliRunner, amina: str, day: str, level: int) -> None:
    found = json.loads(explain(run, "0003", "PC1", "--on", day, "--json"))
    assert (found["person"], found["on"], found["level"], found["target"]) == ("Amina Diallo", day, level, 2)
    assert [one["course"] for one in found["evidence"]] == ["M01", "M01"]
    assert found["framework_version"] == 3
    (lack,) = found["missing_for_next_level"]
    assert lack["kinds"] == (["task"] if level else ["course", "outside", "equivalency", "task"])


def test_where_the_target_comes_from(run: FlaskCliRunner, sqlite: Database, who, amina: str) -> None:
    with sqlite.transaction() as session:
        ref = steps.person(session, "amina").ref
        set_target(session, who("kofi"), ref=ref, competency="PC1", level=3, reason="She leads the pilot.")
    assert "The target is level 3, set by Kofi Mensah on 2026-11-23: She leads the pilot." in explain(run, amina, "PC1")
    assert json.loads(explain(run, amina, "PC1", "--json"))["target_from"] == {
        "source": "set", "profile": "Finance", "profile_level": 2,
        "set_by": "Kofi Mensah", "set_on": "2026-11-23", "reason": "She leads the pilot.",
    }  # fmt: skip
    offered = json.loads(explain(run, "rosa@rioclaro.example", "PC1", "--json"))
    assert (offered["target"], offered["target_from"]["source"], offered["target_from"]["profile_level"]) == (
        None, "offered", 1,
    )  # fmt: skip


def test_without_a_day_it_is_today(run: FlaskCliRunner, amina: str) -> None:
    assert f"on {world.TODAY}: level" in explain(run, amina.upper(), "PC1")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nobody@lantern.example", "PC1"), "PERSON: Nobody has"),
        (("0003", "PC99"), "COMPETENCY: The framework"),
    ],
)
def test_what_is_not_known_is_said(run: FlaskCliRunner, amina: str, words: tuple[str, str], told: str) -> None:
    result = run.invoke(args=["lms", "explain", *words])
    assert result.exit_code == 1
    assert told in result.output
