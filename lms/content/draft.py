"""A course folder while it is read: its files, what is known so far, and every fault."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lms.content.folder_files import decode
from lms.content.markdown_checks import Reading
from lms.content.schema import Course, CourseTranslation, QuestionHead, Signed
from lms.content.yaml_files import Document, read_yaml
from lms.errors import Fault
from lms.questions import QuestionType
from lms.rules.drawing import Wanted


@dataclass
class SectionDraft:
    """One section: its file and number, and by language what was read, rendered and titled."""

    name: str
    key: str
    position: int
    minutes: int = 0
    titles: dict[str, str] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)


@dataclass
class QuestionDraft:
    """One valid question of the source file, and its translations."""

    head: QuestionHead
    type: QuestionType
    path: tuple[str | int, ...]
    sources: dict[str, Any]


@dataclass
class PoolDraft:
    """One pool of the source file."""

    id: str
    draws: tuple[Wanted, ...]
    questions: list[QuestionDraft]


@dataclass
class Draft:
    """What reading one course folder has found."""

    folder: str
    slug: str
    files: dict[str, bytes]
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    languages: list[str] = field(default_factory=lambda: ["en"])
    documents: dict[str, Document] = field(default_factory=dict)
    course: Course | None = None
    translations: dict[str, CourseTranslation] = field(default_factory=dict)
    sections: list[SectionDraft] = field(default_factory=list)
    pools: list[PoolDraft] = field(default_factory=list)
    sign_offs: list[Signed] = field(default_factory=list)
    quiz_ids: dict[str, tuple[str | int, ...]] = field(default_factory=dict)
    beside: dict[str, bytes] = field(default_factory=dict)  # files outside the folder of which something was made

    @property
    def content(self) -> dict[str, bytes]:
        """All that the course says."""
        return self.files | self.beside

    @property
    def document(self) -> Document | None:
        """course.yaml, if it could be read."""
        return self.documents.get("course.yaml")

    @property
    def declared(self) -> dict[str, Any]:
        """What course.yaml says, valid or not; empty where it cannot be read."""
        data = self.document.data if self.document else None
        return data if isinstance(data, dict) else {}

    def shown(self, name: str) -> str:
        """A file's name as the user sees it."""
        return f"{self.folder}/{name}"

    def inside(self, language: str, name: str) -> str:
        """A file's path in the course: the source language lies at the top, others in a folder of their own."""
        return name if language == self.languages[0] else f"{language}/{name}"

    def fault(self, name: str, message: str, line: int = 1, column: int = 1) -> None:
        """Note a fault in a file."""
        self.faults.append(Fault(self.shown(name), line, column, message))

    def warn(self, at: Fault, message: str) -> None:
        """Note, at the place of a fault, what should be better and keeps nothing from being loaded."""
        self.warnings.append(replace(at, message=message))

    def placed_questions(self) -> Iterator[tuple[QuestionDraft, str, Document, tuple[str | int, ...]]]:
        """Each valid question in each of its languages: with the file where it stands, and its path there."""
        for question in (question for pool in self.pools for question in pool.questions):
            for language in question.sources:
                path = question.path if language == self.languages[0] else ("questions", question.head.id)
                yield question, language, self.documents[self.inside(language, "quiz.yaml")], path

    def text(self, name: str) -> str | None:
        """A file's text; None, and a fault, where it is no text."""
        text, faults = decode(self.shown(name), self.files[name])
        self.faults += faults
        return text

    def yaml(self, name: str) -> Document | None:
        """A YAML file's document; None, and faults, where it is missing or cannot be taken."""
        if name not in self.files:
            self.fault(name, "the file is missing; add it")
            return None
        text = self.text(name)
        if text is None:
            return None
        document, faults = read_yaml(self.shown(name), text)
        self.faults += faults
        if document is not None:
            self.documents[name] = document
        return document
