"""A healthy installation in a guest host, for each test to break."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from lms.db import Database
from lms.delivery.host import invited
from lms.delivery.mail import HostMailer
from lms.delivery.seal_key import write_key
from lms.identity import Identity
from tests.conftest import make_host
from tests.content.sample import GOOD, write_library
from tests.services.sealing import KEY, make_key


def healthy(database: Database, folder: Path) -> Flask:
    """The small organisation in a host that gives the plugin all that it needs."""
    app = make_host(database)
    if database.is_sqlite:
        Path(str(database.url.database)).chmod(0o600)
    app.instance_path = str(folder)
    app.secret_key = secrets.token_urlsafe(48)
    app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
    app.extensions["lms"].organisation = "Tidewater"
    mailing = app.extensions["lms"].mailing
    app.extensions["lms"].mailing = replace(
        mailing, carrier=HostMailer(lambda message: None), sender="learning@lantern.example"
    )
    app.extensions["lms"].courses = str(write_library(folder / "courses", GOOD))
    app.extensions["lms"].identify = lambda user: Identity(user.id, user.email, user.name)
    app.extensions["lms"].seal_key = str(folder / "seal_key")
    write_key(folder / "seal_key", KEY)
    make_key(database)
    invited.connect(_invite_nobody, sender=app)
    return app


def _invite_nobody(_app: Flask, **_more: object) -> None:
    """A host that takes invitations."""


@pytest.fixture
def host(sqlite: Database, tmp_path: Path) -> Flask:
    """On SQLite."""
    return healthy(sqlite, tmp_path)


@pytest.fixture
def any_host(database: Database, tmp_path: Path) -> Flask:
    """On each database in turn."""
    return healthy(database, tmp_path)
