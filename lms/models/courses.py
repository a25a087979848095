"""Courses and their immutable versions, stored rendered and sanitised; no request reads files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, where


class Course(Base):
    """What stays the same over all versions of a course."""

    __tablename__ = "lms_courses"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)


class CourseVersion(Base):
    """One published version, named by number and content hash. Never updated but for `is_current`'s move."""

    __tablename__ = "lms_course_versions"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        Index("uq_lms_course_versions_current", "course_id", unique=True, **where("is_current")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("lms_courses.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    is_current: Mapped[bool]
    languages: Mapped[list[str]] = mapped_column(JSON)
    source_language: Mapped[str] = mapped_column(String(20))
    authors: Mapped[list[str]] = mapped_column(JSON)
    minutes: Mapped[int]
    size_bytes: Mapped[int]  # of all sections in the source language and their media, as stored
    section_count: Mapped[int]
    for_staff: Mapped[bool]
    for_partner_staff: Mapped[bool]
    actions: Mapped[list[int]] = mapped_column(JSON)
    steps: Mapped[list[str]] = mapped_column(JSON)
    competencies: Mapped[dict[str, int]] = mapped_column(JSON)  # competency code -> level aimed at
    competency_codes: Mapped[str] = mapped_column(String(200))  # the same for exports: "PC1:1;PC3:1"
    # "quiz": who passes it has completed the course; or "attendance", which HR records. The same for all versions.
    completes_by: Mapped[str] = mapped_column(String(20), default="quiz")
    pass_percent: Mapped[int]
    attempts_allowed: Mapped[int]
    time_limit_minutes: Mapped[int | None]
    retry_delay_hours: Mapped[int] = mapped_column(default=0)  # between the end of an attempt and the next start
    quiz_opens_on: Mapped[date | None]  # the first and the last day, UTC, on which the quiz may be taken
    quiz_closes_on: Mapped[date | None]
    renewal_months: Mapped[int | None]
    prerequisites: Mapped[list[str]] = mapped_column(JSON)  # course codes
    requires_application: Mapped[bool]
    application_days: Mapped[int]
    # pool -> what it draws (rules.drawing.Wanted as JSON), where that is more than a number
    draws: Mapped[dict[str, list[dict[str, Any]]]] = mapped_column(JSON, default=dict)

    @property
    def is_by_quiz(self) -> bool:
        """Whether passing the quiz completes the course."""
        return self.completes_by == "quiz"


class CourseText(Base):
    """What a course says of itself in one language."""

    __tablename__ = "lms_course_texts"

    version_id: Mapped[int] = mapped_column(ForeignKey("lms_course_versions.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    objectives: Mapped[list[str]] = mapped_column(JSON)
    # title, brief_html, evidence (list), criteria (list), other_side (bool; absent in old ones); empty where there is
    # no task
    task: Mapped[dict[str, Any]] = mapped_column(JSON)
    reviewed_by: Mapped[str] = mapped_column(String(200), default="")  # who confirmed the translation


# Join conditions of every list that names courses: the version in force, and its text in the source language.
CURRENT_VERSION = and_(CourseVersion.course_id == Course.id, CourseVersion.is_current)


def in_source_language(text: Any) -> ColumnElement[bool]:
    """A condition on `CourseVersion` and an alias of `CourseText`."""
    found: ColumnElement[bool] = and_(
        text.version_id == CourseVersion.id, text.language == CourseVersion.source_language
    )
    return found


class Section(Base):
    """One page of a course version in one language."""

    __tablename__ = "lms_sections"
    __table_args__ = (UniqueConstraint("version_id", "language", "position"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("lms_course_versions.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int]
    html: Mapped[str] = mapped_column(Text)


class Media(Base):
    """A picture or file of a course version."""

    __tablename__ = "lms_media"

    version_id: Mapped[int] = mapped_column(ForeignKey("lms_course_versions.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    content_type: Mapped[str] = mapped_column(String(100))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Question(Base):
    """One question of a version's pools; what a learner may see is in QuestionText, the key is elsewhere."""

    __tablename__ = "lms_questions"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("lms_course_versions.id"))
    key: Mapped[str] = mapped_column(String(80))
    pool: Mapped[str] = mapped_column(String(80))
    pool_draw: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    competency: Mapped[str] = mapped_column(String(20))
    section_key: Mapped[str] = mapped_column(String(80), default="")  # what to read again
    critical: Mapped[bool]
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    difficulty: Mapped[str] = mapped_column(String(10), default="")  # easy, medium, hard; or not said


class QuestionText(Base):
    """What a learner sees of a question during an attempt, in one language."""

    __tablename__ = "lms_question_texts"

    question_id: Mapped[int] = mapped_column(ForeignKey("lms_questions.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class QuestionKey(Base):
    """What is right; a table of its own, so that a careless select of the quiz cannot carry it."""

    __tablename__ = "lms_question_keys"

    question_id: Mapped[int] = mapped_column(ForeignKey("lms_questions.id"), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class QuestionFeedback(Base):
    """What each answer teaches; shown after an attempt, and kept apart as the key is."""

    __tablename__ = "lms_question_feedback"

    question_id: Mapped[int] = mapped_column(ForeignKey("lms_questions.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
