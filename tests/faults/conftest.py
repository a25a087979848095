"""The field on each database, filled once; commits are durable here, which the other tests do without."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from lms.db import Database
from tests.conftest import BOTH, SERVER, _execute, _named, checkpoint
from tests.faults.field import Field, fill, opened
from tests.faults.sizes import SIZE

READY = os.environ.get("FAULTS_FIELD")  # a filled SQLite file: the tests of seeded faults need not make it again


@pytest.fixture(scope="session")
def sqlite_field(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled SQLite file; tests copy it."""
    if READY:
        return Path(READY)
    folder = tmp_path_factory.mktemp("field")
    path = folder / "field.sqlite3"
    fill(f"sqlite:///{path}", folder, SIZE.takers)
    database = Database(f"sqlite:///{path}")
    checkpoint(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_field(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a filled database; tests make theirs from it."""
    name = f"lms_field_{uuid4().hex[:8]}"
    _execute(postgresql_server, f'CREATE DATABASE "{name}"')
    fill(_named(postgresql_server, name), tmp_path_factory.mktemp("field"), SIZE.takers)
    return name


@contextmanager
def durable(server: str) -> Iterator[None]:
    """The tests' own server flushes nothing; while this lasts, it does. A server that was given is as it is."""
    if SERVER:
        yield
        return
    _set_fsync(server, "on")
    yield
    _set_fsync(server, "off")


def _set_fsync(server: str, wanted: str) -> None:
    _execute(server, f"ALTER SYSTEM SET fsync = {wanted}")
    _execute(server, "SELECT pg_reload_conf()")
    for _ in range(1000):  # the server takes a moment to read its settings again
        with psycopg.connect(server) as connection:
            if connection.execute("SHOW fsync").fetchone() == (wanted,):
                return
    raise AssertionError(f"fsync is not {wanted}")


@contextmanager
def on_postgresql(request: pytest.FixtureRequest, folder: Path) -> Iterator[Field]:
    """A copy of the field on PostgreSQL."""
    server: str = request.getfixturevalue("postgresql_server")
    template: str = request.getfixturevalue("postgresql_field")
    name = f"lms_{uuid4().hex[:12]}"
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    with opened(_named(server, name)) as field:
        yield field
    _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def on_sqlite(request: pytest.FixtureRequest, folder: Path) -> Iterator[Field]:
    """A copy of the field on SQLite."""
    path = folder / "field.sqlite3"
    shutil.copy(request.getfixturevalue("sqlite_field"), path)
    with opened(f"sqlite:///{path}") as field:
        yield field


ON = {"sqlite": on_sqlite, "postgresql": on_postgresql}


@pytest.fixture(params=BOTH)
def field(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Field]:
    """The field, on each database in turn."""
    with ON[request.param](request, tmp_path) as made:
        yield made


@pytest.fixture
def durable_field(request: pytest.FixtureRequest, field: Field) -> Iterator[Field]:
    """The same; what is committed is flushed, also by the tests' own PostgreSQL."""
    with nullcontext() if field.database.is_sqlite else durable(request.getfixturevalue("postgresql_server")):
        yield field
