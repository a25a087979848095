"""How people learn: act by act, through the services that the pages call."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

from sqlalchemy import select

from lms.demonstration.answers import choose_answers
from lms.demonstration.clock import Diary, Story
from lms.demonstration.paths import Path
from lms.demonstration.world import PublishedCourse, World
from lms.models import Completion, Enrolment, Person
from lms.rules.people import email_key
from lms.services.attempts import Answer, get_quiz, record_answers, start_attempt
from lms.services.completions import withdraw_completion
from lms.services.enrolments import finish_section, start_course
from lms.services.submitting import submit_attempt

_PAGE = 4  # answers that travel in one save
_FAILURES = {Path.FAILED: 1, Path.FAILED_THEN_PASSED: 1}
_PASSING = (Path.FAILED_THEN_PASSED, Path.PASSED, Path.WITHDRAWN, Path.OWN_CHOICE)
_REASON = (
    "Two people answered this quiz together on one account, as both told us. "
    "The completion is withdrawn by agreement; the course can be taken again."
)


def learn(world: World, email: str, path: Path, diary: Diary, *, partner: bool) -> Story:
    """One person's way through the first course, and then perhaps through others by their own choice."""
    if path in (Path.NOT_STARTED, Path.TAKEN_BACK):
        return
    yield from take_course(world, email, world.course, path, diary)
    if path not in _PASSING or path is Path.WITHDRAWN:
        return
    done = {world.course.code}
    for course in diary.random.sample(world.courses[1:], min(2, len(world.courses) - 1)):
        fits = done.issuperset(course.prerequisites) and (course.for_partner_staff or not partner)
        if not fits or diary.days_left() < 20:
            continue
        diary.days(3, 15)
        further = diary.random.choice((Path.READING, Path.PASSED, Path.PASSED, Path.FAILED_THEN_PASSED))
        yield from take_course(world, email, course, further, diary)
        done |= {course.code} if further in _PASSING else set()


def take_course(world: World, email: str, course: PublishedCourse, path: Path, diary: Diary) -> Story:
    """Start, read, try: as far as the path leads."""
    yield diary.days(0, 1)
    with world.acting(email, diary.at) as (session, actor):
        start_course(session, actor, slug=course.slug)
    half = max(1, len(course.sections) // 2)
    for key in course.sections[:half] if path is Path.READING else course.sections:
        yield diary.days(1, 2) if diary.random.random() < 0.15 else diary.minutes(2, 9)
        with world.acting(email, diary.at) as (session, actor):
            finish_section(session, actor, slug=course.slug, key=key)
    for _ in range(min(_FAILURES.get(path, 0), course.attempts - (path in _PASSING))):
        yield from _attempt(world, email, course, diary, passing=False)
        diary.days(1, 4)
    if path is Path.OPEN_ATTEMPT:
        yield from _attempt(world, email, course, diary, passing=True, leaves=True)
    if path in _PASSING:
        yield from _attempt(world, email, course, diary, passing=True)


def _attempt(
    world: World, email: str, course: PublishedCourse, diary: Diary, *, passing: bool, leaves: bool = False
) -> Iterator[datetime]:
    """One try: drawn, answered page by page, handed in unless the learner leaves in the middle."""
    chance = Random(diary.random.getrandbits(64))  # its own: what is drawn must not move the rest of the story
    yield diary.minutes(1, 6)
    with world.acting(email, diary.at) as (session, actor):
        ref = start_attempt(session, actor, slug=course.slug).ref
        answers = choose_answers(session, get_quiz(session, actor, ref=ref), chance, passing=passing)
    pages = _pages(answers)
    pace = min(6.0, 0.8 * (course.minutes_limit or 60) / (len(pages) + 1))
    for page in pages[: max(1, len(pages) // 2)] if leaves else pages:
        yield diary.minutes(pace / 3, pace)
        with world.acting(email, diary.at) as (session, actor):
            record_answers(session, actor, ref=ref, answers=page)
    if leaves:
        return
    yield diary.minutes(0.2, pace)
    with world.acting(email, diary.at) as (session, actor):
        submit_attempt(session, actor, ref=ref)


def _pages(answers: Sequence[Answer]) -> list[Sequence[Answer]]:
    return [answers[start : start + _PAGE] for start in range(0, len(answers), _PAGE)]


def withdraw(world: World, officer: str, email: str, learning: Story, random: Random) -> Story:
    """The learning of somebody whose completion HR withdraws some days later, with a reason."""
    at = world.start
    for moment in learning:
        at = moment
        yield moment
    diary = Diary(at, world.now, random)
    yield diary.days(5, 12)
    with world.acting(officer, diary.at) as (session, actor):
        completion = session.scalar(
            select(Completion.ref)
            .join(Enrolment, Enrolment.id == Completion.enrolment_id)
            .join(Person, Person.id == Enrolment.person_id)
            .where(Person.email_key == email_key(email))
        )
        if completion:
            withdraw_completion(session, actor, ref=completion, reason=_REASON)
