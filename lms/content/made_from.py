"""What a translation was made from: `made-from.yaml` in its folder holds a hash of each part of the source.

Where the source of a part says something else now, `check` warns until somebody has looked and notes it anew.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lms.content.draft import Draft
from lms.content.schema import CourseTranslation, MadeFrom, QuestionHead, TaskTranslation
from lms.content.validation import suggestion, validate
from lms.errors import N_, Fault, FaultyFile, Invalid, NotFound

FILE = "made-from.yaml"
_HEAD = "# Written by `flask lms translated`: what each part was made from, as a hash of its source.\nmade_from:\n"
_MINUTES = re.compile(r"^minutes:.*$", re.MULTILINE)
_DIGITS = 16


def check_made_from(draft: Draft) -> None:
    """Warn of each part of a translation whose source has changed, or of which nobody noted what it was made from."""
    for language in draft.languages[1:]:
        name = f"{language}/{FILE}"
        noted, now = _noted(draft, name), _source_parts(draft)
        if noted is None:
            message = (
                f"nobody has noted which source this was made from; when it says the same: {_how_to(draft, language)}"
            )
            draft.warn(Fault(draft.shown(f"{language}/course.yaml"), 1, 1, ""), message)
            continue
        for part, at in _places(draft, language):
            if noted.get(part) != now.get(part):
                what = "the source has changed since this was translated" if part in noted else "this is new"
                message = f"{what}; when it says the same again: {_how_to(draft, language)} {part}"
                draft.warn(at, message)


def note_translated(draft: Draft, language: str, parts: Sequence[str]) -> list[str]:
    """Note that a translation says what its source says now: in these parts, or in all that it has; returns them.

    Raises NotFound for a language that the course does not have, Invalid for a part that the translation does not
    have, FaultyFile where the older notes cannot be read.
    """
    if language not in draft.languages[1:]:
        message = N_("%(course)s has no translation '%(language)s'; name it in `languages` of its course.yaml first.")
        raise NotFound(message, course=draft.slug, language=language)
    name, now = f"{language}/{FILE}", _source_parts(draft)
    there = [part for part, _ in _places(draft, language) if part in now]
    for part in parts:
        if part not in there:
            message = N_("The translation has no part '%(part)s'%(known)s")
            raise Invalid(message, part=part, known=suggestion(part, there))
    before = len(draft.faults)
    noted = _noted(draft, name) or {}
    if draft.faults[before:]:
        raise FaultyFile(N_("The older notes cannot be read. Nothing was noted."), draft.faults[before:])
    chosen = list(parts) or there
    _write(Path(draft.folder) / name, {part: now[part] if part in chosen else noted.get(part, "") for part in there})
    return chosen


def _how_to(draft: Draft, language: str) -> str:
    return f"flask lms translated {draft.slug} {language}"


def _noted(draft: Draft, name: str) -> Mapping[str, str] | None:
    """The hashes that the file holds, none where it has faults; None without a file."""
    if name not in draft.files:
        return None
    document = draft.yaml(name)
    found, faults = validate(document, MadeFrom) if document else (None, [])
    draft.faults += faults
    return found.made_from if found else {}


def _places(draft: Draft, language: str) -> Iterator[tuple[str, Fault]]:
    """Each part that the translation has, and where it stands."""
    names = ["course.yaml", *(section.name for section in draft.sections)]
    for name in names:
        if f"{language}/{name}" in draft.files:
            yield name, Fault(draft.shown(f"{language}/{name}"), 1, 1, "")
    document = draft.documents.get(f"{language}/quiz.yaml")
    for key in draft.quiz_ids:
        if document and ("questions", key) in document.keys:
            yield key, document.fault(("questions", key), "", at_key=True)


def _source_parts(draft: Draft) -> dict[str, str]:
    """The hash of what has to be translated, by part: course.yaml, each section's file, each question's id."""
    parts = {"course.yaml": _hash(_course_words(draft.declared))}
    for section in draft.sections:
        text = draft.files[section.name].decode("utf-8", "replace").replace("\r\n", "\n")
        parts[section.name] = _hash(_MINUTES.sub("", text, count=1))
    quiz = draft.documents.get("quiz.yaml")
    for key, path in draft.quiz_ids.items():
        question = quiz.at(path) if quiz else {}
        words = {name: value for name, value in question.items() if name not in QuestionHead.model_fields}
        parts[key] = _hash(words)
    return parts


def _course_words(declared: Mapping[str, Any]) -> dict[str, Any]:
    """What a translation of course.yaml says in its own words."""
    task = declared.get("task")
    words = {name: declared.get(name) for name in CourseTranslation.model_fields}
    words["task"] = {name: task.get(name) for name in TaskTranslation.model_fields} if isinstance(task, dict) else None
    return words


def _hash(words: Any) -> str:
    written = json.dumps(words, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGITS]


def _write(path: Path, parts: Mapping[str, str]) -> None:
    lines = [f'  {part}: "{hashed}"\n' for part, hashed in parts.items() if hashed]
    beside = path.with_suffix(".new")
    beside.write_text(_HEAD + "".join(lines), encoding="utf-8", newline="\n")
    os.replace(beside, path)
