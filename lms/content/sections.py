"""Reads the numbered Markdown files of a course, in every language."""

from lms.content.draft import Draft, SectionDraft
from lms.content.markdown import SECTION_FILE, render_section
from lms.content.markdown_checks import Reading, check_section
from lms.content.schema import SectionHead, SectionHeadTranslation
from lms.content.validation import validate
from lms.content.yaml_files import read_yaml

HEAD = "begin the file with front matter: `---`, `title: …`, `minutes: …`, `---`"


def read_sections(draft: Draft) -> None:
    """Fill the draft's sections, in order; note faults of numbers, front matter and Markdown."""
    for name in sorted(draft.files):
        matched = SECTION_FILE.match(name)
        if matched:
            draft.sections.append(SectionDraft(name, matched[2], int(matched[1])))
    if not draft.sections:
        draft.fault("course.yaml", "the course has no section; add a file like `01-why-we-partner.md`")
    _check_numbers(draft)
    for section in draft.sections:
        for language in draft.languages:
            _read_text(draft, section, language)


def _check_numbers(draft: Draft) -> None:
    keys: dict[str, str] = {}
    numbers: dict[int, str] = {}
    expected = 1
    for section in draft.sections:
        if section.position in numbers:
            first = numbers[section.position]
            message = f"number {section.position:02} twice (first in {first}); renumber the sections"
            draft.fault(section.name, message)
            continue
        if section.position != expected:
            draft.fault(section.name, f"number {expected:02} expected here: sections are numbered from 01 without gaps")
        numbers[section.position] = section.name
        expected = section.position + 1
    for section in draft.sections:
        if section.key in keys:
            draft.fault(section.name, f"key '{section.key}' twice (first in {keys[section.key]}); rename one file")
        if len(section.key) > 80:
            draft.fault(section.name, "the key is longer than 80 characters; shorten the file's name")
        keys.setdefault(section.key, section.name)


def _read_text(draft: Draft, section: SectionDraft, language: str) -> None:
    name = draft.inside(language, section.name)
    if name not in draft.files:
        draft.fault(name, f"the translation is missing; translate {section.name}")
        return
    text = draft.text(name)
    if text is None:
        return
    reading = check_section(text, language)
    for line, column, message in reading.faults:
        draft.fault(name, message, line, column)
    _read_head(draft, section, language, name, reading)
    _check_targets(draft, name, reading)
    if not any(words.strip() for _, words in reading.blocks):
        draft.fault(name, "the section is empty; write its text below the front matter")
    section.readings[language] = reading
    if not reading.faults:
        section.html[language] = render_section(text)


def _read_head(draft: Draft, section: SectionDraft, language: str, name: str, reading: Reading) -> None:
    if reading.head is None:
        draft.fault(name, HEAD)
        return
    document, faults = read_yaml(draft.shown(name), reading.head, first_line=2)
    draft.faults += faults
    if document is None:
        return
    if language == draft.languages[0]:
        head, faults = validate(document, SectionHead)
        section.minutes = head.minutes if head else 0
        title = head.title if head else ""
    else:
        translated, faults = validate(document, SectionHeadTranslation)
        title = translated.title if translated else ""
    draft.faults += faults
    section.titles[language] = title


def _check_targets(draft: Draft, name: str, reading: Reading) -> None:
    for media, line, column in reading.media:
        if f"media/{media}" not in draft.files:
            draft.fault(name, f"media/{media} is not there; add the file, or correct the name", line, column)
    for section, line, column in reading.sections:
        if section not in draft.files:
            draft.fault(name, f"broken link: there is no section file '{section}'", line, column)
