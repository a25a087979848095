"""Databases with courses, and one demonstration that several tests look at."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lms import migrations
from lms.content import load_library
from lms.db import Database
from lms.demonstration import make_demonstration
from lms.permissions import Actor, operator
from lms.services.publishing import publish_library
from tests.conftest import BOTH, fresh
from tests.demonstration.made import COURSES, NOW, Made, MakeDatabase


@pytest.fixture(scope="session")
def command_line() -> Actor:
    """The operator at the moment that the demonstration leads up to."""
    return operator(NOW)


@pytest.fixture(scope="session")
def make_database(tmp_path_factory: pytest.TempPathFactory, command_line: Actor) -> Iterator[MakeDatabase]:
    """Makes databases with tables, and with the courses of a folder unless it is None."""
    made: list[Database] = []

    def make(courses: Path | None = COURSES) -> Database:
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('demonstration')}/lms.sqlite3")
        made.append(database)
        migrations.upgrade(database)
        if courses:
            with database.transaction() as session:
                publish_library(session, command_line, library=load_library(courses))
        return database

    yield make
    for database in made:
        database.dispose()


@pytest.fixture(scope="session")
def sixty(make_database: MakeDatabase, command_line: Actor) -> Made:
    """The organisation as `flask lms demo` makes it. Look at it, change nothing."""
    database = make_database()
    return Made(database, make_demonstration(database, command_line))


@pytest.fixture(params=BOTH)
def empty_databases(request: pytest.FixtureRequest, make_database: MakeDatabase) -> Iterator[Callable[[], Database]]:
    """Makes migrated, empty databases of one kind."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield lambda: make_database(None)
        else:
            yield lambda: stack.enter_context(fresh(request, request.param, filled=False))
