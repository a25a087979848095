"""Workers killed at random points over a queue with mails: nothing is lost, and nothing is there twice.

The clock is the test's. It moves on when all workers of a round have died or found nothing due, so that no lease of a
living worker runs out.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.db import Database
from lms.models import (
    Assignment,
    EnrolmentAssignment,
    FactText,
    JobAttempt,
    JobOutcome,
    LevelMove,
    Mail,
    MailEvent,
    ReferenceVersion,
)
from lms.permissions import Actor
from lms.services.announcing import announce_moves_later
from lms.services.jobs import LEASE
from lms.services.stored_levels import refresh_later
from tests import world
from tests.faults.checking import is_whole
from tests.faults.serving import ROOT
from tests.faults.sizes import SIZE, chance
from tests.mail_server import MailServer, mail_server
from tests.services import steps
from tests.working import SENDER, left

EAST = 4  # people of the unit and below
FURTHEST = 120  # points, which are some four mails
NEVER = 10**9
LONG = timedelta(hours=13)  # longer than the longest wait of a job that failed


@pytest.fixture(scope="module")
def warmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator["subprocess.Popen[str]"]:
    """The process whose children are the workers."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("LMS_")}
    with (tmp_path_factory.mktemp("workers") / "workers.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.workers"], cwd=ROOT, env=environ, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


class Storm:
    """A queue that is filled again and again, and workers that die over it."""

    def __init__(self, database: Database, process: Any, server: MailServer, boss: Actor) -> None:
        self.database, self.process, self.server, self.boss = database, process, server, boss
        self.at, self.asked = world.NOW, 0

    def work(self, *die_at: int, since: str = "") -> int:
        """One round of workers; returns how many were killed. Then all of their leases have run out. The points are
        counted from the first on whose name holds `since`."""
        url = self.database.url.render_as_string(hide_password=False)
        wanted = {"url": url, "port": self.server.port, "at": self.at.isoformat(), "die_at": die_at, "since": since}
        self.process.stdin.write(json.dumps(wanted) + "\n")
        self.process.stdin.flush()
        self.at += LEASE
        return int(json.loads(self.process.stdout.readline())["killed"])

    def fill(self, *people: str) -> None:
        """Ask a course once more, of some people or of a unit of four: they are to be told."""
        boss = replace(self.boss, at=self.at)
        steps.assign(self.database, boss, *people, unit="" if people else "EAST")
        self.asked += 1

    def finish(self) -> None:
        """Work on undisturbed until nothing is left."""
        while left(self.database):
            self.work(NEVER)
            self.at += LONG


@pytest.mark.parametrize("together", [1, 3])
def test_no_kill_loses_or_doubles_a_mail(database: Database, who, warmed, together) -> None:  # type: ignore[no-untyped-def]
    random, killed = chance(f"workers {together}"), 0
    with mail_server() as server:
        storm = Storm(database, warmed, server, who("ingrid"))
        while killed < SIZE.worker_kills:
            storm.fill()
            killed += storm.work(*(random.randint(1, FURTHEST) for _ in range(together)))
        storm.finish()
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    again = len(server.mails) - len(set(server.ids))
    print(f"{kind}, {together} together: {killed} kills, {len(set(server.ids))} mails, {again} of them sent again")
    assert lost_or_doubled(database, server, storm.asked, EAST) == []
    assert is_whole(database)


def lost_or_doubled(database: Database, server: MailServer, asked: int, people: int) -> list[str]:
    """What is wrong, in words: nothing, where everything held."""
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(EnrolmentAssignment)) == people * asked
        refs = session.scalars(select(Assignment.ref)).all()
        texts = session.scalars(select(FactText.text).join(Mail, Mail.ref == FactText.fact_ref)).all()
        mails = dict(session.execute(select(Mail.ref, Mail.id)).all())
        rows = session.execute(select(MailEvent.mail_id, MailEvent.event)).all()
        unsettled = session.scalars(
            select(JobAttempt.id).outerjoin(JobOutcome).where(JobOutcome.attempt_id.is_(None))
        ).all()
    told = Counter(json.loads(text)["assignment"] for text in texts)
    faults = [f"of assignment {ref} {told[ref]} are told" for ref in refs if told[ref] != people]
    domain = SENDER.rpartition("@")[2].strip(">")
    events, copies = Counter(tuple(row) for row in rows), Counter(server.ids)
    faults += [f"a mail that nobody wrote: {found}" for found in copies.keys() - {f"<{ref}@{domain}>" for ref in mails}]
    for ref, number in mails.items():
        came, doubts = copies[f"<{ref}@{domain}>"], events[number, "perhaps_sent"]
        if not 1 <= came <= 1 + doubts:
            faults.append(f"mail {ref} came {came} times, and {doubts} are in doubt")
        if events[number, "sent"] != 1:
            faults.append(f"mail {ref} is recorded as sent {events[number, 'sent']} times")
    contents = {mail.as_bytes() for mail in server.mails}
    if len(contents) != len(mails):
        faults.append(f"{len(mails)} mails were sent in {len(contents)} forms")
    return faults + [f"attempt {number} has no end" for number in unsettled]


def test_a_kill_at_every_point_loses_and_doubles_nothing(database: Database, who, warmed) -> None:  # type: ignore[no-untyped-def]
    """From the first statement of the announcement to the last of its one mail."""
    with mail_server() as server:
        storm = Storm(database, warmed, server, who("kofi"))
        at, killed = 0, 1
        while killed:
            at += SIZE.step
            storm.fill("amina")
            killed = storm.work(at)
            storm.finish()
        print(f"killed at every {SIZE.step}. of {at} points, {len(server.mails) - len(set(server.ids))} sent again")
    assert at > 60
    assert lost_or_doubled(database, server, storm.asked, 1) == []


def test_a_kill_after_the_mails_are_written_tells_nobody_again(database: Database, who, warmed) -> None:  # type: ignore[no-untyped-def]
    """Struck before the commit of the part that writes them (8), between it and the end of the job (14), whose ten
    points lie there on both databases, and after that (20): what was written is found by its key."""
    with mail_server() as server:
        storm = Storm(database, warmed, server, who("ingrid"))
        for at in range(8, 24, 6):
            storm.fill()
            assert storm.work(at, since="before INSERT INTO lms_mails") == 1
            storm.finish()
    assert lost_or_doubled(database, server, storm.asked, EAST) == []


def test_a_kill_at_every_point_tells_each_moved_level_once(database: Database, who, warmed) -> None:  # type: ignore[no-untyped-def]
    """A framework whose first level asks for more, and then for less again: from the first statement to the last."""
    steps.take(database, who("amina"))
    with mail_server() as server:
        storm = Storm(database, warmed, server, who("ingrid"))
        at, killed = 0, 1
        while killed:
            at += SIZE.step**2
            publish(database, replace(storm.boss, at=storm.at))
            killed = storm.work(at)
            storm.finish()
        with database.read() as session:
            moved = session.execute(
                select(LevelMove.framework, LevelMove.level_before, LevelMove.level_after).order_by(LevelMove.id)
            ).all()
            mails = session.scalars(select(Mail.ref).where(Mail.kind == "levels_moved")).all()
            doubts = session.scalar(select(func.count()).where(MailEvent.event == "perhaps_sent"))
        came = [one for one in server.ids if one[1:33] in mails]  # a reminder of a task comes too, as time goes by
        print(f"killed at every {SIZE.step**2}. of {at} points, {len(came) - len(mails)} sent again")
    versions = [row.framework for row in moved]
    assert versions == list(range(versions[0], versions[0] + len(moved)))
    assert [tuple(row[1:]) for row in moved] == [((1, 0), (0, 1))[n % 2] for n in range(len(moved))]
    assert len(set(came)) == len(mails) == len(moved) > 4
    assert len(came) <= len(mails) + doubts


def publish(database: Database, actor: Actor) -> None:
    """One more version: every other one asks for a task where a course was enough."""
    with database.transaction() as session:
        newest = session.scalars(
            select(ReferenceVersion).where(ReferenceVersion.kind == "framework").order_by(ReferenceVersion.id.desc())
        ).first()
        assert newest is not None
        first, *others = newest.body["levels"]
        first = {key: value for key, value in first.items() if key != "needs"}
        if "needs" not in newest.body["levels"][0]:
            first["needs"] = {"kinds": ["task"]}
        number = newest.number + 1
        session.add(
            ReferenceVersion(
                kind="framework", number=number, content_hash=f"{number:064}", published_at=actor.at,
                body={**newest.body, "levels": [first, *others]},
            )
        )  # fmt: skip
        refresh_later(session, actor)
        announce_moves_later(session, actor, version=number)
