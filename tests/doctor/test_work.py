"""What the doctor says of mails and jobs."""

import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lms.db import Database
from lms.delivery.mail import Folder, HostMailer, MailServer, Smtp
from lms.doctor import Finding, State
from lms.doctor.work import check_jobs, check_mail
from lms.permissions import operator
from lms.services import jobs
from tests import world
from tests.doctor.told import told, words
from tests.mail_server import mail_server
from tests.services import steps
from tests.working import make_worker

NOW = world.NOW
SENDER = "Learning <learning@lantern.example>"
LATER = NOW + timedelta(minutes=16)


def said(findings: list[Finding], state: State) -> str:
    """What the findings of a state say."""
    return words([finding for finding in findings if finding.state == state])


def test_where_mails_go(tmp_path: Path) -> None:
    assert "there is no mail server" in said(check_mail(Folder(tmp_path), SENDER, True), State.ADVICE)
    assert "the host sends them" in said(check_mail(HostMailer(lambda message: None), SENDER, True), State.OK)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    away = Smtp(MailServer("127.0.0.1", port, tls=False))
    assert f"127.0.0.1:{port} sends them; flask lms doctor --mail" in said(check_mail(away, SENDER, False), State.OK)
    assert f"127.0.0.1:{port} does not take mails" in said(check_mail(away, SENDER, True), State.WRONG)


def test_a_server_that_answers_is_sent_nothing() -> None:
    with mail_server() as server:
        there = Smtp(MailServer("127.0.0.1", server.port, tls=False))
        assert "answers." in said(check_mail(there, SENDER, True), State.OK)
        assert server.mails == []


@pytest.mark.parametrize("sender", ["learning@localhost", "Learning <a@LOCALHOST>", "a@localhost.localdomain"])
def test_a_sender_that_nobody_can_answer_is_named_where_mails_go_out(tmp_path: Path, sender: str) -> None:
    server = Smtp(MailServer("mail.example.org", 587, tls=False))
    for carrier in (server, HostMailer(lambda message: None)):
        assert "localhost" in said(check_mail(carrier, sender, False), State.ADVICE).lower()
        assert said(check_mail(carrier, SENDER, False), State.ADVICE) == ""
    assert "come from" not in said(check_mail(Folder(tmp_path), sender, False), State.ADVICE)


def test_a_mail_server_out_of_reach_is_named_and_its_mail_is_not_said_to_wait_for_a_worker(
    database: Database, who: Any
) -> None:
    steps.assign(database, who("ingrid"), unit="EAST")
    with mail_server() as gone:
        port = gone.port
    at = NOW
    for minutes in (1, 4, 16, 60):
        make_worker(database, port, at).run(once=True)
        at += timedelta(minutes=minutes)
    found = check_jobs(database, at - timedelta(minutes=1))
    assert "the mail server was out of reach at 2026-11-23 09:21 UTC" in said(found, State.WRONG)
    assert "All mail waits until 2026-11-23 10:21 UTC" in said(found, State.WRONG)
    assert "worker has been seen" not in words(found)
    assert "keep up" not in words(found)
    found = check_jobs(database, at + timedelta(hours=1))
    assert "no worker has been seen since 2026-11-23 09:21 UTC" in said(found, State.WRONG)
    with mail_server() as server:
        make_worker(database, server.port, at).run(once=True)
    assert "out of reach" not in words(check_jobs(database, at))


def add(database: Database, kind: str) -> None:
    with database.transaction() as session:
        jobs.add_job(session, kind, {}, NOW)


def claim(database: Database, at=NOW):  # type: ignore[no-untyped-def]
    with database.transaction() as session:
        return jobs.claim_job(session, operator(at), worker="one")


def test_jobs_that_wait_and_no_worker(database: Database) -> None:
    assert "none waits" in said(check_jobs(database, NOW), State.OK)
    add(database, "one")
    assert "none waits" in said(check_jobs(database, NOW), State.OK)
    found = said(check_jobs(database, LATER), State.WRONG)
    assert "1 have waited since 2026-11-23 09:00 UTC or longer, and no worker has been seen yet." in found


def test_a_worker_that_was_seen_long_ago_or_just_now(database: Database) -> None:
    for kind in ("one", "two", "three"):
        add(database, kind)
    claim(database)
    found = said(check_jobs(database, LATER + timedelta(hours=1)), State.WRONG)
    assert "no worker has been seen since 2026-11-23 09:00 UTC." in found
    claim(database, LATER)
    assert "the workers do not keep up" in said(check_jobs(database, LATER), State.ADVICE)


def test_jobs_that_were_given_up(host: Flask) -> None:
    database = host.extensions["lms"].database
    add(database, "one")
    at = NOW
    while claim(database, at):
        at += jobs.LEASE
    assert "1 were tried again and again, and given up" in words(told(host, State.ADVICE))
