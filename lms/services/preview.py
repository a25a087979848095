"""A course as a learner would meet it, for its author: drawn, answered and marked in memory; nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseText,
    CourseVersion,
    Media,
    Question,
    QuestionFeedback,
    QuestionKey,
    QuestionText,
    Section,
)
from lms.permissions import Actor, require
from lms.rules.grading import Grade, grade
from lms.services import keys
from lms.services.attempt_rows import Met, drawn_rows, shown_rows
from lms.services.attempts import Drawn
from lms.services.authoring import authored
from lms.services.keys import Corrections
from lms.services.results import Reviewed
from lms.services.submitting import mark_question, marks


@dataclass(frozen=True)
class PreviewCourse:
    """The current version in the author's language, or in the source's where there is none."""

    version: CourseVersion
    slug: str
    language: str
    text: CourseText
    sections: Sequence[Any]  # key, position, title, minutes


@dataclass(frozen=True)
class PreviewText:
    """What the templates of an attempt ask of it."""

    language: str


@dataclass(frozen=True)
class PreviewQuiz:
    """A quiz as the seed draws it, in the shape that the templates of an attempt read."""

    course: PreviewCourse
    seed: int
    whole: bool  # every question, not only as many as an attempt gets
    attempt: PreviewText
    drawn: list[Drawn]
    rows: Mapping[int, Any]  # question id -> its row, with the published key
    corrections: Corrections


@dataclass(frozen=True)
class PreviewResult:
    """What handing in would have said."""

    quiz: PreviewQuiz
    attempt: PreviewText
    reviewed: list[Reviewed]
    grade: Grade


def get_preview(session: Session, actor: Actor, *, slug: str) -> PreviewCourse:
    """One of the actor's courses; NotFound for another. Two queries."""
    require(actor, "authoring.read")
    rows = session.execute(
        select(CourseVersion, CourseText)
        .join(Course, CURRENT_VERSION)
        .join(CourseText, CourseText.version_id == CourseVersion.id)
        .where(Course.slug == slug, authored(actor))
    ).all()
    texts = {row.CourseText.language: row for row in rows}
    if not rows:
        raise NotFound()
    row = texts.get(actor.language) or texts[rows[0].CourseVersion.source_language]
    language = row.CourseText.language
    sections = session.execute(
        select(Section.key, Section.position, Section.title, Section.minutes)
        .where(Section.version_id == row.CourseVersion.id, Section.language == language).order_by(Section.position)
    ).all()  # fmt: skip
    return PreviewCourse(row.CourseVersion, slug, language, row.CourseText, sections)


def get_preview_section(session: Session, actor: Actor, *, slug: str, key: str) -> tuple[PreviewCourse, Section]:
    """A section of one of the actor's courses."""
    course = get_preview(session, actor, slug=slug)
    found = select(Section).where(Section.version_id == course.version.id, Section.language == course.language)
    section = session.scalar(found.where(Section.key == key))
    if section is None:
        raise NotFound()
    return course, section


def get_preview_media(session: Session, actor: Actor, *, slug: str, path: str) -> tuple[str, bytes]:
    """Content type and bytes of a picture of one of the actor's courses."""
    require(actor, "authoring.read")
    row = session.execute(
        select(Media.content_type, Media.body)
        .join(CourseVersion, and_(CourseVersion.id == Media.version_id, CourseVersion.is_current))
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug == slug, Media.path == path, authored(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row.content_type, row.body


def draw_preview(session: Session, actor: Actor, *, slug: str, seed: int, whole: bool) -> PreviewQuiz:
    """The quiz that the seed draws, as an attempt would; the same seed gives the same quiz. Four queries."""
    course = get_preview(session, actor, slug=slug)
    feedback = and_(QuestionFeedback.question_id == Question.id, QuestionFeedback.language == QuestionText.language)
    rows = session.execute(
        select(Question.id, Question.pool, Question.pool_draw, Question.type, Question.critical, QuestionText.body)
        .add_columns(Question.tags, Question.competency, Question.difficulty)
        .add_columns(QuestionKey.body.label("right"), QuestionFeedback.body.label("feedback"))
        .join(QuestionText, QuestionText.question_id == Question.id)
        .join(QuestionKey, QuestionKey.question_id == Question.id)
        .join(QuestionFeedback, feedback)
        .where(Question.version_id == course.version.id, QuestionText.language == course.language)
        .order_by(Question.id)
    ).all()
    by_id = {row.id: row for row in rows}
    corrections = keys.read_in_force(session, course.version.id)
    if whole:
        shown = shown_rows(0, list(by_id), rows, Random(seed))
    else:
        shown = drawn_rows(0, seed, course.version, rows, Met({}))
    drawn = [
        Drawn(row["question_id"], row["position"], by_id[row["question_id"]].type, by_id[row["question_id"]].body,
              row["option_order"], None, language=course.language)
        for row in shown
    ]  # fmt: skip
    return PreviewQuiz(course, seed, whole, PreviewText(course.language), drawn, by_id, corrections)


def mark_preview(quiz: PreviewQuiz, answers: Mapping[int, Sequence[str]]) -> PreviewResult:
    """What the form's strings (by position) would earn, with the key; raises Invalid for what no form sends."""
    values = {drawn.question_id: drawn.parse(answers.get(drawn.position, ())) for drawn in quiz.drawn}
    rows, held = [quiz.rows[drawn.question_id] for drawn in quiz.drawn], quiz.corrections
    reviewed = [
        Reviewed(
            replace(drawn, value=values[row.id]), mark_question(row, values[row.id], held),
            keys.right_of(row, held), row.feedback, recalled=held.get(row.id), follows=row.id in held,
        )
        for drawn, row in zip(quiz.drawn, rows, strict=True)
    ]  # fmt: skip
    graded = grade(list(marks(rows, values, held)), quiz.course.version.pass_percent)
    return PreviewResult(quiz, quiz.attempt, reviewed, graded)
