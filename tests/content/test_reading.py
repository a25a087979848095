"""A good folder becomes the right content, the same each time, and any changed byte shows in its hash."""

from pathlib import Path

import pytest

from lms.content import library_notes, load_library, read_course
from lms.content.course import CourseContent, MediaContent, SectionText, TaskText
from lms.content.folder_files import content_hash
from tests.content.sample import GOOD, SVG


@pytest.fixture
def basics(library: Path) -> CourseContent:
    return load_library(library).courses[0]


def test_course(basics: CourseContent) -> None:
    assert (basics.slug, basics.code, basics.number, basics.languages) == ("basics", "M01", 2, ("en", "fr"))
    assert (basics.authors, basics.minutes, basics.audience) == (("Course team",), 20, ("staff", "partner_staff"))
    assert (basics.actions, basics.steps, basics.competencies) == ((1,), ("S1",), {"PC1": 1})
    assert (basics.pass_percent, basics.attempts_allowed, basics.time_limit_minutes) == (70, 3, 30)
    assert (basics.renewal_months, basics.prerequisites) == (None, ())
    assert (basics.requires_application, basics.application_days) == (True, 28)


def test_texts(basics: CourseContent) -> None:
    english, french = basics.texts["en"], basics.texts["fr"]
    assert (english.title, english.objectives, english.reviewed_by) == ("Why we partner", ("Say why we partner",), "")
    assert (french.title, french.reviewed_by) == ("Pourquoi", "Awa Diop")
    assert english.task == TaskText(
        "Ask first",
        "<p>Ask a partner <strong>before</strong> you decide.</p>",
        ("text", "file", "link", "observation"),
        ("The partner was asked", "The answer changed something"),
        other_side=True,
    )
    assert french.task
    assert french.task.evidence == ("text", "file", "link", "observation")


def test_sections(basics: CourseContent) -> None:
    found = [(section.key, section.minutes) for section in basics.sections]
    assert found == [("why-we-partner", 4), ("listen-first", 3)]
    assert basics.sections[1].texts["fr"] == SectionText("Écouter", "<p>Écoutez, puis parlez.</p>")
    html = basics.sections[0].texts["en"].html
    assert '<img src="media/hands.svg" alt="Two hands" loading="lazy">' in html
    assert '<section class="lms-box lms-box-case"><h2>The rice calendar</h2>' in html
    assert '<a href="listen-first">the next page</a>' in html
    assert '<a href="https://example.org/a" rel="noopener noreferrer">survey</a>' in html
    assert '<td class="text-end"><em>trust</em></td>' in html
    assert "<dt>Trust</dt>" in html
    assert '<li id="fn1" class="footnote-item">' in html
    assert "minutes: 4" not in html


def test_quiz(basics: CourseContent) -> None:
    (pool,) = basics.pools
    first, second = pool.questions
    assert (pool.key, pool.draw, first.key, first.type) == ("basics", 1, "late-form", "single_choice")
    assert (first.competency, first.section, first.critical, second.critical) == ("PC1", "listen-first", True, False)
    assert "<p>A partner asks why the form is needed <strong>again</strong>.</p>" in first.bodies["en"]["prompt"]
    assert [option["html"] for option in first.bodies["fr"]["options"]] == ["Je me renseigne", "La règle"]
    assert (first.right, second.right) == ({"right": ["a"]}, {"right": ["a", "b"]})
    assert first.feedback["fr"] == {"options": {"a": "Honnête.", "b": "Cela finit tout."}, "general": "La confiance."}
    assert second.bodies["fr"]["pinned"] is True


def test_media(basics: CourseContent) -> None:
    assert basics.media == (MediaContent("hands.svg", "image/svg+xml", SVG.encode()),)


def test_references(library: Path) -> None:
    references = load_library(library).references
    assert [(reference.kind, reference.number) for reference in references] == [
        ("framework", 3), ("roles", 1), ("steps", 1), ("paths", 1), ("plan-templates", 1),
    ]  # fmt: skip
    assert references[0].body["competencies"][0]["levels"]["1"] == [{"text": "Says why", "prompt": "What shows it"}]
    assert references[1].body["roles"][0]["offered"] is False


def test_notes_inform_without_being_faults(library: Path) -> None:
    path = library / "basics/fr/course.yaml"
    path.write_text(path.read_text().replace("reviewed_by: Awa Diop\n", ""))
    assert library_notes(load_library(library)) == [
        "basics: the translation 'fr' is not yet reviewed by a speaker",
        "path induction names courses that are not there yet: M99",
    ]


def test_one_course_can_be_read_alone(library: Path) -> None:
    course, faults = read_course(library / "basics")
    assert (course and course.slug, faults) == ("basics", [])


def test_loading_twice_gives_the_same(library: Path) -> None:
    assert load_library(library) == load_library(library)


@pytest.mark.parametrize("name", [name for name in GOOD if name.startswith("basics/")])
def test_any_changed_byte_changes_the_hash(name: str) -> None:
    files = {path: body.encode() if isinstance(body, str) else body for path, body in GOOD.items()}
    before = content_hash(files)
    for position in range(0, len(files[name]), 7):
        body = bytearray(files[name])
        body[position] ^= 1
        assert content_hash({**files, name: bytes(body)}) != before


def test_hash_covers_names_and_borders() -> None:
    assert content_hash({"a": b"bc"}) != content_hash({"ab": b"c"})
    assert content_hash({"a": b"b", "c": b"d"}) != content_hash({"a": b"", "bc": b"d"})
    assert content_hash({"a": b"1", "b": b"2"}) == content_hash({"b": b"2", "a": b"1"})


def test_hash_of_the_folder_follows_its_bytes(library: Path) -> None:
    before = load_library(library).courses
    path = library / "basics/02-listen-first.md"
    path.write_text(path.read_text() + "\n")
    after = load_library(library).courses
    assert before[0].content_hash != after[0].content_hash
    assert before[1] == after[1]
    assert before[0].sections == after[0].sections
