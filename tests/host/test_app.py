"""The whole application: the host with the plugin mounted."""

import re
import time
from functools import partial
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from host_pages import CHEAP, PASSWORD, sign_in
from werkzeug.test import TestResponse

from app import create_app, identify
from host import accounts
from lms import migrations
from lms.delivery import host as delivery
from lms.permissions import operator
from lms.services import announcing
from tests import world
from tests.mail_server import mail_server
from tests.working import make_worker


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application as `make run` builds it, on a database of its own."""
    monkeypatch.setenv("LMS_DATABASE_URL", f"sqlite:///{tmp_path}/lms.sqlite3")
    monkeypatch.setenv("LMS_SECRET_KEY", "k" * 40)
    made = create_app()
    made.extensions["security"].pwd_context.update(**CHEAP)
    accounts.prepare(made)
    return made


def test_the_plugin_asks_the_host_to_invite(whole: Flask) -> None:
    [invitation] = delivery.invite(whole, [("sofia@partner.example", "Sofia Reyes")])
    assert invitation.email == "sofia@partner.example"
    assert "/invitation/" in invitation.link


def test_an_invitation_that_the_worker_mails_leads_in(whole: Flask, tmp_path: Path) -> None:
    database = whole.extensions["lms"].database
    migrations.upgrade(database)
    people = "given_name,family_name,work_email,unit_code,unit_name\nAmina,Diallo,amina@lantern.example,HUB,Hub\n"
    world.take_people(database, tmp_path, people)
    with database.transaction() as session:
        announcing.invite_later(session, operator(world.NOW), emails=["amina@lantern.example"])
    with mail_server() as server:
        make_worker(database, server.port, invite=partial(delivery.invite, whole)).run(once=True)
    text = server.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (path,) = re.findall(r"^http://127\.0\.0\.1:5000(/invitation/\S+)$", text, re.MULTILINE)
    assert whole.test_client().get(path).location.startswith("/password/forgotten/")


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


def check(client: FlaskClient, path: str, address: str) -> TestResponse:
    """Ask for a certificate from an address."""
    return client.get(path, environ_base={"REMOTE_ADDR": address}, headers={"Accept-Language": "fr"})


def test_certificates_are_checked_thirty_times_a_minute_by_form_and_address_together(whole: Flask) -> None:
    migrations.upgrade(whole.extensions["lms"].database)
    client = whole.test_client()
    paths = ["/learn/verify/7K3M", "/learn/verify?number=7K3M"] * 15
    assert {check(client, path, "192.0.2.7").status_code for path in paths} == {404}
    for path in paths[:2]:
        refused = check(client, path, "192.0.2.7")
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 61
        assert "Trop de demandes" in refused.text
    assert check(client, paths[0], "192.0.2.8").status_code == 404, "another network is not kept waiting"
    assert client.get("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    with time_machine.travel(time.time() + 61):
        assert check(client, paths[0], "192.0.2.7").status_code == 404


def test_a_visitor_of_a_public_page_is_offered_no_way_out_of_an_account(whole: Flask) -> None:
    migrations.upgrade(whole.extensions["lms"].database)
    accounts.create_with_password(whole, "amina@example.org", "Amina Diallo", PASSWORD)
    client = whole.test_client()
    sign_in(client)
    for page in (whole.test_client().get("/learn/verify").text, client.get("/learn/verify").text):
        assert "Check a certificate" in page
        assert "Sign out" not in page
        assert "Amina" not in page
