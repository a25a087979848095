"""The whole application: the host with the plugin mounted."""

from pathlib import Path

import pytest
from flask import Flask
from host_pages import CHEAP, PASSWORD, sign_in

from app import create_app, identify
from host import accounts
from lms.delivery import host as delivery


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application as `make run` builds it, on a database of its own."""
    monkeypatch.setenv("LMS_DATABASE_URL", f"sqlite:///{tmp_path}/lms.sqlite3")
    monkeypatch.setenv("LMS_SECRET_KEY", "k" * 40)
    made = create_app()
    made.extensions["security"].pwd_context.update(**CHEAP)
    made.extensions["host_mailer"].folder = tmp_path / "mail"
    accounts.prepare(made)
    return made


def test_the_plugin_asks_the_host_to_invite(whole: Flask) -> None:
    [invitation] = delivery.invite(whole, [("sofia@partner.example", "Sofia Reyes")])
    assert invitation.email == "sofia@partner.example"
    assert "/invitation/" in invitation.link


def test_the_plugin_learns_an_id_that_outlives_passwords(whole: Flask) -> None:
    user = accounts.create_with_password(whole, "amina@example.org", "Amina Diallo", PASSWORD)
    known = identify(user)
    assert (known.subject, known.email, known.name) == (user.public_id, "amina@example.org", "Amina Diallo")
    with whole.app_context():
        whole.extensions["security"].datastore.set_uniquifier(user)
    assert identify(user) == known


def test_the_plugin_sends_strangers_to_the_sign_in(whole: Flask) -> None:
    accounts.create_with_password(whole, "amina@example.org", "Amina Diallo", PASSWORD)
    client = whole.test_client()
    answer = client.get("/learn/")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
    assert sign_in(client).location == "/learn/"
