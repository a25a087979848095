"""`flask lms explain`: in words and as JSON, for today and another day, and what is not known."""

import json

import pytest
from flask.testing import FlaskCliRunner

from lms.db import Database
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
    assert "The target of the role is level 2." in text
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
