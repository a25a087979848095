"""Sign-offs: a course may need a named person's word for its very content before anybody learns from it.

The word stands in `sign-off.yaml` beside course.yaml. It names the content by the hash of all other files, so that a
changed byte needs a new one.
"""

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from lms.content.course import CourseContent, SignOff
from lms.content.draft import Draft
from lms.content.folder_files import content_hash
from lms.content.made_from import FILE as NOTES
from lms.content.schema import SignOffs
from lms.content.validation import validate
from lms.content.yaml_files import read_yaml
from lms.errors import N_, FaultyFile, Invalid

FILE = "sign-off.yaml"
_HEAD = """# Written by `flask lms sign-off`. An entry holds for the content of its hash alone; keep the older ones.
signed:
"""


def signed_hash(files: Mapping[str, bytes]) -> str:
    """The hash of a course's content: of all its files but sign-offs and translators' notes, which speak about it."""
    return content_hash({name: body for name, body in files.items() if name != FILE and not name.endswith(f"/{NOTES}")})


def read_sign_offs(draft: Draft) -> None:
    """Note the sign-offs of a course folder; where course.yaml asks for none, the file is a fault."""
    if FILE not in draft.files:
        return
    if draft.course is not None and not draft.course.sign_off:
        draft.fault(
            FILE, "course.yaml does not say whose sign-off is needed; add `sign_off: who`, or take this file out"
        )
    document = draft.yaml(FILE)
    if document is not None:
        found, faults = validate(document, SignOffs)
        draft.faults += faults
        draft.sign_offs = found.signed if found else []


def newest_sign_off(draft: Draft) -> SignOff | None:
    """The last sign-off of what the folder holds now."""
    now = signed_hash(draft.content)
    found = [one for one in draft.sign_offs if one.content == now]
    return SignOff(found[-1].by, found[-1].role, found[-1].on) if found else None


def append_sign_off(folder: Path, course: CourseContent, given: SignOff, today: date) -> None:
    """Write into the course's folder that somebody signed off the content that was read from there.

    Raises Invalid where the course asks for no sign-off or the day is to come, FaultyFile for a name that is no line.
    """
    if not course.sign_off:
        message = N_("%(slug)s asks for no sign-off. If it should, say in its course.yaml whose: `sign_off: who`.")
        raise Invalid(message, slug=course.slug)
    if given.on > today:
        message = N_("%(day)s is still to come; give the day on which the content was signed off.")
        raise Invalid(message, day=given.on.isoformat())
    path = folder / FILE
    written = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    text = written.rstrip("\n") + "\n" + _entry(course, given)
    document, faults = read_yaml(str(path), text)
    if document is not None:
        faults += validate(document, SignOffs)[1]
    if faults:
        raise FaultyFile(N_("This cannot be written into the file. Nothing was signed off."), faults)
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def _entry(course: CourseContent, given: SignOff) -> str:
    """A list entry of YAML; text in JSON's quotes, which YAML reads as they are."""
    by, role = (json.dumps(part.strip(), ensure_ascii=False) for part in (given.by, given.role))
    return (
        f"  - by: {by}\n    role: {role}\n    on: {given.on.isoformat()}\n"
        f"    version: {course.number}\n    content: {course.content_hash}\n"
    )
