"""How often one may try, over two processes that share a database."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from host_pages import PASSWORD, fill_in, sign_in, token_of
from sqlalchemy import text

from host import accounts, limits


def attempt(client: FlaskClient, form: dict[str, str], address: str) -> int:
    """Send the sign-in form from an address; the status of the answer."""
    return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address}).status_code


def test_exactly_ten_of_forty_get_through(make) -> None:  # type: ignore[no-untyped-def]
    """Four threads, two applications, one account, as many addresses as attempts."""
    apps = [make(), make()]
    clients = []
    for number in range(4):
        client = apps[number % 2].test_client()
        token = token_of(client.get("/sign-in").text)
        clients.append((client, {"csrf_token": token, "email": "amina@example.org", "password": "wrong"}))
    start = threading.Barrier(4)

    def storm(number: int) -> list[int]:
        client, form = clients[number]
        start.wait()
        return [attempt(client, form, f"192.0.2.{number * 10 + index}") for index in range(10)]

    with ThreadPoolExecutor(4) as pool:
        statuses = [status for result in pool.map(storm, range(4)) for status in result]
    assert sorted(statuses) == [200] * 10 + [429] * 30


def test_the_eleventh_is_told_when_to_come_back(client: FlaskClient) -> None:
    for _ in range(10):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert answer.status_code == 429
    wait = int(answer.headers["Retry-After"])
    assert 1 <= wait <= 61
    assert "Too many attempts" in answer.text
    assert f"{wait} second" in answer.text
    with time_machine.travel(time.time() + wait + 1):
        assert sign_in(client).status_code == 302


def test_an_address_may_fail_ten_times_on_any_accounts(client: FlaskClient) -> None:
    for number in range(10):
        assert sign_in(client, f"person{number}@example.org", "wrong").status_code == 200
    assert sign_in(client).status_code == 429


def test_a_training_room_signs_in_from_one_address(app: Flask) -> None:
    people = [(f"person{number}@example.org", f"Person {number}") for number in range(30)]
    accounts.create_many(app, people, PASSWORD)
    assert {sign_in(app.test_client(), email).status_code for email, _ in people} == {302}


def test_mails_for_one_account_are_limited(app: Flask) -> None:
    """Known or not: an answer must not tell which."""
    for address in ("amina@example.org", "nobody@example.org"):
        answers = [fill_in(app.test_client(), "/password/forgotten", email=address).status_code for _ in range(6)]
        assert answers == [200] * 5 + [429], address


def test_reading_pages_is_not_limited(client: FlaskClient) -> None:
    assert {client.get("/sign-in").status_code for _ in range(30)} == {200}


def test_the_table_holds_no_addresses_of_people(app: Flask, client: FlaskClient) -> None:
    sign_in(client, password="wrong")
    with app.extensions["host_database"].read() as session:
        keys = list(session.scalars(text("SELECT key FROM host_limits")))
    assert len(keys) == 2
    assert not any("amina" in key for key in keys)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_the_network_of_an_address(app: Flask, address: str, key: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits.network() == key


def test_counters_begin_again(app: Flask) -> None:
    storage = limits.SqlStorage(database=app.extensions["host_database"])
    assert [storage.incr("a", 60), storage.incr("a", 60), storage.incr("b", 60)] == [1, 2, 1]
    storage.clear("a")
    assert (storage.get("a"), storage.get("b"), storage.check()) == (0, 1, True)
    storage.incr("a", 60)
    with time_machine.travel(time.time() + 61):
        assert storage.get("a") == 0
        assert storage.incr("a", 60) == 1
        assert storage.get_expiry("a") > time.time() + 58
        storage.reset()
        assert storage.get("a") == 0
