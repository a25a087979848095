"""What reading a course folder yields: plain data, rendered and sanitised, ready to publish."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lms.errors import Fault
from lms.rules.drawing import Wanted


@dataclass(frozen=True)
class TaskText:
    """The workplace task in one language; the sheet is what the learner prints."""

    title: str
    brief_html: str
    evidence: tuple[str, ...]
    criteria: tuple[str, ...]


@dataclass(frozen=True)
class CourseText:
    """What a course says of itself in one language."""

    title: str
    summary: str
    objectives: tuple[str, ...]
    task: TaskText | None
    reviewed_by: str = ""


@dataclass(frozen=True)
class SectionText:
    """One section in one language."""

    title: str
    html: str


@dataclass(frozen=True)
class SectionContent:
    """One numbered Markdown file; `key` is its name without number and suffix."""

    key: str
    minutes: int
    texts: dict[str, SectionText]


@dataclass(frozen=True)
class QuestionContent:
    """One question: `bodies` and `feedback` by language, made by its type; `key` says what is right."""

    key: str
    type: str
    competency: str
    section: str
    critical: bool
    tags: tuple[str, ...]
    difficulty: str  # "" where the author names none
    bodies: dict[str, dict[str, Any]]
    right: dict[str, Any]
    feedback: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class PoolContent:
    """Questions of which a quiz draws some."""

    key: str
    draws: tuple[Wanted, ...]
    questions: tuple[QuestionContent, ...]

    @property
    def draw(self) -> int:
        """How many questions an attempt gets."""
        return sum(wanted.count for wanted in self.draws)


@dataclass(frozen=True)
class MediaContent:
    """A file under media/."""

    path: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class SignOff:
    """Somebody's word that the content may be used, given on a day."""

    by: str
    role: str
    on: date


@dataclass(frozen=True)
class CourseContent:
    """One course version as its files tell it. `content_hash` covers every byte of every file (SHA-256, hex), but
    those of sign-off.yaml and made-from.yaml. `sign_off` says whose word is needed before anybody may learn from it;
    "" is nobody's."""

    slug: str
    code: str
    number: int
    content_hash: str
    languages: tuple[str, ...]  # the first is the source language
    authors: tuple[str, ...]
    minutes: int
    audience: tuple[str, ...]  # of "staff", "partner_staff"
    actions: tuple[int, ...]
    steps: tuple[str, ...]
    competencies: dict[str, int]
    completes_by: str  # "quiz": who passes it has completed the course; or "attendance", which somebody records
    pass_percent: int
    attempts_allowed: int
    time_limit_minutes: int | None
    retry_delay_hours: int
    quiz_opens_on: date | None
    quiz_closes_on: date | None
    renewal_months: int | None
    prerequisites: tuple[str, ...]
    requires_application: bool
    application_days: int
    texts: dict[str, CourseText]
    sections: tuple[SectionContent, ...]
    pools: tuple[PoolContent, ...]
    media: tuple[MediaContent, ...] = ()
    sign_off: str = ""
    signed_off: SignOff | None = None  # the newest for this very content

    @property
    def waits_for(self) -> str:
        """Whose sign-off is still missing; "" when it may be published."""
        return "" if self.signed_off else self.sign_off


@dataclass(frozen=True)
class ReferenceContent:
    """One reference file (framework, roles, steps, paths), validated; `body` is plain JSON data."""

    kind: str
    number: int
    content_hash: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Library:
    """Everything in the courses folder; `warnings` are what its authors should make better."""

    courses: tuple[CourseContent, ...]
    references: tuple[ReferenceContent, ...] = field(default=())
    warnings: tuple[Fault, ...] = field(default=())
