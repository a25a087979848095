"""Hosts and browsers for the tests of this folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from host_pages import PASSWORD, build

from host import accounts

Make = Callable[..., Flask]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Builds hosts that share one database."""
    return lambda **settings: build(tmp_path, **settings)


@pytest.fixture
def app(make: Make) -> Flask:
    """One host, with Amina who can sign in."""
    made = make()
    accounts.create_with_password(made, "amina@example.org", "Amina Diallo", PASSWORD)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser."""
    return app.test_client()
