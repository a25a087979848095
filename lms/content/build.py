"""Builds a course's content from a draft without faults."""

from lms.content.course import (
    CourseContent,
    CourseText,
    MediaContent,
    PoolContent,
    QuestionContent,
    SectionContent,
    SectionText,
    TaskText,
)
from lms.content.draft import Draft, QuestionDraft
from lms.content.markdown import render_brief, render_phrase
from lms.content.media import CONTENT_TYPES
from lms.content.schema import Course
from lms.content.sign_off import newest_sign_off, signed_hash


def build_course(draft: Draft, course: Course) -> CourseContent:
    """The content of a course whose draft has no fault."""
    return CourseContent(
        slug=draft.slug,
        code=course.code,
        number=course.version,
        content_hash=signed_hash(draft.content),
        languages=tuple(draft.languages),
        authors=tuple(course.authors),
        minutes=course.minutes,
        audience=tuple(course.audience),
        actions=tuple(course.actions),
        steps=tuple(course.steps),
        competencies=dict(course.competencies),
        completes_by=course.completes_by,
        pass_percent=course.pass_mark,
        attempts_allowed=course.attempts,
        time_limit_minutes=course.time_limit_minutes,
        retry_delay_hours=course.retry_delay_hours,
        quiz_opens_on=course.quiz_opens_on,
        quiz_closes_on=course.quiz_closes_on,
        renewal_months=course.renewal_months,
        prerequisites=tuple(course.prerequisites),
        requires_application=course.task is not None,
        application_days=course.task.days if course.task else 0,
        texts={language: _text(draft, course, language) for language in draft.languages},
        sections=_sections(draft),
        pools=_pools(draft),
        media=_media(draft),
        sign_off=course.sign_off,
        signed_off=newest_sign_off(draft),
    )


def _text(draft: Draft, course: Course, language: str) -> CourseText:
    said = draft.translations.get(language, course)
    task = None
    if course.task and said.task:
        brief = render_brief(said.task.brief)
        task = TaskText(
            said.task.title, brief, tuple(course.task.evidence), tuple(said.task.criteria), course.task.other_side
        )
    reviewed_by = getattr(said, "reviewed_by", "")
    return CourseText(said.title, said.summary, tuple(said.objectives), task, reviewed_by)


def _sections(draft: Draft) -> tuple[SectionContent, ...]:
    return tuple(
        SectionContent(
            section.key,
            section.minutes,
            {name: SectionText(section.titles[name], section.html[name]) for name in draft.languages},
        )
        for section in draft.sections
    )


def _pools(draft: Draft) -> tuple[PoolContent, ...]:
    return tuple(
        PoolContent(pool.id, pool.draws, tuple(_question(question) for question in pool.questions))
        for pool in draft.pools
    )


def _question(question: QuestionDraft) -> QuestionContent:
    head, kind = question.head, question.type
    return QuestionContent(
        key=head.id,
        type=kind.name,
        competency=head.competency,
        section=head.section,
        critical=head.critical,
        tags=tuple(head.tags),
        difficulty=head.difficulty or "",
        bodies={language: kind.body(text, render_phrase) for language, text in question.sources.items()},
        right=kind.right(*question.sources.values()),
        feedback={language: kind.feedback(text, render_phrase) for language, text in question.sources.items()},
    )


def _media(draft: Draft) -> tuple[MediaContent, ...]:
    return tuple(
        MediaContent(name[6:], CONTENT_TYPES[name[name.rfind(".") :]], body)
        for name, body in sorted(draft.files.items())
        if name.startswith("media/")
    )
