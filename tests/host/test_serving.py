"""Headers, files, errors and the secret."""

import hashlib
import re
import stat
from pathlib import Path

import bootstrap_wrapper
import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from host_pages import sign_in
from sqlalchemy import text
from werkzeug.exceptions import ServiceUnavailable

from host import run, serving
from lms.errors import ConfigurationError
from lms.extension import own_files

PAGES = ["/", "/sign-in", "/password/forgotten", "/learn/", "/nowhere", "/sign-out"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == serving.POLICY
    assert "unsafe" not in serving.POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_a_page_keeps_the_policy_that_it_sets(app: Flask) -> None:
    app.add_url_rule("/own", "own", lambda: ("", {"Content-Security-Policy": "default-src 'self'"}))
    assert app.test_client().get("/own").headers.getlist("Content-Security-Policy") == ["default-src 'self'"]


def test_https_is_kept_where_it_is_served(make) -> None:  # type: ignore[no-untyped-def]
    assert make(LMS_COOKIE_SECURE="1").test_client().get("/").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/password/forgotten", "/password/change"])
def test_pages_that_name_someone_are_not_kept(client: FlaskClient, path: str) -> None:
    sign_in(client)
    kept = client.get(path).headers["Cache-Control"]
    assert "no-store" in [part.strip() for part in kept.split(",")]


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_inline_script_or_style(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"<style|\sstyle=|<script|\son\w+=|javascript:", page)


def test_files_are_served_compressed_for_a_year(client: FlaskClient) -> None:
    links = re.findall(r'href="(/static/[^"]+)"', client.get("/").text)
    assert len(links) == 3  # mark, Bootstrap, our own
    for link in links:
        with client.get(link, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200, link
            assert answer.headers["Cache-Control"] == "max-age=31536000, public"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers.get("Content-Encoding") == "gzip"
            assert "Access-Control-Allow-Origin" not in answer.headers
        assert "?v=" in link


def test_the_plugins_files_are_served_compressed_too(client: FlaskClient) -> None:
    for name, path in own_files().items():
        with client.get(f"/learn/static/{name}?v=1", headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers.get("Content-Encoding") == "gzip"
            assert answer.headers["Cache-Control"] == "max-age=31536000, public"
            assert len(answer.data) < path.stat().st_size


def test_pages_are_not_compressed(client: FlaskClient) -> None:
    """They hold a token beside what a visitor may choose (BREACH)."""
    answer = client.get("/sign-in", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers


def test_only_the_named_files_are_served(client: FlaskClient) -> None:
    with client.get("/static/bootstrap/bootstrap.rtl.min.css") as answer:
        assert answer.status_code == 200
    for path in ("bootstrap/bootstrap.css", "bootstrap/bootstrap.min.css.map", "../secret_key", "host.css.gz"):
        assert client.get(f"/static/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("bootstrap.min.css", "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede"),
        ("bootstrap.rtl.min.css", "b9048c83571ab73da54395b6b307219f9eb9c5447f4f8edb17a069eb0f19465a"),
    ],
)
def test_bootstrap_is_the_one_that_we_looked_at(name: str, wanted: str) -> None:
    """The package is one person's wrapper: other bytes want another look."""
    content = (bootstrap_wrapper.get_bootstrap_dir() / "css" / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == wanted


@pytest.mark.parametrize("code", sorted(serving.ERRORS))
def test_errors_are_in_plain_words(app: Flask, code: int) -> None:
    app.add_url_rule("/fails", "fails", lambda: abort(code))
    answer = app.test_client().get("/fails")
    assert answer.status_code == code
    assert serving.ERRORS[code][0] in answer.text
    assert "start page" in answer.text


def test_a_crash_shows_a_number_and_no_trace(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.add_url_rule("/crash", "crash", lambda: 1 // 0)
    answer = app.test_client().get("/crash")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    number = re.search(r"<code>(\w+)</code>", answer.text)
    assert number
    assert f"error number {number[1]}" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_the_error_page_needs_no_database(app: Flask, client: FlaskClient) -> None:
    sign_in(client)
    with app.extensions["host_database"].transaction() as session:
        session.execute(text("DROP TABLE host_user"))
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text


def test_busy_says_when_to_come_back(app: Flask) -> None:
    def busy() -> str:
        raise ServiceUnavailable(retry_after=10)

    app.add_url_rule("/busy", "busy", busy)
    answer = app.test_client().get("/busy")
    assert answer.headers["Retry-After"] == "10"
    assert "10 seconds" in answer.text


def test_large_requests_are_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "x" * (serving.MEGABYTE * 2)})
    assert answer.status_code == 413


def test_strange_hosts_are_refused_where_hosts_are_named(make) -> None:  # type: ignore[no-untyped-def]
    client = make(LMS_TRUSTED_HOSTS="learn.example.org, .office.example").test_client()
    assert client.get("/", base_url="https://learn.example.org").status_code == 200
    assert client.get("/", base_url="https://a.office.example").status_code == 200
    refused = client.get("/", base_url="https://evil.example")
    assert refused.status_code == 400
    assert serving.ERRORS[400][0] in refused.text


@pytest.mark.parametrize(("proxies", "seen"), [("0", "10.0.0.1"), ("1", "192.0.2.9"), ("2", "203.0.113.5")])
def test_proxies_are_believed_by_their_number(make, proxies: str, seen: str) -> None:  # type: ignore[no-untyped-def]
    app = make(LMS_PROXIES=proxies)
    app.add_url_rule("/who", "who", lambda: __import__("flask").request.remote_addr)
    answer = app.test_client().get(
        "/who",
        headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.5, 192.0.2.9"},
        environ_base={"REMOTE_ADDR": "10.0.0.1"},
    )
    assert answer.text == seen


@pytest.mark.parametrize("proxies", ["-1", "one", "1.5", "99"])
def test_a_bad_number_of_proxies_is_explained(make, proxies: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigurationError, match="LMS_PROXIES"):
        make(LMS_PROXIES=proxies)


def test_the_secret_is_given_or_in_the_file(tmp_path: Path) -> None:
    given = {"LMS_SECRET_KEY": "g" * 32}
    nothing = {"LMS_SECRET_KEY": ""}
    assert serving.secret_key(given, str(tmp_path)) == "g" * 32
    with pytest.raises(ConfigurationError, match=r"Set LMS_SECRET_KEY .* or let `make run` make"):
        serving.secret_key(nothing, str(tmp_path))
    path = serving.make_secret_file(str(tmp_path / "instance"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = serving.secret_key(nothing, str(tmp_path / "instance"))
    assert len(key) >= 48
    serving.make_secret_file(str(tmp_path / "instance"))
    assert serving.secret_key(nothing, str(tmp_path / "instance")) == key
    with pytest.raises(ConfigurationError, match="has 31 characters; 32 are needed") as caught:
        serving.secret_key({"LMS_SECRET_KEY": "s" * 31}, str(tmp_path))
    assert "sss" not in str(caught.value)


def test_the_frame_turns_round_for_arabic(app: Flask) -> None:
    from flask import render_template

    with app.test_request_context():
        page = render_template("home.html", language="ar", direction="rtl")
    assert '<html lang="ar" dir="rtl">' in page
    assert "bootstrap.rtl.min.css" in page


def test_own_styles_know_no_left_or_right() -> None:
    css = (serving.STATIC / "host.css").read_text(encoding="utf-8")
    physical = r"(margin|padding|border)-(left|right|top|bottom)|text-align:\s*(left|right)"
    assert not re.search(physical + r"|[{;]\s*(left|right|top|bottom):", css)


def test_a_python_that_cannot_run_this_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"3\.10\.9 is too old"):
        run.check_python((3, 10, 9))
    assert "3.11.7 lacks security fixes" in (run.check_python((3, 11, 7)) or "")
    assert run.check_python((3, 11, 13)) is run.check_python((3, 13, 0)) is None


def test_a_taken_port_is_said_in_one_line() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(SystemExit) as caught:
        run.check_port(listener.getsockname()[1])
    assert "cannot be used (Address already in use)" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (run.read_port(""), run.read_port("8080")) == (5000, 8080)
    for wrong in ("http", "0", "70000"):
        with pytest.raises(SystemExit, match="number from 1 to 65535"):
            run.read_port(wrong)


def test_the_greeting_says_who_can_sign_in(app: Flask) -> None:
    assert "Whoever was invited can sign in" in run.greeting(app, 5000)
    run.accounts_file(app).write_text("amina@example.org  a learner\n", encoding="utf-8")
    said = run.greeting(app, 5001)
    assert "http://127.0.0.1:5001/" in said
    assert "amina@example.org  a learner" in said


def test_commands(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert "/invitation/" in runner.invoke(args=["host", "invite", "sofia@partner.example", "Sofia"]).output
    assert "has an account" in runner.invoke(args=["host", "invite", "amina@example.org", "Amina"]).output
    assert runner.invoke(args=["host", "refuse", "amina@example.org"]).output == "amina@example.org is refused.\n"
    assert runner.invoke(args=["host", "admit", "amina@example.org"]).output == "amina@example.org can sign in.\n"
    nobody = runner.invoke(args=["host", "refuse", "nobody@example.org"])
    assert (nobody.exit_code, "No account has the address" in nobody.output) == (1, True)
    assert runner.invoke(args=["host", "prepare"]).exit_code == 0
