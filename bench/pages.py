"""What people do, as acts that a load repeats: each page, a saved answer, a whole attempt, an export."""

import itertools
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, bindparam, event, select

from bench import people
from bench.load import AGENT, TOGETHER, Visitor
from bench.people import Organisation
from bench.serving import Server
from lms.demonstration.cast import INGRID, KOFI
from lms.models import CURRENT_VERSION, Attempt, AttemptQuestion, Course, CourseVersion, QuestionKey, Section

PREFIX = "/learn"
OPTIONS = ("1",)
ATTEMPTERS = 10  # people for each of those who attempt at once, so that nobody runs out of courses
_QUESTION = re.compile(rb'data-question="(\d+)"')
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')

# Name in the table -> the page; empty where each reader has their own.
PAGES = {
    "my page": "/", "catalogue": "/courses", "course": "", "section": "", "quiz page": "", "levels": "/levels",
    "plan": "/plan", "own records": "/records", "team": "/team", "HR records": "/hr/records",
    "HR overdue": "/hr/records?status=overdue", "assignments": "/assignments",
}  # fmt: skip
READERS = {"team": [KOFI], "HR records": [INGRID], "HR overdue": [INGRID], "assignments": [INGRID]}
# Per second, and p95 in milliseconds: ten times what Moodle 4.5.6 did on such a machine (16.0, 10.8, 14.3, 19.7 pages
# and 3.7 attempts a second).
GOALS = {
    "my page": (160.0, 80.0), "catalogue": (108.0, 80.0), "course": (143.0, 80.0), "quiz page": (197.0, 80.0),
    "whole attempt": (37.0, 400.0),
}  # fmt: skip

# The key of what an attempt drew: the load generator alone may see it.
DRAWN = (
    select(AttemptQuestion.position, AttemptQuestion.option_order, QuestionKey.body)
    .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
    .join(QuestionKey, QuestionKey.question_id == AttemptQuestion.question_id)
    .where(Attempt.ref == bindparam("ref"))
)

Act = Callable[[], None]


@dataclass(frozen=True)
class Scene:
    """An act by name; `goal` is what it has to reach: per second, and p95 in milliseconds."""

    name: str
    acts: list[Act]
    queries: int | None = None  # of one page

    @property
    def goal(self) -> tuple[float, float] | None:
        return GOALS.get(self.name)


class Stage:
    """People of one organisation before one server."""

    def __init__(self, organisation: Organisation, server: Server) -> None:
        self._organisation, self._server = organisation, server
        self._emails = people.learners(organisation, TOGETHER * (ATTEMPTERS + 1))
        self._cookies: dict[str, str] = {}

    def visitor(self, email: str) -> Visitor:
        """A new connection of somebody."""
        return Visitor(self._server.port, self._cookie(email))

    def _cookie(self, email: str) -> str:
        if email not in self._cookies:
            self._cookies[email] = people.cookie(self._organisation.app, email)
        return self._cookies[email]

    def scenes(self) -> Iterator[Scene]:
        """All that is measured, in the order of the table."""
        readers = self._emails[:TOGETHER]
        slugs = [people.ready_courses(self._organisation, email)[0] for email in readers]
        attempts = [people.open_attempt(self._organisation, e, s) for e, s in zip(readers, slugs, strict=True)]
        for name, pages in self._pages(slugs, attempts).items():
            asked = zip(itertools.cycle(READERS.get(name, readers)), pages, strict=False)
            acts = [reading(self.visitor(email), PREFIX + page) for email, page in asked]
            yield Scene(name, acts, self._queries(READERS.get(name, readers)[0], PREFIX + pages[0]))
        yield Scene("save", [self._saving(e, r) for e, r in zip(readers, attempts, strict=True)])
        groups = [self._emails[TOGETHER + n :: TOGETHER] for n in range(TOGETHER)]
        yield Scene("whole attempt", [self._attempting(group) for group in groups])

    def _pages(self, slugs: list[str], attempts: list[str]) -> dict[str, list[str]]:
        section = self._first_sections()
        own = {
            "course": [f"/courses/{slug}" for slug in slugs],
            "section": [f"/courses/{slug}/sections/{section[slug]}" for slug in slugs],
            "quiz page": [f"/attempts/{ref}" for ref in attempts],
        }
        return {name: own.get(name) or [path] * TOGETHER for name, path in PAGES.items()}

    def mixed_pages(self) -> list[tuple[Visitor, str]]:
        """Pages of many kinds, each with somebody who may open it."""
        staff = [self.visitor(email) for email in self._emails[:TOGETHER]]
        kinds = [(name, path) for name, path in PAGES.items() if path]
        return [
            (self.visitor(READERS[name][0]) if name in READERS else visitor, PREFIX + path)
            for visitor in staff
            for name, path in kinds
        ]

    def _queries(self, email: str, path: str) -> int:
        client = self._organisation.app.test_client(use_cookies=False)
        headers = {"Cookie": self._cookie(email), "User-Agent": AGENT}
        return count_queries(lambda: client.get(path, headers=headers))

    def _first_sections(self) -> dict[str, str]:
        query = (
            select(Course.slug, Section.key)
            .join(CourseVersion, CURRENT_VERSION)
            .join(Section, Section.version_id == CourseVersion.id)
            .where(Section.position == 1)
        )
        with self._organisation.database.read() as reading:
            return {slug: key for slug, key in reading.execute(query)}  # noqa: C416

    def _saving(self, email: str, ref: str) -> Act:
        visitor = self.visitor(email)
        token = token_of(visitor.get(f"{PREFIX}/attempts/{ref}").body)
        questions = itertools.cycle(range(1, 6))

        def act() -> None:
            answer = _answer(next(questions), list(OPTIONS))
            visitor.post_json(f"{PREFIX}/attempts/{ref}/answers", json.dumps({"answers": [answer]}), token)

        return act

    def _attempting(self, emails: list[str]) -> Act:
        """Start, answer every question in one save, hand in, read the result; every second one passes."""
        todo = iter([
            (visitor, slug)
            for email in emails
            for visitor in (self.visitor(email),)
            for slug in people.ready_courses(self._organisation, email)
        ])  # fmt: skip
        tokens: dict[Visitor, str] = {}
        passing = itertools.cycle((True, False))

        def act() -> None:
            visitor, slug = next(todo)
            if visitor not in tokens:
                tokens[visitor] = token_of(visitor.get(f"{PREFIX}/courses/{slug}").body)
            token = {"csrf_token": tokens[visitor]}
            page = visitor.post_form(f"{PREFIX}/courses/{slug}/attempts", token).location
            quiz = visitor.get(page).body
            answers = self._right(page.rpartition("/")[2]) if next(passing) else _first(quiz)
            visitor.post_json(f"{page}/answers", json.dumps({"answers": answers}), tokens[visitor])
            result = visitor.post_form(f"{page}/submit", {**token, "unanswered_ok": "1"}).location
            visitor.get(result)

        return act

    def _right(self, ref: str) -> list[dict[str, object]]:
        """The answers that pass, which no page tells: by the key of what was drawn."""
        rows = self._organisation.database.read_rows(DRAWN, {"ref": ref})
        return [_answer(row.position, [str(row.option_order.index(i) + 1) for i in row.body["right"]]) for row in rows]


def _first(page: bytes) -> list[dict[str, object]]:
    """The first option of each question of a quiz's page."""
    return [_answer(int(place), list(OPTIONS)) for place in _QUESTION.findall(page)]


def _answer(place: int, values: list[str]) -> dict[str, object]:
    return {"id": str(uuid.uuid4()), "question": place, "values": values}


def count_queries(act: Callable[[], object]) -> int:
    """How many statements an act in this process sends, the user's own among them; BEGIN is not counted."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    act()
    event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def reading(visitor: Visitor, path: str) -> Act:
    """To read one page."""

    def act() -> None:
        visitor.get(path)

    return act


def token_of(page: bytes) -> str:
    found = _TOKEN.search(page)
    assert found is not None
    return found.group(1).decode()
