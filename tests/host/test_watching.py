"""Health, metrics and logs: what machines and operators learn, and that nobody is named."""

import io
import json
import logging
import logging.config
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from host_pages import PASSWORD, build, fill_in, sign_in
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from host import accounts, logs
from lms import migrations
from lms.errors import ConfigurationError
from lms.schema import newest_version

TOKEN = "a-token-that-nobody-guesses"
CANARIES = ["amina", "Diallo", "canary.person", "198.51.100.7", "CanaryBrowser", "canary-in-the-query", PASSWORD]


class Reader(FlaskClient):
    """Reads every answer to its end, as a server sends it; the plain test client leaves bodies that nobody looks at."""

    def open(self, *args: Any, **options: Any) -> Any:
        return super().open(*args, **{"buffered": True, **options})


@pytest.fixture
def make(make: Callable[..., Flask]) -> Callable[..., Flask]:
    """Hosts that are read by such a client."""

    def build_read(**settings: str) -> Flask:
        made = make(**settings)
        made.test_client_class = Reader
        return made

    return build_read


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """What the configured loggers write."""
    before = {name: (item.level, item.handlers[:], item.propagate) for name, item in _loggers().items()}
    stream = io.StringIO()
    config = logs.config()
    config["handlers"]["console"]["stream"] = stream
    config["loggers"]["host.requests"]["level"] = "INFO"
    logging.config.dictConfig(config)
    yield stream
    for name, item in _loggers().items():
        if name in before:
            item.level, item.handlers[:], item.propagate = before[name]
        else:
            item.handlers.clear()


def _loggers() -> dict[str, logging.Logger]:
    names = ["host.requests", "gunicorn.error", "gunicorn.access"]
    return {"": logging.getLogger()} | {name: logging.getLogger(name) for name in names}


def lines(told: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in told.getvalue().splitlines()]


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    answer = client.get("/livez")
    assert (answer.status_code, answer.json, answer.headers["Cache-Control"]) == (200, {"alive": True}, "no-store")


def test_ready_is_who_can_serve(app: Flask) -> None:
    client, database = app.test_client(), app.extensions["host_database"]
    answer = client.get("/readyz")
    needed = f"version none, {newest_version()} needed: flask lms upgrade"
    assert (answer.status_code, answer.json) == (503, {"ready": False, "database": "reached", "tables": needed})
    migrations.upgrade(database)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ready": True, "database": "reached", "tables": "current"})
    with database.transaction() as session:
        session.execute(text("UPDATE lms_alembic_version SET version_num = '0001'"))
    assert client.get("/readyz").status_code == 503


def test_a_database_that_is_away_is_not_ready_and_not_told_of(tmp_path: Path) -> None:
    app = build(tmp_path)
    from lms.db import Database

    app.extensions["host_database"] = Database("postgresql+psycopg://learner:pass-word@127.0.0.1:1/nowhere")
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "database": "not reached", "tables": "unknown"})
    assert app.test_client().get("/livez").status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_machines_open_no_session(make, path: str) -> None:  # type: ignore[no-untyped-def]
    client = make(LMS_METRICS_TOKEN=TOKEN).test_client()
    answer = client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert "Set-Cookie" not in answer.headers


def test_metrics_are_for_whoever_has_the_token(make) -> None:  # type: ignore[no-untyped-def]
    client = make(LMS_METRICS_TOKEN=TOKEN).test_client()
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}):
        assert client.get("/metrics", headers=headers).status_code == 404
    assert client.get(f"/metrics?token={TOKEN}").status_code == 404
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_without_a_token_there_are_none(client: FlaskClient) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer"}):
        assert client.get("/metrics", headers=headers).status_code == 404


def test_a_token_that_can_be_guessed_is_refused(make) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError, match="LMS_METRICS_TOKEN has 6 characters; 16 are needed") as refused:
        make(LMS_METRICS_TOKEN="abcdef")
    assert "abcdef" not in str(refused.value)


def test_what_is_counted(make) -> None:  # type: ignore[no-untyped-def]
    app = make(LMS_METRICS_TOKEN=TOKEN)
    client = app.test_client()
    app.add_url_rule("/person/<ref>", "person", lambda ref: 1 // 0 if ref == "broken" else "fine")
    client.get("/person/canary-1")
    client.get("/person/canary-2")
    client.get("/person/broken")
    client.get("/nowhere/canary-3")
    client.open("/", method="BREW")
    client.get("/livez")
    page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    for line in (
        'learning_requests_total{method="GET",route="/person/<ref>",status="2xx"} 2.0',
        'learning_requests_total{method="GET",route="/person/<ref>",status="5xx"} 1.0',
        'learning_requests_total{method="GET",route="none",status="4xx"} 1.0',
        'learning_request_seconds_count{route="/person/<ref>"} 3.0',
        "learning_requests_under_way 1.0",
    ):
        assert line in page
    assert 'method="OTHER"' in page
    assert "canary" not in page
    assert "livez" not in page


@pytest.mark.parametrize("given", ["", "short", "amina@example.org", "a" * 65, "0123456789abcdef\n", "G" * 32])
def test_a_request_has_an_id_of_ours(make, given: str) -> None:  # type: ignore[no-untyped-def]
    client = make(LMS_PROXIES="1").test_client()
    answer = client.get("/", headers={"X-Request-ID": given.strip("\n") + ("!" if "\n" in given else "")})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_the_id_of_a_proxy_is_taken_where_one_is_believed(make) -> None:  # type: ignore[no-untyped-def]
    given = {"X-Request-ID": "0123456789abcdef0123456789abcdef"}
    behind, alone = make(LMS_PROXIES="1").test_client(), make().test_client()
    assert behind.get("/", headers=given).headers["X-Request-ID"] == given["X-Request-ID"]
    assert alone.get("/", headers=given).headers["X-Request-ID"] != given["X-Request-ID"]


def test_each_request_is_one_line(app: Flask, told: io.StringIO) -> None:
    app.add_url_rule("/person/<ref>", "person", lambda ref: "12345")
    answer = app.test_client().get("/person/canary-ref?name=canary-in-the-query")
    assert answer.text == "12345"
    [line] = lines(told)
    assert isinstance(line.pop("ms"), float)
    assert line.pop("timestamp")
    assert line == {
        "event": "request", "level": "info", "logger": "host.requests", "method": "GET", "route": "/person/<ref>",
        "status": 200, "bytes": 5, "request_id": answer.headers["X-Request-ID"],
    }  # fmt: skip


def test_machines_and_files_are_told_apart(client: FlaskClient, told: io.StringIO) -> None:
    client.get("/livez")
    with client.get("/static/mark.svg") as answer:
        assert answer.data
    client.get("/nowhere")
    assert [(line["route"], line["status"]) for line in lines(told)] == [("files", 200), ("none", 404)]


def test_an_answer_that_the_browser_leaves_is_told(app: Flask, told: io.StringIO) -> None:
    app.add_url_rule("/stream", "stream", lambda: app.response_class(iter([b"12345", b"never read"])))
    answer = app.test_client().get("/stream", buffered=False)
    next(answer.iter_encoded())
    answer.close()
    assert [(line["route"], line["bytes"]) for line in lines(told)] == [("/stream", 5)]


def _crash() -> str:
    """As code of ours might: the value in the message is a person's."""
    email = "canary.person@example.org"
    try:
        raise IntegrityError("INSERT ...", {"email": email}, Exception(f"Key (email)=({email})"), hide_parameters=True)
    except IntegrityError as error:
        raise KeyError(email) from error


def test_an_exception_is_told_by_type_and_place(app: Flask, told: io.StringIO) -> None:
    app.add_url_rule("/crash/<ref>", "crash", lambda ref: _crash())
    answer = app.test_client().get("/crash/canary.person?x=canary-in-the-query")
    assert answer.status_code == 500
    number = re.search(r"<code>(\w+)</code>", answer.text)
    assert number
    assert number[1] == answer.headers["X-Request-ID"], "what a person reads out leads to the line"
    found = lines(told)
    [crash] = [line for line in found if "exception" in line]
    assert crash["event"] == "Exception on [path] [GET]"
    assert crash["request_id"] == number[1]
    first, second = crash["exception"]  # type: ignore[misc]
    assert (first["type"], second["type"]) == ("builtins.KeyError", "sqlalchemy.exc.IntegrityError")
    assert re.fullmatch(r"tests/host/test_watching\.py:\d+ _crash", first["stack"][-1])
    assert "canary" not in told.getvalue().replace("canary-ref", "")


def test_a_whole_session_names_nobody(make, told: io.StringIO) -> None:  # type: ignore[no-untyped-def]
    app = make(LMS_PROXIES="1")
    accounts.create_with_password(app, "amina@example.org", "Amina Diallo", PASSWORD)
    app.add_url_rule("/crash/<ref>", "crash", lambda ref: _crash())
    client = app.test_client()
    client.environ_base.update(
        HTTP_X_FORWARDED_FOR="198.51.100.7", HTTP_USER_AGENT="CanaryBrowser", REMOTE_ADDR="198.51.100.7"
    )
    sign_in(client, password="a wrong password of amina")
    sign_in(client)
    client.get("/?q=canary-in-the-query")
    fill_in(client, "/password/forgotten", email="canary.person@example.org")
    accounts.invite_now(app, "canary.person@example.org", "Canary Person")
    client.get("/invitation/canary.person")
    client.get("/crash/canary.person")
    client.post("/sign-in", data={"email": "amina@example.org"})
    logging.getLogger("host.mailer").error(
        "The mail server refused a mail: <canary.person@example.org> from 198.51.100.7"
    )
    app.extensions["host_mailer"].finish()
    assert len(lines(told)) > 9
    assert [canary for canary in CANARIES if canary.lower() in told.getvalue().lower()] == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Invalid request from ip=198.51.100.7: bad", "Invalid request from ip=[address]: bad"),
        ("from 2001:db8::7, twice", "from [address], twice"),
        ("code:198.51.100.7", "code:[address]"),
        ("Invalid HTTP Header: 'Cookie Session=secret'", "Invalid HTTP Header: [hidden]"),
        ("198.51.100.7:443.", "[address]."),
        ("refused <amina@example.org>: no", "refused <[e-mail]>: no"),
        ("email=amina@example.org", "email=[e-mail]"),
        ("Error handling request /invitation/token?x=1", "Error handling request [path]"),
        ("at 12:30:45 took 1.5 s, added 3", "at 12:30:45 took 1.5 s, added 3"),
    ],
)
def test_other_words_pass_a_filter(said: str, kept: str) -> None:
    assert logs.hide_people(said) == kept
