"""From a folder to a library: reads everything, notes every fault, and builds what is free of them."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lms.content.beliefs import check_beliefs
from lms.content.build import build_course
from lms.content.checks import check_between, check_budgets, check_leaks, check_media_use, check_question_leaks
from lms.content.course import CourseContent, Library
from lms.content.courses import check_files, read_course_file
from lms.content.draft import Draft
from lms.content.folder_files import read_folder, shown_name
from lms.content.made_from import check_made_from, note_translated
from lms.content.quiz import read_quiz
from lms.content.quiz_checks import check_catch_alls, check_pool_sizes, check_repeated_feedback, check_variants
from lms.content.reading_level import check_reading_level
from lms.content.references import FILES, KnownCodes, read_references
from lms.content.sections import read_sections
from lms.content.sign_off import read_sign_offs
from lms.content.validation import suggestion
from lms.errors import N_, Fault, NotFound

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_BESIDE = ("README.md", "schemas")


def read_library(folder: Path) -> tuple[Library, list[Fault]]:
    """Every course and reference file that is free of faults, and all faults, in the order of the files."""
    if not folder.is_dir():
        return Library(()), [Fault(str(folder), 1, 1, "there is no such folder; give the path of the courses folder")]
    files, courses, faults = _entries(folder)
    references, known, found = read_references(folder, files)
    faults += found
    drafts = [read_draft(folder / slug, known) for slug in courses]
    faults += [fault for draft in drafts for fault in draft.faults]
    faults += check_between(drafts)
    contents = _contents(drafts, faults)
    warnings = sorted({warning for draft in drafts for warning in draft.warnings})
    return Library(contents, references, tuple(warnings)), sorted(set(faults))


def read_course(folder: Path) -> tuple[CourseContent | None, list[Fault]]:
    """One course of a library, and the faults in its folder and in the reference files beside it."""
    library, faults = _read_one(folder)
    return (library.courses[0] if library.courses else None), faults


def read_whole_or_one(folder: Path) -> tuple[Library, list[Fault]]:
    """A library as `read_library` gives it; of a course's own folder a library that holds this course alone."""
    return _read_one(folder) if is_course_folder(folder) else read_library(folder)


def _read_one(folder: Path) -> tuple[Library, list[Fault]]:
    if folder.name in ("", ".."):
        folder = folder.resolve()
    library, faults = read_library(folder.parent)
    beside = {str(folder.parent / name) for name in FILES}
    mine = [fault for fault in faults if fault.file in beside or _lies_in(fault.file, folder)]
    warnings = tuple(warning for warning in library.warnings if _lies_in(warning.file, folder))
    found = tuple(course for course in library.courses if course.slug == folder.name)
    return Library(found, warnings=warnings), mine


def is_course_folder(folder: Path) -> bool:
    """Whether the path names one course of a library, not a library."""
    if (folder / "course.yaml").exists():
        return True
    return not any((folder / name).exists() for name in FILES) and any((folder / ".." / n).exists() for n in FILES)


def require_course_folder(folder: Path) -> None:
    """Raises NotFound where the path is not that of a course."""
    if not (folder / "course.yaml").is_file():
        raise NotFound(N_("%(folder)s is no course folder: it has no course.yaml."), folder=str(folder))


def _lies_in(file: str, folder: Path) -> bool:
    return file == str(folder) or file.startswith(f"{folder}/")


def _contents(drafts: Iterable[Draft], faults: Iterable[Fault]) -> tuple[CourseContent, ...]:
    broken = [fault.file for fault in faults]
    return tuple(
        build_course(draft, draft.course)
        for draft in drafts
        if draft.course and not any(file.startswith(f"{draft.folder}/") or file == draft.folder for file in broken)
    )


def _entries(folder: Path) -> tuple[dict[str, bytes], list[str], list[Fault]]:
    """The reference files, the course folders, and faults for what is neither."""
    files: dict[str, bytes] = {}
    courses: list[str] = []
    faults: list[Fault] = []
    for name in sorted(os.listdir(folder)):
        path, shown = folder / name, str(folder / shown_name(name))
        if name in _BESIDE or name.startswith("."):
            continue
        if path.is_symlink():
            faults.append(Fault(shown, 1, 1, "a symbolic link is refused; put a copy of it here"))
        elif path.is_dir():
            courses.append(name)
        elif name in FILES and path.is_file():
            try:
                files[name] = path.read_bytes()
            except OSError as error:
                faults.append(Fault(shown, 1, 1, f"cannot be read: {error.strerror}"))
        else:
            known = [*FILES, "a folder for each course"]
            faults.append(Fault(shown, 1, 1, f"stray file '{shown_name(name)}'{suggestion(name, known)}"))
    return files, courses, faults


def read_draft(folder: Path, known: KnownCodes, instead: Mapping[str, bytes] | None = None) -> Draft:
    """One course folder with every fault that it has by itself; `instead` takes the place of files by their names."""
    files, faults = read_folder(folder)
    files |= instead or {}
    draft = Draft(str(folder.parent / shown_name(folder.name)), folder.name, files, faults)
    if not _SLUG.match(folder.name) or len(folder.name) > 80:
        message = "not a course's name: a-z, 0-9 and single hyphens, at most 80 characters; rename the folder"
        draft.faults.append(Fault(draft.folder, 1, 1, message))
    read_course_file(draft, known)
    read_sections(draft)
    read_quiz(draft)
    read_sign_offs(draft)
    check_files(draft)
    check_media_use(draft)
    check_leaks(draft)
    check_question_leaks(draft)
    check_budgets(draft)
    check_catch_alls(draft)
    check_repeated_feedback(draft)
    check_beliefs(draft)
    check_variants(draft, known)
    check_reading_level(draft)
    check_made_from(draft)
    if not draft.faults:  # else some questions may be missing from the pools
        check_pool_sizes(draft)
    return draft


def note_translation(folder: Path, language: str, parts: Sequence[str]) -> list[str]:
    """Note in a course folder what a translation was made from; see `note_translated` for what is raised and returned.

    Raises NotFound where there is no such course, too.
    """
    require_course_folder(folder)
    return note_translated(read_draft(folder, KnownCodes()), language, parts)
