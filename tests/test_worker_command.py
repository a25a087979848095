"""`flask lms worker` as a process: it does what is due, ends in order when asked, and loses nothing."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from lms.db import Database
from lms.delivery.host import Invitation
from lms.delivery.mail import MailServer as Server
from lms.delivery.mail import Smtp
from lms.jobs import PERIODIC
from tests.conftest import make_host
from tests.mail_server import MailServer
from tests.services import steps
from tests.working import events, left, make_worker

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 60
ASSIGNED = ("course_assigned", "amina")


def start(database: Database, server: MailServer, *more: str) -> "subprocess.Popen[str]":
    environ = {k: v for k, v in os.environ.items() if not k.startswith("LMS_")}
    environ |= {
        "LMS_DATABASE_URL": database.url.render_as_string(hide_password=False), "LMS_SECRET_KEY": "k" * 40,
        "LMS_MAIL_URL": f"smtp://127.0.0.1:{server.port}", "LMS_MAIL_FROM": "learning@lantern.example",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "app", "lms", "worker", *more]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)


def tell(database: Database, who: Any, *people: str) -> None:
    """Have people told now: the clock of the process is the machine's."""
    steps.assign(database, who("kofi", datetime.now(UTC)), *people)


def test_once_does_what_is_due_and_ends(database: Database, who: Any, server: MailServer) -> None:
    tell(database, who, "amina")
    process = start(database, server, "--once")
    told = process.communicate(timeout=MOST_SECONDS)[0]
    assert process.returncode == 0
    assert f"{2 + len(PERIODIC)} jobs were taken." in told
    assert events(database) == {ASSIGNED: ["sending", "sent"]}


def test_asked_to_end_it_finishes_what_it_is_at_and_leaves_the_rest(
    database: Database, who: Any, server: MailServer
) -> None:
    """TERM comes while the server has the first mail and has not answered yet."""
    tell(database, who, "amina", "wei")
    reached, go_on = threading.Event(), threading.Event()

    def hold(moment: str) -> None:
        if moment == "DATA":
            reached.set()
            go_on.wait(MOST_SECONDS)

    server.hook = hold
    process = start(database, server)
    assert reached.wait(MOST_SECONDS)
    process.send_signal(signal.SIGTERM)
    go_on.set()
    process.communicate(timeout=MOST_SECONDS)
    assert process.returncode == 0
    assert [mail["To"] for mail in server.mails] == ["amina@lantern.example"]
    assert events(database)[ASSIGNED] == ["sending", "sent"]
    assert "send_mail" in left(database)
    assert start(database, server, "--once").communicate(timeout=MOST_SECONDS)
    assert [mail["To"] for mail in server.mails] == ["amina@lantern.example", "wei@lantern.example"]


def test_it_waits_for_work_and_is_woken_by_the_signal(database: Database, who: Any, server: MailServer) -> None:
    """What is written while it waits is done; then it is asked to end, most likely in the middle of its waiting."""
    process = start(database, server)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Working.")
    taken = threading.Event()
    server.hook = lambda moment: taken.set() if moment == "TAKEN" else None
    tell(database, who, "amina")
    assert taken.wait(MOST_SECONDS)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=MOST_SECONDS)
    assert process.returncode == 0
    assert events(database) == {ASSIGNED: ["sending", "sent"]}


def test_people_who_come_in_are_invited_by_the_worker(sqlite: Database, tmp_path: Path, server: MailServer) -> None:
    """In the transaction that brings them in; the command shows no link, because the mail carries it."""
    app = make_host(sqlite)
    app.extensions["lms"].mailing = replace(
        app.extensions["lms"].mailing, carrier=Smtp(Server("127.0.0.1", server.port, False))
    )
    file = tmp_path / "people.csv"
    file.write_text("given_name,family_name,work_email,unit_code\nAna,Ruiz,ana@x.example,KE\n", encoding="utf-8")
    for arguments in (["people", str(file), "--dry-run"], ["people", str(file), "--no-invite", "--dry-run"]):
        app.test_cli_runner().invoke(args=["lms", *arguments])
        assert events(sqlite) == {}
    done = app.test_cli_runner().invoke(args=["lms", "people", str(file)])
    assert "ana@x.example: a mail waits for the worker" in done.output
    assert left(sqlite) == ["write_invitations"]
    done = app.test_cli_runner().invoke(args=["lms", "grant", "ana@x.example", "author"])
    assert "ana@x.example: a mail waits for the worker" in done.output
    host = partial(_links, "https://host.example/first/")
    make_worker(sqlite, server.port, invite=host).run(once=True)
    assert {mail["To"] for mail in server.mails} == {"ana@x.example"}


def _links(beginning: str, people: list[tuple[str, str]]) -> list[Invitation]:
    return [Invitation(email, beginning + email, sent=False) for email, _name in people]
