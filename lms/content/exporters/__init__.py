"""A course's questions for other programs. What cannot go along is said; what goes is read back and compared first."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lms.content.draft import Draft, QuestionDraft
from lms.content.exporters import gift, moodle_xml
from lms.content.exporters.written import CannotWrite, Format, Written
from lms.content.importers import FORMATS as READERS
from lms.content.importers import Fate, Ledger
from lms.content.importers.heads import give_ids
from lms.content.markdown import render_phrase
from lms.content.reader import read_draft, require_course_folder
from lms.content.references import KnownCodes
from lms.content.schema import QuestionHead
from lms.errors import FaultyFile

FORMATS: dict[str, Format] = {"gift": gift.FORMAT, "moodle-xml": moodle_xml.FORMAT}

__all__ = ["FORMATS", "Export", "export_questions"]


@dataclass(frozen=True)
class Export:
    """The text of a bank, how many questions are in it and how many are not, and what could not go along."""

    text: str
    count: int
    left_out: int
    notes: tuple[str, ...]


def export_questions(folder: Path, format: str) -> Export:
    """The questions of a course folder in its source language. Raises NotFound where there is no such course."""
    require_course_folder(folder)
    draft = read_draft(folder, KnownCodes())
    sound = {question.head.id: question for pool in draft.pools for question in pool.questions}
    notes = list(_of_the_course(draft))
    texts: list[str] = []
    for name in draft.quiz_ids:
        try:
            if name not in sound:
                raise CannotWrite("it has faults; `flask lms check` names them")
            written = write_question(sound[name], draft.languages[0], format)
            texts.append(written.text)
            notes += [f"{name}: {note}" for note in written.notes]
        except CannotWrite as reason:
            notes.append(f"{name}: left out: {reason}")
    whole = FORMATS[format].begin + "".join(texts) + FORMATS[format].end
    return Export(whole, len(texts), len(draft.quiz_ids) - len(texts), tuple(notes))


def _of_the_course(draft: Draft) -> Iterator[str]:
    for pool in draft.pools:
        yield f"pool {pool.id}: its name and what it draws are left out"
    for language in draft.languages[1:]:
        yield f"{language}/quiz.yaml: translations are left out"


def write_question(question: QuestionDraft, language: str, format: str) -> Written:
    """One question in a format. Raises CannotWrite where the format cannot hold it, or would give it back otherwise."""
    writer = FORMATS[format].writers.get(question.type.name)
    if writer is None:
        raise CannotWrite(f"{FORMATS[format].name} has no questions of the type `{question.type.name}`")
    written = writer(question.head, question.sources[language])
    if not _comes_back(question, written, format):
        sign = f"it looks like a sign of {FORMATS[format].name}, or begins with spaces"
        raise CannotWrite(f"a text of it would be read as another: {sign}")
    return written


def _comes_back(question: QuestionDraft, written: Written, format: str) -> bool:
    """Whether reading the text gives the same question, with nothing to report."""
    ledger = Ledger()
    try:
        READERS[format]("", f"{FORMATS[format].begin}{written.text}{FORMATS[format].end}".encode(), ledger)
    except FaultyFile:
        return False
    give_ids(ledger.taken, ())
    ledger.settle()
    if len(ledger.questions) != 1 or ledger.count(Fate.CHANGED) or ledger.count(Fate.DROPPED):
        return False
    found, kind = ledger.questions[0], question.type
    try:
        head = QuestionHead(type=found.type, **{"competency": "", "section": "", **found.head})
        source: Any = TypeAdapter(kind.source).validate_json(json.dumps(found.body), strict=True)
    except ValidationError:
        return False
    return head == question.head and _shown(kind, source) == _shown(kind, written.kept)


def _shown(kind: Any, source: Any) -> tuple[Any, ...]:
    """All that a question is to a learner, before and after, and to marking."""
    return kind.body(source, render_phrase), kind.right(source), kind.feedback(source, render_phrase)
