"""What `flask lms doctor` says of the first host: addresses, proxies, mail, accounts, files that only one may read."""

import secrets
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from host import accounts, doctor
from lms import migrations
from lms.doctor import Finding, State
from lms.settings import read_settings

GOOD = {
    "LMS_BASE_URL": "https://learning.example.org",
    "LMS_TRUSTED_HOSTS": "learning.example.org",
    "LMS_PROXIES": "1",
    "LMS_COOKIE_SECURE": "1",
}


def words(findings: list[Finding], state: State) -> str:
    return "\n".join(f"{found.about}: {found.text} {found.advice}" for found in findings if found.state == state)


def settings(**changes: str) -> dict[str, str]:
    return read_settings({**GOOD, **changes})


def test_addresses_that_fit() -> None:
    [found] = doctor.check_addresses(settings())
    assert (found.state, found.text) == (State.OK, "https://learning.example.org, behind 1 proxies.")
    assert words(doctor.check_addresses(settings(LMS_TRUSTED_HOSTS="other.example, .example.org")), State.WRONG) == ""


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        ({"LMS_BASE_URL": "learning.example.org"}, State.WRONG, "LMS_BASE_URL is 'learning.example.org'"),
        ({"LMS_BASE_URL": "http://learning.example.org"}, State.WRONG, "is not encrypted"),
        ({"LMS_TRUSTED_HOSTS": "other.example"}, State.WRONG, "which LMS_TRUSTED_HOSTS (other.example) refuses"),
        ({"LMS_TRUSTED_HOSTS": ""}, State.ADVICE, "answers under any name"),
        ({"LMS_PROXIES": "0"}, State.ADVICE, "no proxy is believed"),
        ({"LMS_BASE_URL": "http://127.0.0.1:5000"}, State.ADVICE, "leads to the reader's own machine"),
    ],
)
def test_addresses_that_do_not_fit(changes: dict[str, str], state: State, said: str) -> None:
    assert said in words(doctor.check_addresses(settings(**changes)), state)


def test_secrets_that_others_can_read(tmp_path: Path) -> None:
    assert doctor.check_secrets(tmp_path) == []
    key = tmp_path / "secret_key"
    key.touch(mode=0o600)
    assert doctor.check_secrets(tmp_path) == []
    key.chmod(0o640)
    assert f"others of this machine can read {key}" in words(doctor.check_secrets(tmp_path), State.WRONG)


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application on a server, as its settings say."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LMS_DATABASE_URL", f"sqlite:///{tmp_path}/lms.sqlite3")
    monkeypatch.setenv("LMS_SECRET_KEY", secrets.token_urlsafe(48))
    return create_app()


def test_the_command_tells_both(whole: Flask) -> None:
    """Before the tables are made, and after."""
    run = whole.test_cli_runner()
    early = run.invoke(args=["lms", "doctor"])
    assert early.exit_code == 1
    assert "wrong   database: there is none yet" in early.output
    migrations.upgrade(whole.extensions["lms"].database)
    between = run.invoke(args=["lms", "doctor"])
    assert "wrong   accounts: the tables host_limits, host_user are missing." in between.output
    accounts.prepare(whole)
    late = run.invoke(args=["lms", "doctor"])
    assert late.exit_code == 0, late.output
    assert "ok      accounts: their tables are there." in late.output
    assert "ok      address: https://learning.example.org" in late.output


def test_a_backup_of_the_whole_holds_the_accounts(whole: Flask, tmp_path: Path) -> None:
    migrations.upgrade(whole.extensions["lms"].database)
    accounts.prepare(whole)
    accounts.create_with_password(whole, "amina@example.org", "Amina Diallo", "lantern bridge quiet harbour")
    run, file = whole.test_cli_runner(), str(tmp_path / "whole.backup")
    assert run.invoke(args=["lms", "backup", file]).exit_code == 0
    accounts.set_active(whole, "amina@example.org", False)
    done = run.invoke(args=["lms", "restore", file])
    assert "        1 host_user" in done.output
    assert whole.extensions["security"].datastore.find_user(email="amina@example.org").active
