"""How people learn: act by act, through the services that the pages call."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from lms.demonstration.answers import choose_answers
from lms.demonstration.cast import INGRID
from lms.demonstration.clock import Diary, Story
from lms.demonstration.paths import Path
from lms.demonstration.published import PublishedCourse
from lms.demonstration.world import World
from lms.rules.renewal import expires_on
from lms.services.answers import Answer
from lms.services.submitting import BY_QUIZ

_PAGE = 4  # answers that travel in one save
_RENEWS = 0.8  # of those whose completion runs out
_EVERY = 10  # attempts, of those that a course allows
_FAILURES = {Path.FAILED: 1, Path.FAILED_THEN_PASSED: 1, Path.NEEDS_HELP: _EVERY}
PASSING = (Path.FAILED_THEN_PASSED, Path.PASSED, Path.WITHDRAWN, Path.OWN_CHOICE)
_REASON = (
    "Two people answered this quiz together on one account, as both told us. "
    "The completion is withdrawn by agreement; the course can be taken again."
)


@dataclass(order=True)
class Intent:
    """A course that somebody will begin at a moment, unless others keep them longer, and how far they come."""

    at: datetime
    number: int
    course: PublishedCourse = field(compare=False)
    path: Path = field(compare=False)


def learn(world: World, email: str, intents: Sequence[Intent], diary: Diary) -> Story:
    """One person's way through courses, one after the other; what runs out is renewed."""
    ahead, valid = sorted(intents), dict[str, date | None]()
    while ahead:
        intent = heapq.heappop(ahead)
        course, path = intent.course, intent.path
        diary.skip_to(intent.at)
        missing = [code for code in course.version.prerequisites if not _counts(valid, code, diary.at.date())]
        yield from take_course(world, email, course, Path.READING if missing else path, diary)
        if missing or path not in PASSING or course.version.completes_by != BY_QUIZ:
            continue
        if path is Path.WITHDRAWN:
            yield from _withdraw(world, email, course, diary)
            continue
        valid[course.code] = expires_on(diary.at.date(), course.version.renewal_months)
        if (lapses := valid[course.code]) and diary.random.random() < _RENEWS:
            again = datetime.combine(lapses, time(8), UTC) + timedelta(days=diary.random.randint(1, 40))
            heapq.heappush(ahead, Intent(again, intent.number, course, Path.PASSED))


def _counts(valid: Mapping[str, date | None], code: str, on: date) -> bool:
    lapses = valid.get(code, on)
    return lapses is None or lapses > on


def take_course(world: World, email: str, course: PublishedCourse, path: Path, diary: Diary) -> Story:
    """Start, read, try: as far as the path leads."""
    if path in (Path.NOT_STARTED, Path.TAKEN_BACK):
        return
    yield diary.days(0, 1)
    world.acts.start_course(email, diary.at, course)
    half = max(1, len(course.sections) // 2)
    for key in course.sections[:half] if path is Path.READING else course.sections:
        yield diary.days(1, 2) if diary.random.random() < 0.15 else diary.minutes(2, 9)
        world.acts.finish_section(email, diary.at, course, key)
    for _ in range(min(_FAILURES.get(path, 0), course.version.attempts_allowed - (path in PASSING))):
        yield from _attempt(world, email, course, diary, passing=False)
        diary.days(1, 4)
    if path is Path.OPEN_ATTEMPT:
        yield from _attempt(world, email, course, diary, passing=True, leaves=True)
    if path in PASSING:
        yield from _attempt(world, email, course, diary, passing=True)
    if path is Path.NEEDS_HELP:
        yield diary.minutes(5, 60)
        world.acts.ask_for_help(email, diary.at, course)


def _attempt(
    world: World, email: str, course: PublishedCourse, diary: Diary, *, passing: bool, leaves: bool = False
) -> Iterator[datetime]:
    """One try: drawn, answered page by page, handed in unless the learner leaves in the middle."""
    chance = Random(diary.random.getrandbits(64))  # its own: what is drawn must not move the rest of the story
    yield diary.minutes(1, 6)
    tried = world.acts.start_attempt(email, diary.at, course, seed=chance.getrandbits(31))
    answers = choose_answers(course, tried.language, tried.drawn, chance, passing=passing)
    pages = _pages(answers)
    pace = min(6.0, 0.8 * (course.version.time_limit_minutes or 60) / (len(pages) + 1))
    for page in pages[: max(1, len(pages) // 2)] if leaves else pages:
        yield diary.minutes(pace / 3, pace)
        world.acts.record_answers(email, diary.at, tried.ref, page)
    if leaves:
        return
    yield diary.minutes(0.2, pace)
    world.acts.submit(email, diary.at, tried.ref)


def _pages(answers: Sequence[Answer]) -> list[Sequence[Answer]]:
    return [answers[start : start + _PAGE] for start in range(0, len(answers), _PAGE)]


def _withdraw(world: World, email: str, course: PublishedCourse, diary: Diary) -> Story:
    """HR withdraws what was completed some days later, with a reason."""
    yield diary.days(5, 12)
    world.acts.withdraw(INGRID, diary.at, email, course, _REASON)
