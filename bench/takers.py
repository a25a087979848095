"""People who take a quiz: what each does over the wire, and what each believes to be saved."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import session
from flask_login import login_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.wrappers import Response

from bench import people
from bench.load import AGENT
from bench.pages import PREFIX
from bench.people import Organisation
from bench.wire import Browser, Reply
from host import accounts
from lms.models import AnswerEvent, Attempt, AttemptResult

QUESTIONS = 5  # every quiz has as many


@dataclass
class Taker:
    """Somebody before their quiz; an answer waits here until the server echoes its id, as in the quiz's script."""

    email: str
    browser: Browser
    token: str
    slug: str
    ref: str = ""
    waiting: list[dict[str, Any]] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)
    tab: str = field(default_factory=lambda: str(uuid.uuid4()))
    _given: int = 0
    _base: int = 0

    async def start(self) -> Reply:
        """Draw the attempt."""
        reply = await self.browser.send_form(f"{PREFIX}/courses/{self.slug}/attempts", csrf_token=self.token)
        if reply.status == 302:
            self.ref = reply.headers["location"].rpartition("/")[2]
        return reply

    def answer(self, count: int = 1) -> None:
        """Choose, one question after the other."""
        for _ in range(count):
            self._given += 1
            question = self._given % QUESTIONS + 1
            answer = {"id": str(uuid.uuid4()), "question": question, "values": ["1"]}
            self.waiting.append(answer | {"sequence": self._given, "base": self._base})

    async def send(self) -> Reply:
        """Send what waits; only what is echoed is believed."""
        body = {"tab": self.tab, "answers": self.waiting}
        reply = await self.browser.send_json(f"{PREFIX}/attempts/{self.ref}/answers", body, self.token)
        echoed = json.loads(reply.body)["stored"] if reply.status == 200 else {}
        self.stored += echoed
        self._base = max([self._base, *echoed.values()])
        self.waiting = [answer for answer in self.waiting if answer["id"] not in echoed]
        return reply

    async def save(self) -> Reply:
        """Answer a question."""
        self.answer()
        return await self.send()

    async def submit(self) -> Reply:
        """Hand in."""
        path = f"{PREFIX}/attempts/{self.ref}/submit"
        return await self.browser.send_form(path, csrf_token=self.token, unanswered_ok="1")


def seat(organisation: Organisation, port: int, wanted: int) -> list[Taker]:
    """As many people as wanted, signed in, each before a quiz that is ready to be begun."""
    emails = people.learners(organisation, 2 * wanted)
    ready: list[tuple[str, str]] = []
    for email in emails:
        if len(ready) == wanted:
            break
        ready += [(email, slug) for slug in people.ready_courses(organisation, email, most=1)]
    if len(ready) < wanted:
        raise SystemExit(f"Only {len(ready)} people have a quiz to take: found a larger organisation.")
    users = accounts.create_many(organisation.app, [(email, email) for email, _slug in ready], "not used")
    signed = [_sign_in(organisation, user) for user in users]
    return [
        Taker(email, Browser(port, cookie), token, slug)
        for (cookie, token), (email, slug) in zip(signed, ready, strict=True)
    ]


def _sign_in(organisation: Organisation, user: Any) -> tuple[str, str]:
    """The cookie as `bench.people.cookie` makes it, and the token of its forms."""
    app = organisation.app
    with app.test_request_context(headers={"User-Agent": AGENT}, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        login_user(user)
        token = generate_csrf()
        response = Response()
        app.session_interface.save_session(app, session, response)  # type: ignore[arg-type]
    return response.headers["Set-Cookie"].partition(";")[0], token


def count_lost(organisation: Organisation, takers: Sequence[Taker]) -> int:
    """Answers that the server called stored and that are not there."""
    kept = select(AnswerEvent.event_id).join(Attempt, Attempt.id == AnswerEvent.attempt_id)
    with organisation.database.read() as reading:
        found = set(reading.scalars(kept.where(Attempt.ref.in_([taker.ref for taker in takers]))))
    return sum(1 for taker in takers for event_id in taker.stored if event_id not in found)


def count_results(organisation: Organisation, takers: Sequence[Taker]) -> int:
    """How many of these attempts have a result."""
    results = select(AttemptResult.id).join(Attempt, Attempt.id == AttemptResult.attempt_id)
    with organisation.database.read() as reading:
        return len(reading.scalars(results.where(Attempt.ref.in_([taker.ref for taker in takers]))).all())
