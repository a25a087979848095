"""`flask lms questions import` and `export`: what they print, what they write, when they fail."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from lms.content import check_library
from tests.content.banks.samples import FILES, NAMES
from tests.content.sample import GOOD, write_library

LINE = re.compile(r"^(?P<file>.+):(?P<line>\d+): (?P<fate>carried|changed|dropped)( \[[a-z0-9-]+\])? .*“.*”(: .+)?$")


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_library(tmp_path / "courses", GOOD) / "other"


@pytest.mark.parametrize("format", NAMES)
def test_an_import_tells_every_part_and_the_three_add_up(run: FlaskCliRunner, course: Path, format: str) -> None:
    bank = FILES / NAMES[format]
    done = run.invoke(args=["lms", "questions", "import", str(bank), "--format", format, "--into", str(course)])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    found = [match for line in lines if (match := LINE.match(line))]
    fates = [match["fate"] for match in found]
    counts = {fate: fates.count(fate) for fate in ("carried", "changed", "dropped")}
    told = ", ".join(f"{count} {fate}" for fate, count in counts.items())
    assert lines[len(found)] == f"{told}: {len(found)} parts in all."
    assert [match["file"] for match in found] == [str(bank)] * len(found)
    assert [int(match["line"]) for match in found] == sorted(int(match["line"]) for match in found)
    assert re.fullmatch(
        rf"\d+ of \d+ questions were added to {course}/quiz.yaml, in the pool 'all-2'.", lines[len(found) + 1]
    )
    assert check_library(course), "what is foreign never loads by accident"


def test_a_dry_run_writes_nothing_and_says_the_same(run: FlaskCliRunner, course: Path) -> None:
    call = ["lms", "questions", "import", str(FILES / "all.gift"), "--format", "gift", "--into", str(course)]
    dry = run.invoke(args=[*call, "--pool", "fresh", "--dry-run"])
    assert (course / "quiz.yaml").read_text() == GOOD["other/quiz.yaml"]
    wet = run.invoke(args=[*call, "--pool", "fresh"])
    assert dry.output.replace("would be added", "were added") == wet.output
    assert "in the pool 'fresh'.\nBefore this course can be loaded" in wet.output
    assert f" × {course}/quiz.yaml:" in wet.output


def test_nothing_taken_is_a_failure(run: FlaskCliRunner, course: Path, tmp_path: Path) -> None:
    (tmp_path / "bank").write_text("Tell a story {}")
    done = run.invoke(
        args=["lms", "questions", "import", str(tmp_path / "bank"), "--format", "gift", "--into", str(course)]
    )
    assert done.exit_code == 1
    assert (
        "0 carried, 0 changed, 1 dropped: 1 parts in all.\nNo question could be taken: nothing was written.\n"
        in done.output
    )
    assert (course / "quiz.yaml").read_text() == GOOD["other/quiz.yaml"]


def test_a_broken_file_is_told_with_its_place(run: FlaskCliRunner, course: Path, tmp_path: Path) -> None:
    (tmp_path / "bank").write_text("<quiz>\n<question>")
    done = run.invoke(
        args=["lms", "questions", "import", str(tmp_path / "bank"), "--format", "moodle-xml", "--into", str(course)]
    )
    assert done.exit_code == 1
    assert f"{tmp_path / 'bank'}:2:11: not well-formed XML: no element found\n" in done.output
    assert "nothing has changed" in done.output
    assert "Traceback" not in done.output


def test_an_export_to_a_file_and_to_the_screen(app: Flask, run: FlaskCliRunner, course: Path, tmp_path: Path) -> None:
    app.extensions["lms"].courses = str(course.parent)
    shown = run.invoke(args=["lms", "questions", "export", "basics", "--format", "gift"])
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("// [id:late-form] [tag:competency:PC1]")
    assert "fr/quiz.yaml: translations are left out\n" in shown.stderr
    assert shown.stderr.endswith("2 of 2 questions were exported.\n")
    file = tmp_path / "bank.gift"
    kept = run.invoke(args=["lms", "questions", "export", "basics", "--format", "gift", "--output", str(file)])
    assert kept.stdout == ""
    assert file.read_text(encoding="utf-8") == shown.stdout


def test_an_export_of_no_course(run: FlaskCliRunner) -> None:
    done = run.invoke(args=["lms", "questions", "export", "nowhere", "--format", "gift"])
    assert done.exit_code == 1
    assert "is no course folder" in done.output
