"""A host over the small organisation at work, and everybody's browser in it."""

import re
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from werkzeug.test import TestResponse

from lms.db import Database
from lms.web.pages import make_environment
from tests.conftest import User, make_host
from tests.filled import PEOPLE, Filled, build, email

PREFIX = "/learn"
STRANGER = "stranger"  # signed in with the host, unknown to the learning records
EVERYBODY = (*PEOPLE, STRANGER, None)


@cache
def _app() -> Flask:
    """The one app of all sites of a process: to put the routes together costs more than most of the tests."""
    return make_host(Database("sqlite://"))


class Site:
    """One app; its database can be thrown away for a fresh copy. What a test sets in it is put back by `close`."""

    def __init__(self, made: Filled, folder: Path) -> None:
        self.made, self.folder = made, folder
        self.database = made.copy(folder)
        self.app = _app()
        self.plugin = self.app.extensions["lms"]
        self.plugin.environment = self.plugin.environment or make_environment(self.app)
        self._before = [(held, dict(held)) for held in (vars(self.plugin), self.app.config, self.app.view_functions)]
        self.plugin.database = self.database
        self._clients: dict[str | None, FlaskClient] = {}
        self._watching: sqlite3.Connection | None = None

    @property
    def refs(self) -> dict[str, dict[str, str]]:
        """Kind -> owner -> public name."""
        return self.made.refs

    def refresh(self) -> None:
        """Begin again with everything as it was built."""
        self._let_go()
        self.database = self.made.copy(self.folder)

    def browser(self, person: str | None) -> FlaskClient:
        """The browser in which the person is signed in; its forms are our own. The app is this site's from here on."""
        self.plugin.database = self.database
        if person not in self._clients:
            address = "stranger@elsewhere.example" if person == STRANGER else email(person or "")
            client = self.app.test_client(user=User(address)) if person else self.app.test_client()
            with client.session_transaction() as session:
                session["csrf_token"] = "of-" + str(person)
            self._clients[person] = client
        return self._clients[person]

    def token(self, person: str | None) -> str:
        """What the forms of this person's pages carry."""
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(f"of-{person}"))

    def get(self, person: str | None, path: str, **more: Any) -> TestResponse:
        """A page, by its path below the plugin."""
        return self.browser(person).get(PREFIX + path, **more)

    def post(self, person: str | None, path: str, fields: Any = (), **more: Any) -> TestResponse:
        """A form of our own, sent."""
        data = {"csrf_token": self.token(person), **dict(fields)}
        return self.browser(person).post(PREFIX + path, data=data, **more)

    def send(self, person: str | None, path: str, body: Any, **more: Any) -> TestResponse:
        """JSON as our script sends it."""
        headers = {"X-CSRF-Token": self.token(person)}
        return self.browser(person).post(PREFIX + path, json=body, headers=headers, **more)

    def close(self) -> None:
        """Let go of the database, and of all that was set in the app."""
        self._let_go()
        for held, before in self._before:
            held.clear()
            held.update(before)

    def _let_go(self) -> None:
        self.database.dispose()
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    def write_number(self) -> int:
        """A number that moves with every commit that wrote anything at all, as another connection sees it."""
        if self._watching is None:
            self._watching = sqlite3.connect(str(self.database.url.database))
        return int(self._watching.execute("PRAGMA data_version").fetchone()[0])

    def checksums(self) -> dict[str, int]:
        """Table -> a checksum of all its rows."""
        return checksums(self.database)


def checksums(database: Database) -> dict[str, int]:
    """Table -> a checksum of all its rows, read beside the engine under test."""
    connection = sqlite3.connect(str(database.url.database))
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    sums = {name: hash(tuple(connection.execute(f'SELECT * FROM "{name}"'))) for name in sorted(names)}
    connection.close()
    return sums


def changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    """The tables whose rows differ, without the prefix that all have."""
    return {table.removeprefix("lms_") for table in before if before[table] != after[table]}


class Counted:
    """What reached an engine while it was watched: statements, commits."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.statements: list[str] = []
        self.commits = 0

    def __enter__(self) -> "Counted":
        event.listen(self.database.engine, "before_cursor_execute", self._note)
        event.listen(self.database.engine, "commit", self._committed)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.database.engine, "before_cursor_execute", self._note)
        event.remove(self.database.engine, "commit", self._committed)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.statements.append(statement)

    def _committed(self, _connection: Any) -> None:
        self.commits += 1


def without_tokens(text: str) -> str:
    """A page without what is drawn anew each time."""
    return re.sub(r'name="(csrf_token|form_id)" value="[^"]*"', "", text)


def fields_of(page: str, action: str = "") -> dict[str, str]:
    """What a browser would send of the first form with this action: hidden fields, text areas, in order."""
    forms = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert forms, f"no form with the action {action}"
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', forms[0])
    found += re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', forms[0], re.DOTALL)
    return dict(found)


@pytest.fixture(scope="session")
def filled_world(sqlite_template: Path) -> Filled:
    """The small organisation at work; built once."""
    return build(sqlite_template / "template.sqlite3")


@pytest.fixture
def site(filled_world: Filled, tmp_path: Path) -> Iterator[Site]:
    """A host over a copy of it."""
    made = Site(filled_world, tmp_path)
    yield made
    made.close()
