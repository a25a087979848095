"""The published courses as stories need them: what there is to read, and what is asked and right in the quiz."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.demonstration.organisation import Functions
from lms.models import Course, CourseVersion, Question, QuestionKey, QuestionText, Section
from lms.services.framework import current_references


@dataclass(frozen=True)
class BankQuestion:
    """A question of a version in one language, with what is right."""

    id: int
    pool: str
    pool_draw: int
    type: str
    body: dict[str, Any]
    tags: list[str]
    competency: str
    difficulty: str
    critical: bool
    right: dict[str, Any]


@dataclass(frozen=True)
class PublishedCourse:
    """A current course; `sections` are keys in their order, `questions` are by language."""

    id: int
    slug: str
    code: str
    version: CourseVersion
    sections: tuple[str, ...]
    questions: Mapping[str, Sequence[BankQuestion]]

    @cached_property
    def by_id(self) -> Mapping[str, Mapping[int, BankQuestion]]:
        """Language -> id -> question."""
        return {language: {q.id: q for q in questions} for language, questions in self.questions.items()}

    @property
    def competency(self) -> str:
        """The first competency that it aims at."""
        return min(self.version.competencies, default="")

    def language(self, wanted: str) -> str:
        """The language in which somebody takes it."""
        return wanted if wanted in self.questions else self.version.source_language


def list_published(session: Session) -> tuple[PublishedCourse, ...]:
    """The current courses for staff; those that build on no other come first, then by code."""
    query = (
        select(Course, CourseVersion)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(CourseVersion.is_current, CourseVersion.for_staff)
        .order_by(Course.code)
    )
    rows = sorted(session.execute(query), key=lambda row: bool(row[1].prerequisites))
    return tuple(_published(session, course, version) for course, version in rows)


def _published(session: Session, course: Course, version: CourseVersion) -> PublishedCourse:
    sections = session.scalars(
        select(Section.key)
        .where(Section.version_id == version.id, Section.language == version.source_language)
        .order_by(Section.position)
    ).all()
    questions: dict[str, list[BankQuestion]] = {}
    rows = session.execute(
        select(QuestionText.language, Question.id, Question.pool, Question.pool_draw, Question.type)
        .add_columns(QuestionText.body, Question.tags, Question.competency, Question.difficulty)
        .add_columns(Question.critical, QuestionKey.body)
        .join(QuestionText, QuestionText.question_id == Question.id)
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .where(Question.version_id == version.id)
        .order_by(Question.id)
    )
    for language, *fields in rows:
        questions.setdefault(language, []).append(BankQuestion(*fields))
    session.expunge(version)
    return PublishedCourse(course.id, course.slug, course.code, version, tuple(sections), questions)


def published_functions(session: Session) -> Functions:
    """The functions of the published roles; those of partner staff are the ones that their profiles name."""
    roles = current_references(session, "roles").get("roles", {"functions": [], "roles": []})
    profiles = [role for role in roles["roles"] if role["audience"] == "partner_staff"]
    partner = {code for profile in profiles for code in profile["functions"]}
    codes = [function["code"] for function in roles["functions"]]
    return Functions(tuple(c for c in codes if c not in partner), tuple(c for c in codes if c in partner))
