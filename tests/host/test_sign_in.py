"""Signing in and out: who is let in, what is said, and where one lands."""

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from host_pages import PASSWORD, fill_in, is_signed_in, sign_in

from host import accounts, passwords

GENERIC = "The e-mail address or the password is not right"


def test_the_right_password_leads_to_learning(client: FlaskClient) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (302, "/learn/")
    assert is_signed_in(client)
    assert "Amina Diallo" in client.get("/").text


def test_case_and_blanks_of_the_address_do_not_matter(client: FlaskClient) -> None:
    assert sign_in(client, " Amina@Example.ORG ").location == "/learn/"


def test_every_refusal_says_the_same(app: Flask, client: FlaskClient) -> None:
    accounts.invite(app, [("invited@example.org", "Invited")])
    accounts.create_with_password(app, "gone@example.org", "Gone", PASSWORD)
    accounts.set_active(app, "gone@example.org", False)
    cases = [
        ("amina@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("invited@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
        ("not an address", PASSWORD),
    ]
    for address, password in cases:
        answer = sign_in(client, address, password)
        assert answer.status_code == 200, address
        assert answer.text.count(GENERIC) == 1, address
        assert not is_signed_in(client), address


def test_sessions_of_the_deactivated_end_at_once(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    accounts.set_active(app, "amina@example.org", False)
    assert not is_signed_in(client)
    accounts.set_active(app, "amina@example.org", True)
    assert is_signed_in(client)


def test_signing_out_takes_a_post_with_a_token(client: FlaskClient) -> None:
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    asked = client.post("/sign-out")
    assert "Sign out?" in asked.text
    assert is_signed_in(client)
    with client.session_transaction() as kept:
        kept["left_over"] = "of Amina"
    page = client.get("/")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/sign-out", data={"csrf_token": token})
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"storage"'  # a quiz keeps unsent answers there
    assert "Clear-Site-Data" not in page.headers
    assert not is_signed_in(client)
    with client.session_transaction() as kept:
        assert "left_over" not in kept


@pytest.mark.parametrize("path", ["/sign-in", "/password/forgotten"])
def test_forms_without_a_token_do_nothing(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"email": "amina@example.org", "password": PASSWORD})
    assert "fill it in once more" in answer.text
    assert not is_signed_in(client)


def test_the_session_cookie(make, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    header = client.get("/sign-in").headers["Set-Cookie"]
    assert header.startswith("session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in header.split(";")}
    assert "Expires" not in header  # ends with the browser
    header = make(LMS_COOKIE_SECURE="1").test_client().get("/sign-in").headers["Set-Cookie"]
    assert header.startswith("__Host-session=")
    assert "Secure" in header


def test_nobody_is_remembered(client: FlaskClient) -> None:
    answer = fill_in(client, "/sign-in", email="amina@example.org", password=PASSWORD, remember="y")
    assert answer.status_code == 302
    assert not any("remember" in header for header in answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("query", ["?auth_token=x", "?include_auth_token=1"])
def test_tokens_and_json_are_not_taken(client: FlaskClient, query: str) -> None:
    assert client.post(f"/sign-in{query}", json={"email": "amina@example.org", "password": PASSWORD}).status_code == 415


@pytest.mark.parametrize("path", ["/register", "/confirm", "/verify", "/fs-static/js/base64.js", "/us-signin"])
def test_what_we_do_not_use_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


STAYS = ["/learn/", "/learn/courses/7?page=2", "/learn/search?q=caf%C3%A9", "/learn/été"]
LEAVES = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "http:evil.example",
    "https:///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "//evil.example/learn/",
    "http://localhost/learn/",
    "/\u2028/evil.example",
    "\x19//evil.example",
    "security.logout",
]


@pytest.mark.parametrize("target", STAYS)
def test_next_leads_on(client: FlaskClient, target: str) -> None:
    client.get("/sign-in", query_string={"next": target})
    answer = fill_in(client, "/sign-in", email="amina@example.org", password=PASSWORD, next=target)
    assert answer.status_code == 302
    assert answer.location.startswith("/learn/")


@pytest.mark.parametrize("target", LEAVES)
def test_next_never_leads_away(client: FlaskClient, target: str) -> None:
    shown = client.get("/sign-in", query_string={"next": target})
    assert (shown.status_code, shown.location) == (303, "/sign-in")
    for place in ("form", "query"):
        path = "/sign-in"
        token = client.get(path).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        form = {"csrf_token": token, "email": "amina@example.org", "password": PASSWORD}
        answer = (
            client.post(path, data={**form, "next": target})
            if place == "form"
            else client.post(path, data=form, query_string={"next": target})
        )
        assert (answer.status_code, answer.location) == (303, "/sign-in"), place
    assert not is_signed_in(client)


def test_changing_the_password_signs_other_devices_out(app: Flask, client: FlaskClient) -> None:
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    new = "seven copper kettles sing"
    refused = fill_in(client, "/password/change", password="wrong", new_password=new, new_password_confirm=new)
    assert "not your present password" in refused.text
    saved = fill_in(client, "/password/change", password=PASSWORD, new_password=new, new_password_confirm=new)
    assert saved.status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert sign_in(other, password=new).status_code == 302


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "Use at least 10 characters. This password has 5."),
        ("x" * 129, "Use at most 128 characters"),
        ("password1234", "easy to guess"),
        ("aminadiallo1", "easy to guess"),
        ("my Lantern Bridge", "easy to guess"),
        ("Lantern Bridge", "easy to guess"),
        ("amina@example.org", "easy to guess"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(client: FlaskClient, password: str, says: str) -> None:
    sign_in(client)
    answer = fill_in(
        client, "/password/change", password=PASSWORD, new_password=password, new_password_confirm=password
    )
    assert says in answer.text
    assert 'aria-describedby="new_password-hint new_password-error"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_long_passwords_work(client: FlaskClient) -> None:
    """zxcvbn itself raises above 72 characters."""
    sign_in(client)
    new = "quiet harbour lantern bridge seven copper kettles sing while the river carries barges of salt"
    answer = fill_in(client, "/password/change", password=PASSWORD, new_password=new, new_password_confirm=new)
    assert answer.status_code == 302


def test_no_more_than_two_hash_at_once() -> None:
    class Slow:
        def __init__(self) -> None:
            self.now = self.most = 0
            self.lock = threading.Lock()

        def hash(self, _password: str) -> str:
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
            threading.Event().wait(0.02)
            with self.lock:
                self.now -= 1
            return "hash"

    slow = Slow()
    bounded = passwords.BoundedHashing(slow)
    threads = [threading.Thread(target=bounded.hash, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slow.most == passwords.AT_ONCE


def test_passwords_are_argon2id(app: Flask) -> None:
    user = app.extensions["security"].datastore.find_user(email="amina@example.org")
    assert user.password.startswith("$argon2id$")
    assert (passwords.ARGON2["argon2__memory_cost"], passwords.ARGON2["argon2__time_cost"]) == (65536, 3)
