"""The site as it is served: two workers under gunicorn, a whole session of a person, and what is told of it."""

import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
from host_pages import PASSWORD, ROOT, token_of
from sqlalchemy import text

from app import create_app
from host import accounts
from lms.db import Database

EMAIL, NAME = "amina@lantern.example", "Amina Diallo"
TOKEN = secrets.token_urlsafe(24)
CANARIES = ["amina", "diallo", "canarybrowser", "203.0.113.9", "in-the-query", PASSWORD, TOKEN]


class Served:
    """The running site."""

    def __init__(self, process: "subprocess.Popen[str]", port: int, database: Database) -> None:
        self.process, self.port, self.database = process, port, database

    def stop(self) -> str:
        """End it as a service manager does; return what it has logged."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)[1]


class Browser:
    """Cookies, forms, and the headers that a proxy adds."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, body: bytes | None = None, kind: str = "", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        sent = {
            "User-Agent": "CanaryBrowser", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers,
        }  # fmt: skip
        if body is not None:
            sent["Content-Type"] = kind
        connection.request("GET" if body is None else "POST", path, body, sent)
        answer = connection.getresponse()
        answer.page = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
        for given in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: part.value for name, part in SimpleCookie(given).items()}
        connection.close()
        return answer

    def page(self, path: str) -> str:
        return str(self.ask(path).page)  # type: ignore[attr-defined]

    def send(self, form_on: str, path: str, **fields: str) -> http.client.HTTPResponse:
        body = urlencode({"csrf_token": token_of(self.page(form_on)), **fields}).encode()
        return self.ask(path, body, "application/x-www-form-urlencoded")


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The small organisation, served; Amina can sign in. The socket opens before the server, so nobody has to wait."""
    shutil.copy(sqlite_template / "template.sqlite3", tmp_path / "lms.sqlite3")
    environ = {
        "LMS_DATABASE_URL": f"sqlite:///{tmp_path}/lms.sqlite3", "LMS_SECRET_KEY": secrets.token_urlsafe(48),
        "LMS_METRICS_TOKEN": TOKEN, "LMS_PROXIES": "1", "TMPDIR": str(tmp_path),
    }  # fmt: skip
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    made = create_app()
    accounts.prepare(made)
    accounts.create_with_password(made, EMAIL, NAME, PASSWORD)
    database: Database = made.extensions["lms"].database
    listener = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, "-m", "gunicorn", "--config", "host/gunicorn.conf.py", "--bind",
               f"fd://{listener.fileno()}", "app:create_app()"]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ}, pass_fds=[listener.fileno()], stderr=subprocess.PIPE, text=True
    )
    yield Served(process, listener.getsockname()[1], database)
    listener.close()
    process.kill()
    process.communicate()
    database.dispose()
    made.extensions["host_database"].dispose()


def take_the_course(browser: Browser) -> None:
    """From the course's page to the result, by its forms."""
    course = "/learn/courses/basics"
    assert browser.send(course, f"{course}/start").status == 302
    for section in sorted(set(re.findall(r'href="(/learn/courses/basics/sections/\w[^"#]*)"', browser.page(course)))):
        assert browser.send(section, section).status == 302
    begun = browser.send(course, f"{course}/attempts")
    assert begun.status == 302, begun.page  # type: ignore[attr-defined]
    attempt = str(begun.headers["Location"])
    assert browser.send(attempt, f"{attempt}/answers", q1="1", shown1="1").status == 302
    assert browser.send(attempt, f"{attempt}/submit", unanswered_ok="1").status == 302
    assert "Amina" in browser.page(f"{attempt}/result")


def test_a_whole_session_is_told_without_the_person(served: Served, tmp_path: Path) -> None:
    browser = Browser(served)
    assert browser.ask("/readyz").status == 200
    browser.send("/sign-in", "/sign-in", email=EMAIL, password="wrong " + PASSWORD)
    assert browser.send("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD).status == 302
    assert NAME in browser.page("/learn/?x=in-the-query")
    take_the_course(browser)
    with served.database.transaction() as session:
        session.execute(text("DROP TABLE lms_standings"))
    failed = browser.ask("/learn/")
    assert failed.status == 500
    number = failed.headers["X-Request-ID"]
    logged = served.stop()
    lines = [json.loads(line) for line in logged.splitlines()]
    assert [canary for canary in CANARIES if canary.lower() in logged.lower()] == []
    routes = {line["route"] for line in lines if line["event"] == "request"}
    assert routes >= {"/sign-in", "/learn/", "/learn/courses/<slug>", "/learn/attempts/<ref>/answers"}
    assert "/readyz" not in routes
    [crash] = [line for line in lines if "exception" in line]
    assert crash["request_id"] == number
    assert crash["exception"][0]["type"] == "sqlalchemy.exc.OperationalError"
    assert served.process.returncode == 0
    assert list(tmp_path.glob("learning-metrics-*")) == [], "the folder of metrics goes with its master"


def test_metrics_are_summed_over_the_workers(served: Served, tmp_path: Path) -> None:
    asked = 0
    with ThreadPoolExecutor(8) as threads:
        while not asked or (asked < 2000 and len(list(tmp_path.glob("learning-metrics-*/counter_*.db"))) < 2):
            statuses = list(threads.map(lambda _: Browser(served).ask("/").status, range(40)))
            assert statuses == [200] * 40
            asked += 40  # until the kernel has given some to either worker
    counted = f'learning_requests_total{{method="GET",route="/",status="2xx"}} {asked}.0'

    def read() -> str:
        return str(Browser(served).ask("/metrics", Authorization=f"Bearer {TOKEN}").page)  # type: ignore[attr-defined]

    # An answer is counted after its last byte, so the very last one may be counted a moment after it was read.
    assert any(counted in read() for _ in range(100))
    for _either_worker in range(6):
        page = read()
        assert counted in page
        assert re.search(r"^learning_requests_under_way \d", page, re.MULTILINE)
    [folder] = tmp_path.glob("learning-metrics-*")
    assert len(list(folder.glob("counter_*.db"))) == 2
    assert served.process.poll() is None
