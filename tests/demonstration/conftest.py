"""Databases with courses, and one demonstration that several tests look at."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from lms.db import Database
from lms.demonstration import make_demonstration
from lms.permissions import Actor, operator
from lms.services.publishing import publish_library
from tests.conftest import BOTH, checkpoint, fresh
from tests.demonstration.made import COURSES, NOW, Made, MakeDatabase, library_of

Published = Callable[[Path], Path]


@pytest.fixture(scope="session")
def command_line() -> Actor:
    """The operator at the moment that the demonstration leads up to."""
    return operator(NOW)


@pytest.fixture(scope="session")
def published(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, command_line: Actor) -> Published:
    """published(courses) is a file in which the courses of a folder are published, and nothing else; made once."""

    @cache
    def make(courses: Path) -> Path:
        path = tmp_path_factory.mktemp("published") / "lms.sqlite3"
        shutil.copy(sqlite_template / "empty.sqlite3", path)
        database = Database(f"sqlite:///{path}")
        with database.transaction() as session:
            publish_library(session, command_line, library=library_of(courses))
        checkpoint(database)
        database.dispose()
        return path

    return make


@pytest.fixture(scope="session")
def make_database(
    sqlite_template: Path, published: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeDatabase]:
    """Makes databases with tables, and with the courses of a folder unless it is None."""
    made: list[Database] = []

    def make(courses: Path | None = COURSES) -> Database:
        path = tmp_path_factory.mktemp("demonstration") / "lms.sqlite3"
        shutil.copy(published(courses) if courses else sqlite_template / "empty.sqlite3", path)
        made.append(Database(f"sqlite:///{path}"))
        return made[-1]

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
