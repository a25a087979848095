"""Reads course.yaml with its translations, and holds the folder's files against what it declares."""

import re
from collections.abc import Iterable

from lms.content.codes import keyed, listed, repeated, unknown
from lms.content.draft import Draft
from lms.content.folder_files import shown_name
from lms.content.markdown import MEDIA_NAME, SECTION_FILE
from lms.content.markdown_checks import check_phrase
from lms.content.media import check_media
from lms.content.references import KnownCodes
from lms.content.schema import Course, CourseTranslation
from lms.content.validation import suggestion, validate
from lms.content.yaml_files import Document

BRIEF_HEADINGS = 3
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


def read_course_file(draft: Draft, known: KnownCodes) -> None:
    """Fill the draft's course, languages and translations; note faults of their keys, codes and texts."""
    document = draft.yaml("course.yaml")
    draft.languages = _languages(draft)
    if document is not None:
        course, faults = validate(document, Course)
        draft.course = course
        draft.faults += faults
        if course is not None:
            _check_course(draft, document, course, known)
    for language in draft.languages[1:]:
        _read_translation(draft, language)


def _languages(draft: Draft) -> list[str]:
    """The declared languages, also where something else in the file is wrong; else those that have a folder."""
    declared = draft.declared.get("languages")
    names = [name for name in declared if isinstance(name, str)] if isinstance(declared, list) else []
    if not names:
        names = ["en", *(name.partition("/")[0] for name in draft.files if "/" in name)]
    return list(dict.fromkeys(name for name in names if _LANGUAGE.fullmatch(name))) or ["en"]


def _check_course(draft: Draft, document: Document, course: Course, known: KnownCodes) -> None:
    faults = draft.faults
    for name in ("actions", "steps", "audience", "languages", "prerequisites"):
        faults += repeated(document, name.removesuffix("s"), listed((name,), getattr(course, name)))
    faults += unknown(document, "step", listed(("steps",), course.steps), known.steps)
    faults += unknown(document, "competency", keyed(("competencies",), course.competencies), known.competencies)
    if course.task is not None:
        faults += repeated(document, "kind of evidence", listed(("task", "evidence"), course.task.evidence))
        _check_brief(draft, document, course.task.brief)


def _check_brief(draft: Draft, document: Document, brief: str) -> None:
    if not brief.strip():
        draft.faults.append(document.fault(("task", "brief"), "task.brief is empty; write it"))
    for line, column, message in check_phrase(brief, headings_from=BRIEF_HEADINGS).faults:
        draft.faults.append(document.fault_inside(("task", "brief"), line, column, message))


def _read_translation(draft: Draft, language: str) -> None:
    document = draft.yaml(f"{language}/course.yaml")
    if document is None:
        return
    found, faults = validate(document, CourseTranslation)
    draft.faults += faults
    if found is None:
        return
    draft.translations[language] = found
    if found.task is not None:
        _check_brief(draft, document, found.task.brief)
    course = draft.course
    if course is None:
        return
    _check_count(draft, document, ("objectives",), len(found.objectives), len(course.objectives))
    if (found.task is None) != (course.task is None):
        message = "the source has a task: translate it" if course.task else "the source has no task: take this one out"
        draft.faults.append(document.fault(("task",), message, at_key=True))
    elif found.task and course.task:
        _check_count(draft, document, ("task", "criteria"), len(found.task.criteria), len(course.task.criteria))


def _check_count(draft: Draft, document: Document, path: tuple[str, ...], given: int, wanted: int) -> None:
    if given != wanted:
        message = f"{given} {path[-1]}, but the source has {wanted}; translate each one"
        draft.faults.append(document.fault(path, message, at_key=True))


def check_files(draft: Draft) -> None:
    """Note every file that no rule of the folder names, and every picture that is none."""
    for name, body in draft.files.items():
        folder, _, inner = name.rpartition("/")
        if folder == "media":
            if MEDIA_NAME.match(inner):
                draft.faults += check_media(draft.shown(name), inner, body)
            else:
                message = "not a picture's name; known are .svg, .png, .jpg and .webp with a name of a-z, 0-9 and -"
                draft.fault(shown_name(name), message)
        elif folder in draft.languages[1:]:
            _check_translated_name(draft, name, inner)
        elif folder:
            draft.fault(shown_name(name), _stray_folder(folder, draft.languages[1:]))
        elif inner not in ("course.yaml", "quiz.yaml", "sign-off.yaml") and not SECTION_FILE.match(inner):
            known = ["course.yaml", "quiz.yaml", "NN-key.md (a section)", "media/", "a folder for each language"]
            draft.fault(shown_name(name), f"stray file '{shown_name(inner)}'{suggestion(inner, known)}")


def _stray_folder(folder: str, languages: Iterable[str]) -> str:
    known = ["media", *languages]
    return f"stray folder '{shown_name(folder)}'{suggestion(folder, known)} (languages are declared in course.yaml)"


def _check_translated_name(draft: Draft, name: str, inner: str) -> None:
    if inner in ("course.yaml", "quiz.yaml", "made-from.yaml") or (inner in draft.files and SECTION_FILE.match(inner)):
        return
    known = ["course.yaml", "quiz.yaml", *(section.name for section in draft.sections)]
    draft.fault(shown_name(name), f"the source has no file '{shown_name(inner)}'{suggestion(inner, known)}")
