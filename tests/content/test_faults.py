"""Every planted fault is found at its place, in words that help, and nothing else is reported."""

import os
import random
from pathlib import Path

import pytest

from lms.content import check_library, load_library, read_library
from lms.errors import FaultyFile
from tests.content.case import Case
from tests.content.cases import CASES
from tests.content.media_cases import PNG
from tests.content.sample import FIRST, GOOD, SVG, write_library


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_planted_fault_is_found(case: Case, tmp_path: Path) -> None:
    folder = write_library(tmp_path / "courses", case.files())
    faults = check_library(folder)
    assert any(case.met(fault, folder) for fault in faults), "\n".join(map(str, faults))
    if case.alone:
        assert len(faults) == 1, "\n".join(map(str, faults))


def test_case_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_good_library_has_no_fault(library: Path) -> None:
    assert check_library(library) == []


def test_faults_of_all_files_come_at_once_and_sorted(tmp_path: Path) -> None:
    names = ("pass mark over 100", "unknown step of a competency", "no right option", "script", "script in an SVG")
    files = dict(GOOD)
    chosen = [case for case in CASES if case.name in names]
    for case in chosen:
        files[case.file] = case.files()[case.file]
    folder = write_library(tmp_path / "courses", files)
    faults = check_library(folder)
    assert all(any(case.met(fault, folder) for fault in faults) for case in chosen)
    assert faults == sorted(faults)
    with pytest.raises(FaultyFile) as raised:
        load_library(folder)
    assert raised.value.faults == faults
    assert "Nothing was loaded" in str(raised.value)


def test_fault_reads_as_file_line_column_message(library: Path) -> None:
    (library / "basics/course.yaml").write_text("code: M01\ncode: M02\n")
    first = str(check_library(library)[0])
    assert first == f"{library}/basics/course.yaml:1:1: missing key 'actions'; add it"


def test_partial_library_holds_what_is_free_of_faults(library: Path) -> None:
    (library / "basics/quiz.yaml").write_text("pools: 3\n")
    (library / "paths.yaml").write_text("version: x\npaths: []\n")
    found, faults = read_library(library)
    assert [course.slug for course in found.courses] == ["other"]
    assert [reference.kind for reference in found.references] == ["framework", "roles", "steps", "plan-templates"]
    assert len(faults) == 4


def test_symbolic_links_are_refused(library: Path) -> None:
    (library / "basics/media/hands.svg").unlink()
    (library / "basics/media/hands.svg").symlink_to("/etc/passwd")
    (library / "linked").symlink_to(library / "other")
    faults = [str(fault).removeprefix(f"{library}/") for fault in check_library(library)]
    assert "basics/media/hands.svg:1:1: a symbolic link is refused; put a copy of the file here" in faults
    assert "linked:1:1: a symbolic link is refused; put a copy of it here" in faults


def test_linked_folder_inside_a_course_is_refused(library: Path) -> None:
    (library / "basics/es").symlink_to(library / "basics/fr")
    assert "basics/es:1:1: a symbolic link is refused" in str(check_library(library)[0])


def test_pipe_in_a_course_is_refused_without_waiting_for_it(library: Path) -> None:
    os.mkfifo(library / "basics/03-pipe.md")
    assert [fault.message[:31] for fault in check_library(library)] == ["neither a file nor a folder of a"[:31]]


def test_course_over_its_budget(library: Path) -> None:
    noise = random.Random(7)
    text = "---\ntitle: P\nminutes: 1\n---\n"
    for number in range(5):
        (library / f"basics/media/p{number}.png").write_bytes(PNG + noise.randbytes(35 * 1024))
        name, picture = f"0{number + 3}-p{number}.md", f"![x](media/p{number}.png)\n"
        (library / "basics" / name).write_text(f"{text}{picture}")
        (library / "basics/fr" / name).write_text(f"---\ntitle: P\n---\n{picture}")
    faults = check_library(library)
    assert [fault.file for fault in faults] == [f"{library}/basics/course.yaml"]
    assert "at most 150 are allowed" in faults[0].message


def test_one_course_is_checked_with_the_references_beside_it(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (library / "other/course.yaml").write_text("x: 1\n")
    assert check_library(library / "basics") == []
    (library / "steps.yaml").write_text("version: 1\nsteps: []\n")
    (library / "basics/quiz.yaml").write_text("")
    shown = {fault.file for fault in check_library(library / "basics")}
    assert shown == {f"{library}/basics/quiz.yaml", f"{library}/steps.yaml"}
    monkeypatch.chdir(library / "basics")
    assert {Path(fault.file).name for fault in check_library(Path("."))} == {"quiz.yaml", "steps.yaml"}


def test_relative_paths_are_shown_as_given(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (library / "basics/quiz.yaml").write_text("")
    monkeypatch.chdir(library.parent)
    assert {fault.file for fault in check_library(Path("courses"))} == {"courses/basics/quiz.yaml"}
    monkeypatch.chdir(library)
    (library / "steps.yaml").write_text("")
    assert {fault.file for fault in check_library(Path("basics"))} == {"basics/quiz.yaml", "steps.yaml"}


def test_missing_folder_is_one_fault(tmp_path: Path) -> None:
    faults = check_library(tmp_path / "nowhere")
    assert [fault.message for fault in faults] == ["there is no such folder; give the path of the courses folder"]


def test_windows_line_ends_are_fine(library: Path) -> None:
    for path in library.rglob("*"):
        if path.suffix in (".md", ".yaml"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_library(library) == []
    (library / "basics/02-listen-first.md").write_bytes(b"---\r\ntitle: L\r\nminutes: 3\r\n---\r\nx\r\n\r\n# H\r\n")
    assert [(fault.line, fault.column) for fault in check_library(library)] == [(7, 1)]


def test_picture_in_a_style_with_its_own_references_is_fine(library: Path) -> None:
    styled = SVG.replace("<defs>", '<style>.a{fill:url(#g)}</style><defs><use href="#g"/>')
    (library / "basics/media/hands.svg").write_text(styled)
    assert check_library(library) == []


def test_code_may_show_html(library: Path) -> None:
    (library / "basics/01-why-we-partner.md").write_text(FIRST + "\n`<b>` and\n\n```\n<script>\n```\n")
    assert check_library(library) == []
