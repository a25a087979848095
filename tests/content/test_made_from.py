"""A translation knows what it was made from: each part whose source has changed since is named, and nothing else."""

from pathlib import Path

import pytest

from lms.content import load_library, note_translation, read_whole_or_one
from lms.content.made_from import FILE
from lms.errors import FaultyFile, Invalid, NotFound

ALL = ["course.yaml", "01-why-we-partner.md", "02-listen-first.md", "late-form", "good-signs"]


@pytest.fixture
def noted(library: Path) -> Path:
    """The sample library, its translation noted as made from what the source says."""
    assert note_translation(library / "basics", "fr", []) == ALL
    return library


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def outdated(folder: Path) -> list[str]:
    """What is warned of the source, without the folder."""
    library, _ = read_whole_or_one(folder)
    found = [str(warning).removeprefix(f"{folder}/") for warning in library.warnings]
    return [line for line in found if "flask lms translated" in line]


def test_a_translation_without_notes_is_told_once(library: Path) -> None:
    message = "nobody has noted which source this was made from; when it says the same: flask lms translated basics fr"
    assert outdated(library) == [f"basics/fr/course.yaml:1:1: {message}"]


def test_what_is_noted_is_not_outdated(noted: Path) -> None:
    assert outdated(noted) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "part"),
    [
        ("course.yaml", "title: Why we", "title: Why do we", "course.yaml:1:1", "course.yaml"),
        ("course.yaml", "- Say why", "- Tell why", "course.yaml:1:1", "course.yaml"),
        ("course.yaml", "The partner was asked", "They were asked", "course.yaml:1:1", "course.yaml"),
        ("01-why-we-partner.md", "the place.", "a place.", "01-why-we-partner.md:1:1", "01-why-we-partner.md"),
        ("02-listen-first.md", "title: Listen", "title: Hear", "02-listen-first.md:1:1", "02-listen-first.md"),
        ("quiz.yaml", "Rules are rules", "So it is", "quiz.yaml:2:3", "late-form"),
        ("quiz.yaml", "They share bad news, right: true", "They share bad news", "quiz.yaml:8:3", "good-signs"),
    ],
)
def test_a_changed_part_is_named_at_its_place_until_it_is_noted(
    noted: Path, file: str, old: str, new: str, place: str, part: str
) -> None:
    change(noted / "basics" / file, old, new)
    how = f"flask lms translated basics fr {part}"
    said = f"the source has changed since this was translated; when it says the same again: {how}"
    assert outdated(noted) == [f"basics/fr/{place}: {said}"]
    assert note_translation(noted / "basics", "fr", [part]) == [part]
    assert outdated(noted) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("course.yaml", "minutes: 20", "minutes: 25"),
        ("course.yaml", "days: 28", "days: 14"),
        ("01-why-we-partner.md", "minutes: 4", "minutes: 5"),
        ("quiz.yaml", "critical: true", "critical: false"),
        ("quiz.yaml", "prompt: Which are good signs?", "prompt: 'Which are good signs?'"),
    ],
)
def test_what_is_the_same_in_every_language_outdates_nothing(noted: Path, file: str, old: str, new: str) -> None:
    change(noted / "basics" / file, old, new)
    assert outdated(noted) == []


def test_a_new_question_is_told_and_an_old_one_forgotten(noted: Path) -> None:
    for file in ("quiz.yaml", "fr/quiz.yaml"):
        change(noted / "basics" / file, "good-signs", "fair-signs")
    (line,) = outdated(noted)
    assert line.startswith("basics/fr/quiz.yaml:8:3: this is new; when it says the same")
    note_translation(noted / "basics", "fr", ["fair-signs"])
    assert outdated(noted) == []
    assert "good-signs" not in (noted / "basics/fr" / FILE).read_text(encoding="utf-8")


def test_notes_are_no_content(library: Path) -> None:
    before = load_library(library).courses[0].content_hash
    note_translation(library / "basics", "fr", ["late-form"])
    assert load_library(library).courses[0].content_hash == before


def test_a_part_alone_leaves_the_others_open(library: Path) -> None:
    note_translation(library / "basics", "fr", ["late-form"])
    assert [line.rpartition(" ")[2] for line in outdated(library)] == [
        "01-why-we-partner.md", "02-listen-first.md", "course.yaml", "good-signs",
    ]  # fmt: skip


def test_a_translation_in_work_can_be_noted(library: Path) -> None:
    (library / "basics/fr/02-listen-first.md").unlink()
    assert "02-listen-first.md" not in note_translation(library / "basics", "fr", [])


def test_what_is_not_there_is_refused(noted: Path) -> None:
    with pytest.raises(Invalid, match="no part 'late-from'; did you mean 'late-form'"):
        note_translation(noted / "basics", "fr", ["late-from"])
    with pytest.raises(NotFound, match="basics has no translation 'es'"):
        note_translation(noted / "basics", "es", [])
    with pytest.raises(NotFound, match="is no course folder"):
        note_translation(noted / "nowhere", "fr", [])


@pytest.mark.parametrize("text", ["made_from: 3\n", "made_from: {late-form: 3}\n", "made_from: [\n", "x: y\n"])
def test_faulty_notes_are_a_fault_and_are_kept(noted: Path, text: str) -> None:
    path = noted / "basics/fr" / FILE
    path.write_text(text, encoding="utf-8")
    _, faults = read_whole_or_one(noted)
    assert {fault.file for fault in faults} == {str(path)}
    with pytest.raises(FaultyFile):
        note_translation(noted / "basics", "fr", [])
    assert path.read_text(encoding="utf-8") == text
