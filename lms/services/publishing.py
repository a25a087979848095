"""Publishes checked content: a course version is immutable, named by number and content hash."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.content.course import CourseContent, CourseText, Library, QuestionContent, ReferenceContent
from lms.errors import N_, Conflict
from lms.models import (
    Course,
    CourseVersion,
    Media,
    Question,
    QuestionFeedback,
    QuestionKey,
    QuestionText,
    ReferenceVersion,
    Section,
)
from lms.models import CourseText as CourseTextRow
from lms.permissions import Actor, require
from lms.rules.drawing import Wanted
from lms.services import announcing, stored_levels
from lms.services.framework_versions import KINDS, Counts, list_lost_codes
from lms.services.writing import audit


@dataclass(frozen=True)
class Published:
    """What became of one course or reference file."""

    name: str
    number: int
    is_new: bool
    waits_for: str = ""  # whose sign-off is missing, so that it was left out


def publish_library(
    session: Session, actor: Actor, *, library: Library, changed: Counts | None = None
) -> list[Published]:
    """Publish what is new; the same content again changes nothing, and what waits for a sign-off is left out.

    `changed` is how many people a new framework or new roles change, where somebody counted. Raises Conflict, and so
    publishes nothing at all, when content changed under a number that is published, or evidence would be lost.
    """
    require(actor, "courses.publish")
    done = [_publish_reference(session, actor, reference, changed) for reference in library.references]
    return done + [_publish_course(session, actor, course) for course in library.courses]


def _refuse_change(name: str, number: int, published_hash: str, content_hash: str, newest: int) -> bool:
    """True when this very content is published; Conflict when other content is, or when the number went back."""
    if published_hash == content_hash:
        return True
    if published_hash:
        raise Conflict(
            N_("%(name)s version %(number)d is published with other content. Published versions never change: "
               "give the new content `version: %(next)d`."),
            name=name, number=number, next=newest + 1,
        )  # fmt: skip
    if number <= newest:
        raise Conflict(
            N_("%(name)s has version %(newest)d published; version %(number)d would go back. Use `version: %(next)d`."),
            name=name, number=number, newest=newest, next=newest + 1,
        )  # fmt: skip
    return False


def _publish_reference(session: Session, actor: Actor, content: ReferenceContent, changed: Counts | None) -> Published:
    row = ReferenceVersion
    newest = session.scalar(select(func.max(row.number)).where(row.kind == content.kind)) or 0
    published = session.scalar(select(row.content_hash).where(row.kind == content.kind, row.number == content.number))
    if _refuse_change(content.kind, content.number, published or "", content.content_hash, newest):
        return Published(content.kind, content.number, is_new=False)
    if content.kind == "framework":
        refuse_lost_codes(session, content.body)
    counted = changed._asdict() if changed and content.kind in KINDS else {}
    session.add(
        ReferenceVersion(
            kind=content.kind, number=content.number, content_hash=content.content_hash, body=content.body,
            published_at=actor.at, **{f"{name}_changed": count for name, count in counted.items()},
        )
    )  # fmt: skip
    audit(session, actor, "reference.publish", content.kind, str(content.number))
    if content.kind == "framework" and newest:
        stored_levels.refresh_later(session, actor)
        announcing.announce_moves_later(session, actor, version=content.number)
    return Published(content.kind, content.number, is_new=True)


def refuse_lost_codes(session: Session, framework: Mapping[str, Any]) -> None:
    """Conflict where a framework no longer knows a code under which evidence may stand."""
    if lost := list_lost_codes(session, framework):
        raise Conflict(
            N_("framework.yaml has no %(codes)s any more, and evidence may rest on it. Write under `mapping:` what "
               "became of it: `old: %(first)s` with `new: [CODE]`, or with `new: []` and a `reason`."),
            codes=", ".join(lost), first=lost[0],
        )  # fmt: skip


def _publish_course(session: Session, actor: Actor, content: CourseContent) -> Published:
    course = _course(session, content)
    columns = CourseVersion.number, CourseVersion.content_hash, CourseVersion.completes_by
    found = session.execute(select(*columns).where(CourseVersion.course_id == course.id)).all()
    hashes = {row.number: row.content_hash for row in found}
    published = hashes.get(content.number, "")
    if _refuse_change(content.slug, content.number, published, content.content_hash, max(hashes, default=0)):
        return Published(content.slug, content.number, is_new=False)
    if any(row.completes_by != content.completes_by for row in found):
        raise Conflict(
            N_("Course %(code)s is published with another `completes_by`; its records rest on it. Give it a new code."),
            code=content.code,
        )  # fmt: skip
    if content.waits_for:
        return Published(content.slug, content.number, is_new=False, waits_for=content.waits_for)
    session.add(course)
    session.flush()
    session.execute(update(CourseVersion).where(CourseVersion.course_id == course.id).values(is_current=False))
    version = CourseVersion(course_id=course.id, published_at=actor.at, is_current=True, **_version_fields(content))
    session.add(version)
    session.flush()
    session.add_all(_version_rows(version.id, content))
    for question, row in _question_rows(version.id, content):
        session.add(row)
        session.flush()
        session.add_all(_question_parts(row.id, question))
    audit(session, actor, "courses.publish", "course_version", f"{content.code}:{content.number}")
    return Published(content.slug, content.number, is_new=True)


def _course(session: Session, content: CourseContent) -> Course:
    """The course of that code, or a new one; a slug that moved to another code is refused, as the unique keys mean."""
    course = session.scalar(select(Course).where(Course.code == content.code))
    if course is None:
        return Course(code=content.code, slug=content.slug)
    if course.slug != content.slug:
        raise Conflict(
            N_("Course %(code)s is published in the folder %(slug)s; its records point there. Keep the folder's name."),
            code=content.code, slug=course.slug,
        )  # fmt: skip
    return course


def _version_fields(content: CourseContent) -> dict[str, Any]:
    source = content.languages[0]
    pages = sum(len(section.texts[source].html.encode()) for section in content.sections)
    return {
        "number": content.number,
        "content_hash": content.content_hash,
        "languages": list(content.languages),
        "source_language": source,
        "authors": list(content.authors),
        "minutes": content.minutes,
        "size_bytes": pages + sum(len(media.body) for media in content.media),
        "section_count": len(content.sections),
        "for_staff": "staff" in content.audience,
        "for_partner_staff": "partner_staff" in content.audience,
        "actions": list(content.actions),
        "steps": list(content.steps),
        "competencies": content.competencies,
        "competency_codes": ";".join(f"{code}:{level}" for code, level in sorted(content.competencies.items())),
        "completes_by": content.completes_by,
        "pass_percent": content.pass_percent,
        "attempts_allowed": content.attempts_allowed,
        "time_limit_minutes": content.time_limit_minutes,
        "retry_delay_hours": content.retry_delay_hours,
        "quiz_opens_on": content.quiz_opens_on,
        "quiz_closes_on": content.quiz_closes_on,
        "renewal_months": content.renewal_months,
        "prerequisites": list(content.prerequisites),
        "requires_application": content.requires_application,
        "application_days": content.application_days,
        "draws": {
            pool.key: [asdict(wanted) for wanted in pool.draws]
            for pool in content.pools
            if pool.draws != (Wanted(pool.draw),)
        },
    }


def _version_rows(version_id: int, content: CourseContent) -> Iterable[Any]:
    for language, text in content.texts.items():
        yield CourseTextRow(
            version_id=version_id, language=language, title=text.title, summary=text.summary,
            objectives=list(text.objectives), task=_task(text), reviewed_by=text.reviewed_by,
        )  # fmt: skip
    for position, section in enumerate(content.sections, start=1):
        for language, page in section.texts.items():
            yield Section(
                version_id=version_id, language=language, key=section.key, position=position, title=page.title,
                minutes=section.minutes, html=page.html,
            )  # fmt: skip
    for media in content.media:
        yield Media(version_id=version_id, path=media.path, content_type=media.content_type, body=media.body)


def _task(text: CourseText) -> dict[str, Any]:
    task = text.task
    if task is None:
        return {}
    return {
        "title": task.title,
        "brief_html": task.brief_html,
        "evidence": list(task.evidence),
        "criteria": list(task.criteria),
        "other_side": task.other_side,
    }


def _question_rows(version_id: int, content: CourseContent) -> Iterable[tuple[QuestionContent, Question]]:
    for pool in content.pools:
        for question in pool.questions:
            yield question, Question(
                version_id=version_id, key=question.key, pool=pool.key, pool_draw=pool.draw, type=question.type,
                competency=question.competency, section_key=question.section, critical=question.critical,
                tags=list(question.tags), difficulty=question.difficulty,
            )  # fmt: skip


def _question_parts(question_id: int, question: QuestionContent) -> Iterable[Any]:
    yield QuestionKey(question_id=question_id, body=question.right)
    for language, body in question.bodies.items():
        yield QuestionText(question_id=question_id, language=language, body=body)
        yield QuestionFeedback(question_id=question_id, language=language, body=question.feedback[language])
