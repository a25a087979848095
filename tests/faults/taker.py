"""Somebody who takes quizzes over a bad line, insists until an answer comes, and logs what was acknowledged."""

import http.client
import json
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import bindparam, select

from lms.models import Attempt, AttemptQuestion, QuestionKey
from tests.faults.field import AGENT, SLUG, Field

PREFIX = "/learn"
MOST_TRIES = 300
FORM = "application/x-www-form-urlencoded"
# The key of what an attempt drew: who marks for themselves has to know it.
DRAWN = (
    select(AttemptQuestion.position, AttemptQuestion.option_order, QuestionKey.body)
    .join(Attempt, Attempt.id == AttemptQuestion.attempt_id)
    .join(QuestionKey, QuestionKey.question_id == AttemptQuestion.question_id)
    .where(Attempt.ref == bindparam("ref"))
    .order_by(AttemptQuestion.position)
)


@dataclass
class Log:
    """What the server has acknowledged to all takers, and how often it did not answer."""

    started: dict[str, int] = field(default_factory=dict)  # attempt -> its taker
    stored: dict[str, tuple[str, int, tuple[str, ...]]] = field(default_factory=dict)  # id -> attempt, question, answer
    given: dict[tuple[str, str, int], str] = field(default_factory=dict)  # attempt, tab, number there -> id
    right: dict[str, tuple[int, int]] = field(default_factory=dict)  # attempt handed in -> right answers, questions
    requests: int = 0
    unanswered: int = 0
    progress: threading.Condition = field(default_factory=threading.Condition)

    def note(self, answered: bool) -> None:
        """Count a request; whoever waits for progress hears of it."""
        with self.progress:
            self.requests += 1
            self.unanswered += not answered
            self.progress.notify_all()


@dataclass(frozen=True)
class Reply:
    """A whole answer of the server."""

    status: int
    body: bytes
    location: str


class Line:
    """A connection that may break at any byte."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Cookie": cookie, "User-Agent": AGENT}

    def ask(self, path: str, body: str, headers: dict[str, str]) -> Reply | None:
        """The answer to a POST; None where it did not come, or not whole."""
        try:
            self._connection.request("POST", path, body, {**self._headers, **headers})
            response = self._connection.getresponse()
            text = response.read()
            if not response.headers.get("Content-Length"):  # the line broke between two headers
                raise http.client.IncompleteRead(text)
        except (OSError, http.client.HTTPException):
            self.close()
            return None
        return Reply(response.status, text, response.headers.get("Location", ""))

    def close(self) -> None:
        self._connection.close()


class Taker:
    """One person with one open page, on a line of their own."""

    def __init__(self, field: Field, number: int, port: int, log: Log, random: Random) -> None:
        self.field, self.number, self.log, self.random = field, number, log, random
        cookie, self.token = field.sign_in(number)
        self.line = Line(port, cookie)
        self.before_try: Callable[[int], None] = lambda number: None  # where a test puts its fault
        self.saves_at_once = False  # one save for all answers

    def insist(self, act: str, path: str, body: str, kind: str = FORM) -> Reply:
        """Send the very same again until it is answered; a server that is not ready is no answer."""
        for number in range(MOST_TRIES):
            self.before_try(number)
            reply = self.line.ask(PREFIX + path, body, {"Content-Type": kind, "X-CSRF-Token": self.token})
            self.log.note(answered=reply is not None)
            if reply is not None and reply.status < 500:
                return reply
        raise AssertionError(f"{act} was never answered in {MOST_TRIES} tries")

    def start(self) -> str:
        """Start an attempt, or go on with the open one."""
        reply = self.insist("start", f"/courses/{SLUG}/attempts", urlencode({}))
        assert reply.status == 302, reply
        ref = reply.location.rpartition("/")[2]
        self.log.started[ref] = self.number
        return ref

    def save(self, ref: str, tab: str, answers: Iterable[dict[str, Any]]) -> dict[str, int]:
        """Save answers of a page; those whose ids come back are acknowledged."""
        sent = {str(uuid.uuid4()): answer for answer in answers}
        body = json.dumps({"tab": tab, "answers": [{"id": i, **answer} for i, answer in sent.items()]})
        reply = self.insist("save", f"/attempts/{ref}/answers", body, "application/json")
        assert reply.status == 200, reply
        told = json.loads(reply.body)
        assert set(told["stored"]) == set(sent), f"sent {set(sent)}, told {told}"
        assert (told["aside"], told["late"], told["closed"]) == ([], False, False)
        for i, answer in sent.items():
            self.log.stored[i] = (ref, answer["question"], tuple(answer["values"]))
            self.log.given[ref, tab, answer["sequence"]] = i
        return {answer["question"]: told["stored"][i] for i, answer in sent.items()}

    def submit(self, ref: str) -> None:
        """Hand in."""
        reply = self.insist("submit", f"/attempts/{ref}/submit", urlencode({"unanswered_ok": "1"}))
        assert reply.status == 302, reply
        assert reply.location.endswith(f"{ref}/result"), reply

    def attempt(self, passing: bool) -> str:
        """A whole attempt: each question answered, some twice, on one page; returns its ref."""
        ref, tab, base = self.start(), str(uuid.uuid4()), dict[int, int]()
        with self.field.database.read() as session:
            drawn = session.execute(DRAWN, {"ref": ref}).all()
        wanted = len(drawn) if passing else self.random.randrange(2)  # of 3, of which 60 % are needed
        given = [self.answer(row, choice) for n, row in enumerate(drawn) for choice in self._changes(n < wanted)]
        for number, answer in enumerate(given, 1):
            answer["sequence"] = number
        for part in [given] if self.saves_at_once else [[answer] for answer in given]:
            base |= self.save(ref, tab, [{**answer, "base": base.get(answer["question"], 0)} for answer in part])
        self.submit(ref)
        self.log.right[ref] = (wanted, len(drawn))
        return ref

    def _changes(self, right: bool) -> list[bool]:
        """Some change their mind: then the last one counts."""
        return [not right, right] if self.random.random() < 0.3 else [right]

    def answer(self, row: Any, right: bool) -> dict[str, Any]:
        """An answer to a drawn question as the page's script sends it."""
        options = [o for o in row.option_order if (o in row.body["right"]) is right]
        place = str(row.option_order.index(self.random.choice(options)) + 1)
        return {"question": row.position, "values": [place]}
