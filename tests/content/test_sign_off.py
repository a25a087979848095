"""A course that needs somebody's word has it for its very content, or waits."""

from datetime import date
from pathlib import Path

import pytest

from lms.content import append_sign_off, check_library, library_notes, load_library
from lms.content.course import CourseContent, SignOff
from lms.content.sign_off import FILE
from lms.errors import FaultyFile, Invalid
from tests.content.sample import GOOD, OTHER_COURSE, write_library

WHO = "a specialist of your office"
DAY = date(2026, 11, 23)
AWA = SignOff("Awa Diop", "safeguarding specialist", DAY)
ASKING = {**GOOD, "other/course.yaml": f"{OTHER_COURSE}sign_off: {WHO}\n"}


@pytest.fixture
def asking(tmp_path: Path) -> Path:
    """The folder of a library whose course `other` needs a sign-off."""
    return write_library(tmp_path / "courses", ASKING)


def other(folder: Path) -> CourseContent:
    return next(course for course in load_library(folder).courses if course.slug == "other")


def sign(folder: Path, given: SignOff = AWA) -> None:
    append_sign_off(folder / "other", other(folder), given, DAY)


def test_it_waits_until_it_is_signed_off(asking: Path) -> None:
    before = other(asking)
    assert (before.waits_for, before.signed_off) == (WHO, None)
    sign(asking)
    after = other(asking)
    assert (after.waits_for, after.signed_off) == ("", AWA)
    assert after.content_hash == before.content_hash, "a sign-off is no content"


def test_who_asks_for_none_waits_for_nobody(library: Path) -> None:
    assert {course.waits_for for course in load_library(library).courses} == {""}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("other/01-ears.md", "one mouth.", "one mouth!"),
        ("other/quiz.yaml", "The donor", "The donors"),
        ("other/course.yaml", "renewal_months: 36", "renewal_months: 24"),
        ("other/course.yaml", "version: 1", "version: 2"),
        ("other/02-more.md", "", "---\ntitle: More\nminutes: 2\n---\nMore.\n"),
    ],
)
def test_any_change_needs_a_new_one(asking: Path, name: str, old: str, new: str) -> None:
    sign(asking)
    path = asking / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new) if old else new, encoding="utf-8")
    assert other(asking).waits_for == WHO
    sign(asking)
    assert other(asking).waits_for == ""
    path.write_text(str(ASKING[name]), encoding="utf-8") if old else path.unlink()
    assert other(asking).waits_for == "", "what was signed off stays signed off"


def test_each_is_appended_and_the_newest_counts(asking: Path) -> None:
    sign(asking)
    first = (asking / "other" / FILE).read_text(encoding="utf-8")
    sign(asking, SignOff("Rosa Quispe", "specialist", date(2026, 11, 20)))
    assert (asking / "other" / FILE).read_text(encoding="utf-8").startswith(first)
    assert other(asking).signed_off == SignOff("Rosa Quispe", "specialist", date(2026, 11, 20))


@pytest.mark.parametrize("name", ['Zoë "Zo" O\'Neil: #1', "أوا ديوب", "- no\\n", "نیم‌فاصله", "李伟", "null"])
def test_names_come_back_as_they_were_given(asking: Path, name: str) -> None:
    sign(asking, SignOff(f" {name} ", name, DAY))
    assert other(asking).signed_off == SignOff(name, name, DAY)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_what_is_no_name_is_refused_and_nothing_is_written(asking: Path, name: str) -> None:
    with pytest.raises(FaultyFile):
        sign(asking, SignOff(name, "specialist", DAY))
    assert sorted(path.name for path in (asking / "other").iterdir()) == ["01-ears.md", "course.yaml", "quiz.yaml"]


def test_a_day_to_come_and_a_course_that_asks_for_none_are_refused(asking: Path) -> None:
    with pytest.raises(Invalid, match="2026-11-24 is still to come"):
        sign(asking, SignOff("Awa", "specialist", date(2026, 11, 24)))
    basics = load_library(asking).courses[0]
    with pytest.raises(Invalid, match="basics asks for no sign-off"):
        append_sign_off(asking / "basics", basics, AWA, DAY)


ENTRY = f"by: Awa\n    role: r\n    on: 2026-11-23\n    version: 1\n    content: {'0' * 64}\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("signed: []\n", 1, "signed must be a list of at least 1"),
        (f"signed:\n  - {ENTRY}    why: x\n", 7, "unknown key 'why'"),
        (f"signed:\n  - {ENTRY.replace('    role: r', '')}", 2, "missing key 'role' in signed.1"),
        (f"signed:\n  - {ENTRY.replace('11-23', '13-23')}", 4, "signed.1.on"),
        (
            f"signed:\n  - {ENTRY.replace('0' * 64, 'abc')}",
            6,
            "must be the content's hash, 64 of 0-9 and a-f, not 'abc'",
        ),
        ("signed: [", 1, ""),
    ],
)
def test_faults_of_the_file_have_a_place(asking: Path, text: str, line: int, said: str) -> None:
    path = asking / "other" / FILE
    path.write_text(text, encoding="utf-8")
    faults = check_library(asking)
    assert faults
    assert (faults[0].file, faults[0].line) == (str(path), line)
    assert said in faults[0].message


def test_a_sign_off_that_nobody_asks_for_is_a_fault(library: Path) -> None:
    (library / "other" / FILE).write_text(f"signed:\n  - {ENTRY}", encoding="utf-8")
    assert [
        "course.yaml does not say whose sign-off is needed" in fault.message for fault in check_library(library)
    ] == [True]


@pytest.mark.parametrize("value", ["", '""', '"  "'])
def test_an_empty_wish_is_a_fault_and_not_a_no(library: Path, value: str) -> None:
    path = library / "other/course.yaml"
    path.write_text(f"{OTHER_COURSE}sign_off: {value}\n", encoding="utf-8")
    assert ["sign_off" in fault.message for fault in check_library(library)] == [True]


def test_what_waits_and_who_signed_is_noted(asking: Path) -> None:
    notes = library_notes(load_library(asking))
    assert notes[0].startswith(f"other version 1 waits for sign-off by: {WHO}. `flask lms load` leaves it out")
    assert 'flask lms sign-off other --by "NAME" --role "ROLE"' in notes[0]
    sign(asking)
    signed = "other version 1 was signed off on 2026-11-23 by Awa Diop, safeguarding specialist"
    assert library_notes(load_library(asking))[0] == signed
