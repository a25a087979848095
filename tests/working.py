"""A worker for tests: its clock is the test's, and it never waits."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from lms.db import Database
from lms.delivery.letters import Letters
from lms.delivery.mail import MailServer as Server
from lms.delivery.mail import Smtp
from lms.extension import _speak
from lms.jobs import Worker
from lms.models import Job, JobOutcome, Mail, MailEvent, Person
from lms.services import stopping
from lms.services.review_links import sign
from tests import world

SENDER = "Learning <learning@lantern.example>"
ADDRESS = "https://learn.lantern.example/learn"


def no_wait(_seconds: float) -> None:
    raise AssertionError("a worker that works once does not wait")


def make_worker(database: Database, port: int, at: datetime = world.NOW, **more: Any) -> Worker:
    """A worker at a moment, that sends to the mail server at the port of this machine."""
    settings: dict[str, Any] = {
        "carrier": Smtp(Server("127.0.0.1", port, False)),
        "letters": Letters(_speak, organisation="Lantern", address=ADDRESS),
        "sender": SENDER, "invite": lambda people: [], "sign": lambda request: sign(world.SIGNING_KEY, request, at),
        "sign_stop": lambda mail: stopping.sign(world.SIGNING_KEY, mail),
        "wait": no_wait, "is_stopping": lambda: False, "name": "test", "keep": timedelta(days=90),
        "months": {"attempts": 24, "leavers": 12, "records": 72}, "forget": lambda emails: None,
        "seal_key": Path("no key"),
        "clock": lambda: at, **more,
    }  # fmt: skip
    return Worker(database=database, **settings)


def events(database: Database) -> dict[tuple[str, str], list[str]]:
    """(kind, name before the @) -> what became of the mail, in order, with its reason where there is one."""
    with database.read() as session:
        rows = session.execute(
            select(Mail.id, Mail.kind, Person.work_email, MailEvent.event, MailEvent.reason)
            .join(Person, Person.id == Mail.person_id).outerjoin(MailEvent, MailEvent.mail_id == Mail.id)
            .order_by(Mail.id, MailEvent.id)
        )  # fmt: skip
        found: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            told = found.setdefault((row.kind, str(row.work_email).partition("@")[0]), [])
            if row.event:
                told.append(f"{row.event} {row.reason}".strip())
        return found


def left(database: Database) -> list[str]:
    """The kinds of jobs that are not settled."""
    with database.read() as session:
        return list(session.scalars(select(Job.kind).where(Job.claimable_at.is_not(None)).order_by(Job.id)))


def next_due(database: Database) -> datetime | None:
    """When the next job may be claimed, of all that are not settled."""
    with database.read() as session:
        return session.scalar(select(func.min(Job.claimable_at)))


def errors(database: Database) -> list[str]:
    """What the history of jobs says of errors."""
    with database.read() as session:
        return list(session.scalars(select(JobOutcome.error).where(JobOutcome.error != "")))
