"""The field on which faults are tried: many takers, and a short course whose quiz may be tried ten times."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, session
from flask_login import login_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app import build
from host import accounts
from host.users import User
from lms import migrations
from lms.content import load_library
from lms.db import Database
from lms.permissions import operator
from lms.services.publishing import publish_library
from lms.settings import read_settings
from tests import world
from tests.content.sample import GOOD, write_library
from tests.services import steps

SLUG = "storm"
ATTEMPTS = 10  # as many as a course may allow
AGENT = "faults"
SECRET = "not a secret: it lives for a minute on one machine"
COURSE = """code: M09
title: Storm
summary: What holds in bad weather.
version: 1
authors: [Course team]
minutes: 5
audience: [staff]
actions: [2]
steps: [S1]
competencies: {PC1: 1}
objectives: [Hold]
pass_mark: 60
attempts: 10
time_limit_minutes: 240
prerequisites: []
languages: [en]
"""
QUESTION = """      - id: q%d
        type: %s
        competency: PC1
        section: wind
        scenario: true
        prompt: Question %d?
        options:
          - {text: Right, right: true, feedback: "Yes."}
          - {text: Wrong, feedback: "No."}
          - {text: Worse, feedback: "No."}
"""
KINDS = ("single_choice", "single_choice", "multiple_response", "multiple_response")
QUIZ = "pools:\n  - id: all\n    draw: 3\n    questions:\n" + "".join(
    QUESTION % (number, kind, number) for number, kind in enumerate(KINDS)
)
FILES: dict[str, str | bytes] = {
    "storm/course.yaml": COURSE, "storm/quiz.yaml": QUIZ,
    "storm/01-wind.md": "---\ntitle: Wind\nminutes: 5\n---\nHold on.\n",
}  # fmt: skip
PEOPLE_COLUMNS = world.PEOPLE.partition("\n")[0]


def email(number: int) -> str:
    """The address of a taker."""
    return f"taker{number}@lantern.example"


def settings(url: str) -> dict[str, str]:
    """The host's settings over a database."""
    return {"LMS_DATABASE_URL": url, "LMS_SECRET_KEY": SECRET}


def fill(url: str, folder: Path, takers: int) -> None:
    """Migrate, publish the course, and let every taker have an account and have read up to the quiz."""
    at = datetime.now(UTC)
    app = build(read_settings(settings(url)))
    accounts.prepare(app)
    database: Database = app.extensions["lms"].database
    migrations.upgrade(database)
    library = load_library(write_library(folder / "courses", {**GOOD, **FILES}))
    with database.transaction() as writing:
        publish_library(writing, operator(at), library=library)
    rows = [f"9{n:04},,T{n},Aker,{email(n)},HUB,,,,,,,grants,Officer," for n in range(takers)]
    hub = ",,,,,HUB,Global hub,,,global_hub,,,,,"
    world.take_people(database, folder, "\n".join([PEOPLE_COLUMNS, hub, *rows, ""]), at)
    accounts.create_many(app, [(email(n), f"Taker {n}") for n in range(takers)], "nobody types this password")
    for number in range(takers):
        steps.read(database, world.actor(database, email(number), at), SLUG)
    let_go(app)


def let_go(app: Flask) -> None:
    """Close every connection of a host."""
    for name in ("lms", "host_database"):
        held = app.extensions[name]
        (held.database if name == "lms" else held).dispose()


@dataclass(frozen=True)
class Field:
    """One database of the field, and the host over it in this process: it signs people in and looks at the rows."""

    url: str
    app: Flask

    @property
    def database(self) -> Database:
        return self.app.extensions["lms"].database  # type: ignore[no-any-return]

    def sign_in(self, number: int) -> tuple[str, str]:
        """The cookie and the form token of a taker, made as the host makes them, without the time of a password."""
        user: User | None = self.app.extensions["security"].datastore.find_user(email=email(number))
        assert user is not None
        with self.app.test_request_context(headers={"User-Agent": AGENT}, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            login_user(user)
            token = generate_csrf()
            response = Response()
            self.app.session_interface.save_session(self.app, session, response)  # type: ignore[arg-type]
        return response.headers["Set-Cookie"].partition(";")[0], token


@contextmanager
def opened(url: str) -> Iterator[Field]:
    """The field over a filled database."""
    field = Field(url, build(read_settings(settings(url))))
    try:
        yield field
    finally:
        let_go(field.app)
