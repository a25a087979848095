"""What the doctor says of mails and jobs."""

import socket
from datetime import timedelta
from pathlib import Path

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

NOW = world.NOW
LATER = NOW + timedelta(minutes=16)


def said(findings: list[Finding], state: State) -> str:
    """What the findings of a state say."""
    return words([finding for finding in findings if finding.state == state])


def test_where_mails_go(tmp_path: Path) -> None:
    assert "there is no mail server" in said(check_mail(Folder(tmp_path), True), State.ADVICE)
    assert "the host sends them" in said(check_mail(HostMailer(lambda message: None), True), State.OK)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    away = Smtp(MailServer("127.0.0.1", port, tls=False))
    assert f"127.0.0.1:{port} sends them; flask lms doctor --mail" in said(check_mail(away, False), State.OK)
    assert f"127.0.0.1:{port} does not take mails" in said(check_mail(away, True), State.WRONG)


def test_a_server_that_answers_is_sent_nothing() -> None:
    with mail_server() as server:
        there = Smtp(MailServer("127.0.0.1", server.port, tls=False))
        assert "answers." in said(check_mail(there, True), State.OK)
        assert server.mails == []


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
