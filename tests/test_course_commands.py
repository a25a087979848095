"""`flask lms check` and `coverage`: what they print for good, weak and faulty courses, and how they end."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.content.sample import GOOD, write_library


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_library(tmp_path / "courses", GOOD)


def test_warnings_and_notes_are_printed_and_are_no_faults(run: FlaskCliRunner, folder: Path) -> None:
    done = run.invoke(args=["lms", "check", str(folder)])
    assert done.exit_code == 0
    *_, note, end = done.output.splitlines()
    assert f"warning: {folder}/other/quiz.yaml:3:11: pool 'all' has 1 questions for a draw of 1" in done.output
    assert note == "note: path induction names courses that are not there yet: M99"
    assert end == f"No faults in {folder}. 6 warnings."


def test_faults_end_with_one(run: FlaskCliRunner, folder: Path) -> None:
    (folder / "other/quiz.yaml").write_text("pools: 3\n")
    done = run.invoke(args=["lms", "check", str(folder / "other")])
    assert done.exit_code == 1
    assert done.output == (
        f"{folder}/other/quiz.yaml:1:8: pools must be a list, not 3 (put it in quotes if it is text)\n"
        f"1 faults in {folder / 'other'}.\n"
    )


def test_guessing_prints_a_table_and_names_what_it_gets_right(run: FlaskCliRunner, folder: Path) -> None:
    done = run.invoke(args=["lms", "check", "--guess", str(folder / "other")])
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[3].split() == ["course", "language", "strategy", "right", "chance", "pass", "of", "1000", "draws"]
    assert [line[18:31].strip() for line in lines[4:10]] == [
        "longest", "shortest", "most hedged", "like the stem", "middle", "random",
    ]  # fmt: skip
    assert lines[4].startswith("other   en        longest         100 %")
    assert lines[4].endswith("100.0 %  too much")
    assert "other (en), longest: gets right one" in lines
    assert lines[-1] == "Too much is given away 5 times."


def test_a_fair_quiz_ends_well(run: FlaskCliRunner, folder: Path) -> None:
    quiz = str(GOOD["other/quiz.yaml"])
    options = "".join(f"\n          - {{text: Say {word}, feedback: No {word}.}}" for word in ("twelve", "eleven"))
    question = quiz.split("questions:\n")[1].replace("text: The partner", "text: Say twenty")
    question = question.replace("text: The donor", "text: Say ninety").rstrip() + options + "\n"
    many = "".join(question.replace("id: one", f"id: q{n}") for n in range(9))
    (folder / "other/quiz.yaml").write_text(f"pools:\n  - id: all\n    draw: 3\n    questions:\n{many}")
    done = run.invoke(args=["lms", "check", "--guess", str(folder / "other")])
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "Looks alone give nothing away.")
    assert "too much" not in done.output


def test_coverage_is_a_table_with_its_gaps(run: FlaskCliRunner, folder: Path) -> None:
    done = run.invoke(args=["lms", "coverage", str(folder)])
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[0].split() == ["competency", "level", "1", "level", "2", "level", "3", "level", "4"]
    assert lines[1] == "PC1 Relationship  M01, M02  –        –        –"
    assert lines[3] == "action 1          M01"
    assert lines[10] == "S1 Think          M01, M02"
    assert lines[12] == "gap: PC1: no course aims at level 2 or higher"
    assert lines[-1] == "6 gaps."


def test_coverage_without_gaps_and_of_faulty_files(run: FlaskCliRunner, folder: Path) -> None:
    course = folder / "other/course.yaml"
    course.write_text(course.read_text().replace("[2]", "[3, 4, 5, 6, 7, 2]").replace("PC1: 1", "PC1: 2"))
    done = run.invoke(args=["lms", "coverage", str(folder)])
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "No gaps.")
    course.write_text("x: 1\n")
    done = run.invoke(args=["lms", "coverage", str(folder)])
    assert (done.exit_code, "flask lms check` lists them" in done.output) == (1, True)


def test_a_sign_off_opens_a_course(run: FlaskCliRunner, app: Flask, folder: Path) -> None:
    app.extensions["lms"].courses = str(folder)
    course = folder / "other/course.yaml"
    text = course.read_text().replace("version: 1", "version: 2")
    course.write_text(f"{text}sign_off: a specialist\n")
    left_out = run.invoke(args=["lms", "load"])
    assert (
        left_out.exit_code,
        "other version 2: left out, waits for sign-off by: a specialist." in left_out.output,
    ) == (0, True)
    assert 'flask lms sign-off other --by "NAME" --role "ROLE"' in left_out.output
    done = run.invoke(args=["lms", "sign-off", "other", "--by", "Awa Diop", "--role", "specialist"])
    assert (done.exit_code, done.output.splitlines()[0][:64]) == (
        0,
        "other version 2 is signed off by Awa Diop, specialist. Content: ",
    )
    assert "other version 2: published" in run.invoke(args=["lms", "load"]).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "--by", "A", "--role", "B"], "nowhere is no course folder: it has no course.yaml."),
        (["basics", "--by", "A", "--role", "B"], "basics asks for no sign-off."),
        (["other", "--by", " ", "--role", "B"], "signed.1.by is empty; write it"),
        (["other", "--by", "A", "--role", "B", "--on", "2999-01-01"], "2999-01-01 is still to come"),
    ],
)
def test_a_sign_off_that_cannot_be_taken(
    run: FlaskCliRunner, app: Flask, folder: Path, arguments: list[str], said: str
) -> None:
    app.extensions["lms"].courses = str(folder)
    course = folder / "other/course.yaml"
    course.write_text(f"{course.read_text()}sign_off: a specialist\n")
    done = run.invoke(args=["lms", "sign-off", *arguments])
    assert (done.exit_code, said in done.output) == (1, True), done.output
    assert not (folder / "other/sign-off.yaml").exists()


def test_a_faulty_course_is_not_signed_off(run: FlaskCliRunner, app: Flask, folder: Path) -> None:
    app.extensions["lms"].courses = str(folder)
    (folder / "other/quiz.yaml").write_text("pools: 3\n")
    done = run.invoke(args=["lms", "sign-off", "other", "--by", "A", "--role", "B"])
    assert done.exit_code == 1
    assert "mend them first. Nothing was signed off." in done.output


def test_what_a_translation_was_made_from_is_noted(run: FlaskCliRunner, app: Flask, folder: Path) -> None:
    app.extensions["lms"].courses = str(folder)
    done = run.invoke(args=["lms", "translated", "basics", "fr"])
    said = "basics/fr: 5 parts are noted as translated from what their source says now.\n"
    assert (done.exit_code, done.output) == (0, said)
    assert "flask lms translated" not in run.invoke(args=["lms", "check", str(folder)]).output
    done = run.invoke(args=["lms", "translated", "basics", "fr", "late"])
    assert (done.exit_code, "known are: course.yaml, 01-why" in done.output) == (1, True)
