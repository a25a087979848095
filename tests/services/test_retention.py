"""What is finished is kept for some time, and then deleted with everything that hangs on it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.errors import Forbidden
from lms.jobs import PERIODIC
from lms.models import FactText, Job, JobAttempt, JobOutcome, Mail, MailEvent
from lms.permissions import operator
from lms.rules.mails import STALE, Kind
from lms.rules.standing import RENEWAL_NOTICE
from lms.services import jobs, retention
from lms.services.mails import News, add_mails
from lms.settings import FEWEST_DAYS
from tests import world
from tests.mail_server import mail_server
from tests.services import steps
from tests.working import make_worker

NOW, DAY = world.NOW, timedelta(days=1)
KEEP = 90 * DAY
TABLES = (Job, JobAttempt, JobOutcome, Mail, MailEvent, FactText)


def count(database) -> dict[str, int]:
    with database.read() as session:
        return {t.__name__: session.scalar(select(func.count()).select_from(t)) or 0 for t in TABLES}


def sweep(database, at) -> None:
    after: int | None = 0
    while after is not None:
        with database.transaction() as session:
            after = retention.sweep_jobs(session, operator(at), payload={}, after=after, keep=KEEP)


def test_what_was_finished_is_kept_and_then_deleted_with_its_mail(database, who) -> None:
    steps.assign(database, who("kofi"), "amina", "wei")
    with mail_server() as server:
        make_worker(database, server.port).run(once=True)
    before = count(database)
    assert (before["Mail"], before["MailEvent"], before["FactText"]) == (2, 4, 2)
    sweep(database, NOW + KEEP)
    assert count(database) == before
    sweep(database, NOW + KEEP + timedelta(seconds=1))
    assert set(count(database).values()) == {0}


def test_the_worker_does_it_every_day_in_slices(database, who, monkeypatch) -> None:
    monkeypatch.setattr(retention, "SWEPT_AT_ONCE", 2)
    steps.assign(database, who("ingrid"), unit="EAST")
    with mail_server() as server:
        make_worker(database, server.port).run(once=True)
        assert count(database)["Mail"] == 4
        make_worker(database, server.port, at=NOW + KEEP + DAY).run(once=True)
    assert count(database)["Mail"] == count(database)["FactText"] == 0
    with database.read() as session:
        assert sorted(session.scalars(select(Job.kind))) == sorted(PERIODIC)


def test_what_waits_or_is_under_way_stays_however_old_and_what_was_given_up_goes(database) -> None:
    for kind in ("given up", "under way", "waits"):
        with database.transaction() as session:
            jobs.add_job(session, kind, {}, NOW)
    with database.transaction() as session:
        while True:
            claim = jobs.claim_job(session, operator(NOW), worker="one", but=("under way", "waits"))
            if claim is None or jobs.fail_job(session, operator(NOW), claim, error="x") == "gave_up":
                break
            session.get_one(Job, claim.job_id).claimable_at = NOW
    with database.transaction() as session:
        jobs.claim_job(session, operator(NOW), worker="one", but=("waits",))
    sweep(database, NOW + 2 * KEEP)
    with database.read() as session:
        assert list(session.scalars(select(Job.kind).order_by(Job.id))) == ["under way", "waits"]
        assert session.scalar(select(func.count()).select_from(JobAttempt)) == 1


def test_an_old_job_that_was_tried_again_lately_is_kept(database) -> None:
    with database.transaction() as session:
        jobs.add_job(session, "old", {}, NOW)
    late = operator(NOW + KEEP)
    with database.transaction() as session:
        claim = jobs.claim_job(session, late, worker="one")
        jobs.finish_job(session, late, claim)
    sweep(database, NOW + KEEP + DAY)
    assert count(database)["Job"] == 1


def test_a_mail_that_is_written_again_after_it_was_deleted_is_whole(database, who) -> None:
    """Its ref is the same, so nothing of the first may be left."""
    news = [News(who("amina").person_id, "k")]
    for at in (NOW, NOW + KEEP + DAY):
        with database.transaction() as session:
            assert add_mails(session, Kind.COURSE_ASSIGNED, news, at) == 1
        with mail_server() as server:
            make_worker(database, server.port, at=at + 20 * DAY).run(once=True)
        sweep(database, at + KEEP + 21 * DAY)
        assert count(database)["Mail"] == 0


def test_nobody_deletes_by_hand_and_nothing_is_deleted_while_it_could_be_told_again(database, who) -> None:
    with pytest.raises(Forbidden), database.transaction() as session:
        retention.sweep_jobs(session, who("sam"), payload={}, after=0, keep=KEEP)
    assert FEWEST_DAYS * DAY > RENEWAL_NOTICE + STALE
