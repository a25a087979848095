"""Invitations and forgotten passwords, from the mail to being signed in."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from host_pages import PASSWORD, fill_in, is_signed_in, link_in, read_mails, sign_in

from host import accounts
from lms.errors import Invalid

NEW = "seven copper kettles sing"


def choose(client: FlaskClient, link: str, password: str = NEW):  # type: ignore[no-untyped-def]
    """Open a link of a mail and choose a password on the page to which it leads."""
    answer = client.get(link)
    path = answer.location if answer.status_code == 302 else link
    return fill_in(client, path, password=password, password_confirm=password)


def test_an_invitation_leads_in(app: Flask, client: FlaskClient) -> None:
    [invitation] = accounts.invite_now(app, "Sofia@Partner.example", "Sofia Reyes")
    assert (invitation.email, invitation.sent) == ("sofia@partner.example", False)
    [mail] = read_mails(app, 1)
    assert mail["To"] == "sofia@partner.example"
    assert "Sofia Reyes" in mail.get_content()
    link = link_in(mail, "/invitation/")
    assert invitation.link.endswith(link)
    assert choose(client, link).location == "/learn/"
    assert is_signed_in(client)
    assert "Sofia Reyes" in client.get("/").text
    again = app.test_client()
    assert sign_in(again, "sofia@partner.example", NEW).location == "/learn/"


def test_a_mail_file_shows_the_link_whole(app: Flask) -> None:
    """Someone without a mail server opens the file and copies the link."""
    [invitation] = accounts.invite_now(app, "sofia@partner.example", "Sofía Reyes")
    [path] = Path(app.instance_path, "mail").glob("*.eml")
    assert invitation.link in path.read_text(encoding="utf-8").splitlines()


def test_mail_files_are_for_the_owner_alone(app: Flask) -> None:
    accounts.invite_now(app, "sofia@partner.example", "Sofia Reyes")
    read_mails(app, 1)
    folder = Path(app.instance_path, "mail")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*.eml")] == [0o600]


def test_an_invitation_works_until_a_password_is_chosen(app: Flask, client: FlaskClient) -> None:
    [invitation] = accounts.invite_now(app, "sofia@partner.example", "Sofia Reyes")
    link = link_in(read_mails(app, 1)[0], "/invitation/")
    client.get(link)
    client.get(link)  # a mail filter that opens links uses nothing up
    choose(client, link)
    other = app.test_client()
    page = other.get(link, follow_redirects=True)
    assert "A password was already chosen with this invitation" in page.text
    assert "Sign in" in page.text
    assert not is_signed_in(other)
    assert invitation.link.endswith(link)


@pytest.mark.parametrize("spoil", [lambda link: link[:-3] + "abc", lambda _: "/invitation/x", lambda link: link + "x"])
def test_a_damaged_invitation_is_refused_with_help(app: Flask, client: FlaskClient, spoil) -> None:  # type: ignore[no-untyped-def]
    accounts.invite_now(app, "sofia@partner.example", "Sofia Reyes")
    page = client.get(spoil(link_in(read_mails(app, 1)[0], "/invitation/")), follow_redirects=True)
    assert "This invitation is too old or not complete" in page.text
    assert "Send me a link" in page.text


def test_an_old_invitation_is_refused_and_replaced(app: Flask, client: FlaskClient) -> None:
    with time_machine.travel("2026-03-01", tick=False):
        accounts.invite_now(app, "sofia@partner.example", "Sofia Reyes")
    link = link_in(read_mails(app, 1)[0], "/invitation/")
    with time_machine.travel("2026-03-14", tick=False):
        assert client.get(link).location.startswith("/password/forgotten/")
    with time_machine.travel("2026-03-16", tick=False):
        page = client.get(link, follow_redirects=True)
        assert "too old" in page.text
    fill_in(client, "/password/forgotten", email="sofia@partner.example")
    fresh = link_in(read_mails(app, 2)[-1], "/password/forgotten/")
    assert choose(client, fresh).location == "/learn/"


def test_inviting_again_reaches_only_those_who_have_not_come(app: Flask, client: FlaskClient) -> None:
    people = [
        ("sofia@partner.example", "Sofia Reyes"),
        ("jan@partner.example", "Jan Novak"),
        ("amina@example.org", "Amina Diallo"),
    ]
    assert len(accounts.invite(app, people)) == 2
    accounts.invite_now(app, *people[0])
    choose(client, link_in(read_mails(app, 1)[0], "/invitation/"))
    assert [made.email for made in accounts.invite(app, people)] == ["jan@partner.example"]


def test_nobody_is_made_when_one_address_is_wrong(app: Flask) -> None:
    with pytest.raises(Invalid, match="not-an-address is not an e-mail address"):
        accounts.invite(app, [("sofia@partner.example", "Sofia"), ("not-an-address", "X")])
    assert app.extensions["security"].datastore.find_user(email="sofia@partner.example") is None


def test_a_forgotten_password(app: Flask, client: FlaskClient) -> None:
    other = app.test_client()
    sign_in(other)
    asked = fill_in(client, "/password/forgotten", email="amina@example.org")
    unknown = fill_in(app.test_client(), "/password/forgotten", email="nobody@example.org")
    said = "has an account here, we have sent a mail"
    assert asked.text.count(said) == unknown.text.count(said) == 1
    [mail] = read_mails(app, 1)
    link = link_in(mail, "/password/forgotten/")
    assert "2 hours" in mail.get_content()
    assert choose(client, link).location == "/learn/"
    assert is_signed_in(client)
    assert not is_signed_in(other)  # a new password ends the sessions of the old one
    assert "was just chosen" in read_mails(app, 2)[1].get_content()


def test_a_reset_link_works_once_and_for_two_hours(app: Flask, client: FlaskClient) -> None:
    fill_in(client, "/password/forgotten", email="amina@example.org")
    link = link_in(read_mails(app, 1)[0], "/password/forgotten/")
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3)):
        page = app.test_client().get(link, follow_redirects=True)
        assert "This link is too old: it worked for 2 hours" in page.text
        assert "Send me a link" in page.text
    choose(client, link)
    page = app.test_client().get(link, follow_redirects=True)
    assert "This link was used already" in page.text


def test_two_uses_of_a_link_at_once(app: Flask, client: FlaskClient) -> None:
    """The second of two windows finds the account changed, and is told what to do."""
    store = app.extensions["security"].datastore
    first, second = (store.find_user(email="amina@example.org") for _ in range(2))
    with app.test_request_context():
        first.name = "First"
        store.put(first)
    app.add_url_rule("/late", "late", lambda: store.put(second))
    second.name = "Second"
    page = client.get("/late", follow_redirects=True)
    assert "done a moment ago in another window" in page.text
    assert store.find_user(email="amina@example.org").name == "First"


def test_the_deactivated_get_no_way_in(app: Flask, client: FlaskClient) -> None:
    accounts.invite_now(app, "sofia@partner.example", "Sofia Reyes")
    link = link_in(read_mails(app, 1)[0], "/invitation/")
    accounts.set_active(app, "sofia@partner.example", False)
    assert client.get(link).location == "/sign-in"
    fill_in(client, "/password/forgotten", email="sofia@partner.example")
    assert len(read_mails(app, 1)) == 1
    assert accounts.invite_now(app, "sofia@partner.example", "Sofia Reyes") == []


def test_links_never_follow_the_host_header(app: Flask, client: FlaskClient) -> None:
    page = client.get("/password/forgotten", base_url="http://evil.example")
    token = page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    client.post(
        "/password/forgotten", base_url="http://evil.example", data={"csrf_token": token, "email": "amina@example.org"}
    )
    text = read_mails(app, 1)[0].get_content()
    assert "evil" not in text
    assert "https://learn.example.org/password/forgotten/" in text


def test_sixty_accounts_at_once(app: Flask, client: FlaskClient) -> None:
    people = [(f"person{number}@example.org", f"Person {number}") for number in range(60)]
    made = accounts.create_many(app, people, PASSWORD)
    assert [user.email for user in made] == [email for email, _ in people]
    assert len({user.public_id for user in made}) == 60
    again = accounts.create_many(app, people, "another password entirely")
    assert [user.public_id for user in again] == [user.public_id for user in made]
    assert sign_in(client, "person59@example.org").location == "/learn/"
