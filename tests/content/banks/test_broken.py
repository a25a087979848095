"""Banks that cannot be taken: the file, the line and the reason, and nothing is written."""

from pathlib import Path

import pytest

from lms.content.importers import plan_import, read_bank, write_import
from lms.content.importers.bank_file import LARGEST_BANK
from lms.content.importers.xml_tree import DEEPEST, MOST_ELEMENTS
from lms.errors import FaultyFile, Invalid, NotFound
from tests.content.sample import GOOD, write_library

BILLION = """<?xml version="1.0"?>
<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<quiz><question type="essay"><name><text>&b;</text></name></question></quiz>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE quiz SYSTEM "file:///etc/passwd">
<quiz/>"""

BROKEN = {
    "not UTF-8": ("gift", "One {T}\n\nÖ {T}".encode("latin-1"), 3, 1, "not UTF-8 (byte 0xd6)"),
    "UTF-16": ("gift", "One {T}".encode("utf-16"), 1, 1, "not UTF-8"),
    "a control character": ("aiken", b"One\x00", 1, 4, "U+0000 is not text"),
    "a separator": ("csv", "type,prompt\ntrue_false,a\u2028".encode(), 2, 13, "U+2028 is not text"),
    "empty": ("gift", b" \n", 1, 1, "the file is empty"),
    "only comments": ("gift", b"// a\n\n$CATEGORY: b\n", 1, 1, "no question was found"),
    "XML as a table": ("csv", b"<quiz>", 1, 1, "the column 'prompt' is missing"),
    "GIFT as XML": ("moodle-xml", b"One {T}", 1, 1, "not well-formed XML"),
    "another XML": ("moodle-xml", b"<?xml version='1.0'?>\n<svg/>", 2, 1, "the first element is <svg>"),
    "cut off": ("moodle-xml", b"<quiz>\n<question type='essay'>\n<name>", 3, 7, "not well-formed XML"),
    "a bomb": ("moodle-xml", BILLION.encode(), 2, 16, "a DOCTYPE is refused"),
    "a file from outside": ("moodle-xml", OUTSIDE.encode(), 2, 43, "a DOCTYPE is refused"),
    "an unknown entity": ("moodle-xml", b"<quiz>&nbsp;</quiz>", 1, 7, "undefined entity"),
    "an unknown encoding": ("moodle-xml", b"<?xml version='1.0' encoding='klingon'?><quiz/>", 1, 1, "encoding"),
    "very deep": ("moodle-xml", b"<quiz>" + b"\n<a>" * 100_000, DEEPEST + 1, 1, f"deeper than {DEEPEST}"),
    "very many": ("moodle-xml", b"<quiz>\n" + b"<a/>" * MOST_ELEMENTS, 2, 4 * MOST_ELEMENTS - 3, "elements; split"),
    "no questions": ("moodle-xml", b"<quiz></quiz>", 1, 1, "no question was found"),
    "too large": ("gift", b"x" * (LARGEST_BANK + 1), 1, 1, "larger than 8 MB"),
}  # fmt: skip


@pytest.mark.parametrize(("format", "body", "line", "column", "message"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_taken(
    format: str, body: bytes, line: int, column: int, message: str, tmp_path: Path
) -> None:
    bank = tmp_path / "bank"
    bank.write_bytes(body)
    with pytest.raises(FaultyFile) as caught:
        read_bank(bank, format)
    [fault, *_] = caught.value.faults
    assert (fault.file, fault.line, fault.column) == (str(bank), line, column)
    assert message in fault.message


BIG = {
    "one long line": b"x" * LARGEST_BANK,
    "braces": b"{" * 1_000_000,
    "colons": b"::" * 1_000_000,
    "many small questions": b"Q {T}\n\n" * 20_000,
    "many answers": b"Q {" + b"=a" * 20_000 + b"}",
    "many backslashes": b"\\" * 1_000_000,
    "a long HTML text": b"[html]" + b"<b>x</b> " * 2_000 + b"{T}",
}


@pytest.mark.parametrize("body", BIG.values(), ids=BIG)
def test_big_banks_are_read_or_refused(body: bytes, tmp_path: Path) -> None:
    """What takes more than linear time would never end here."""
    bank = tmp_path / "bank"
    bank.write_bytes(body)
    assert read_bank(bank, "gift").questions


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_library(tmp_path / "courses", GOOD) / "other"


def bank_of(folder: Path, text: str) -> Path:
    bank = folder.parent / "bank.gift"
    bank.write_text(text, encoding="utf-8")
    return bank


def test_nothing_is_written_where_nothing_is_taken(course: Path) -> None:
    planned = plan_import(bank_of(course, "Q {}"), "gift", folder=course)
    assert planned.body is None
    write_import(planned)
    assert (course / "quiz.yaml").read_text() == GOOD["other/quiz.yaml"]
    assert sorted(path.name for path in course.iterdir()) == ["01-ears.md", "course.yaml", "quiz.yaml"]


def test_more_questions_than_a_file_may_hold(course: Path) -> None:
    text = "\n\n".join(f"{'x' * 900} {n} {{T}}" for n in range(300))
    with pytest.raises(FaultyFile, match="nothing has changed") as caught:
        plan_import(bank_of(course, text), "gift", folder=course)
    assert "at most 256 KB" in caught.value.faults[0].message


def test_a_quiz_that_cannot_be_read_is_left_alone(course: Path) -> None:
    (course / "quiz.yaml").write_text("pools: [\n")
    with pytest.raises(FaultyFile) as caught:
        plan_import(bank_of(course, "Q {T}"), "gift", folder=course)
    assert caught.value.faults[0].file == str(course / "quiz.yaml")


def test_a_link_is_not_written_through(course: Path) -> None:
    (course / "quiz.yaml").rename(course.parent / "elsewhere.yaml")
    (course / "quiz.yaml").symlink_to(course.parent / "elsewhere.yaml")
    with pytest.raises(FaultyFile) as caught:
        plan_import(bank_of(course, "Q {T}"), "gift", folder=course)
    assert "is a link" in caught.value.faults[0].message


def test_only_a_course_can_be_imported_into(course: Path) -> None:
    with pytest.raises(NotFound, match="no course folder"):
        plan_import(bank_of(course, "Q {T}"), "gift", folder=course.parent)
    with pytest.raises(Invalid, match="'Two Words' is no name of a pool"):
        plan_import(bank_of(course, "Q {T}"), "gift", folder=course, pool="Two Words")
    with pytest.raises(OSError, match="No such file"):
        plan_import(course / "nowhere", "gift", folder=course)


def test_ids_and_pools_of_the_course_are_not_taken_twice(course: Path) -> None:
    bank = bank_of(course, "// [id:one]\nQ {T}")
    for name, pool in (("one-2", "bank"), ("one-3", "bank-2")):
        planned = plan_import(bank, "gift", folder=course)
        write_import(planned)
        assert (planned.ledger.taken[0].head["id"], planned.pool) == (name, pool)


def test_what_is_left_to_do_is_what_check_finds_new(course: Path) -> None:
    planned = plan_import(bank_of(course, "Q {=a ~b}\n\nR {=c ~d#e}"), "gift", folder=course)
    assert [(todo.count, todo.first.message.partition(";")[0][:46]) for todo in planned.to_do] == [
        (1, "1 of 3 questions are scenarios"),
        (2, "competency must be a code of A-Z, 0-9 and hyph"),
        (2, "section must be a name of a-z, 0-9 and hyphens"),
        (3, "an option needs feedback"),
    ]
    assert all(todo.first.file == str(course / "quiz.yaml") for todo in planned.to_do)
