"""A mail server out of reach: it is asked less and less often, nothing is lost, and other work goes on."""

from datetime import timedelta

from lms.rules.working import MOST_TRIES
from lms.services import jobs
from tests import world
from tests.mail_server import mail_server
from tests.services import steps
from tests.working import errors, events, left, make_worker, next_due

NOW = world.NOW
ASSIGNED = ("course_assigned", "amina")


def test_a_server_out_of_reach_is_asked_once_and_then_all_mail_rests_longer_each_time(database, who) -> None:
    """A password that is wrong, say: what waits is found in the rows, so that another worker rests as well."""
    steps.assign(database, who("ingrid"), unit="EAST")
    with mail_server() as gone:
        port = gone.port
    at = NOW
    for asked, minutes in enumerate((1, 4, 16, 60, 60), 1):
        make_worker(database, port, at=at).run(once=True)
        make_worker(database, port, at=at + timedelta(minutes=minutes, seconds=-1)).run(once=True)
        assert errors(database) == ["ConnectionRefusedError"] * asked
        at += timedelta(minutes=minutes)
    with mail_server() as server:
        make_worker(database, server.port, at=at).run(once=True)
        assert len(server.mails) == len(set(server.ids))
        assert {told[-1] for told in events(database).values() if told} <= {"sent", "put_off out_of_reach"}
        make_worker(database, server.port, at=at + timedelta(hours=5)).run(once=True)
        assert len(server.mails) == len(set(server.ids)) == 4


def test_other_work_is_done_while_mail_rests(database, who) -> None:
    steps.assign(database, who("kofi"), "amina")
    with mail_server() as gone:
        port = gone.port
    make_worker(database, port).run(once=True)
    steps.assign(database, who("kofi"), "wei")
    make_worker(database, port).run(once=True)
    assert left(database) == ["send_mail", "send_mail"]
    assert errors(database) == ["ConnectionRefusedError"]


def test_a_server_that_is_away_loses_nothing_and_in_the_end_an_administrator_sees_it(database, who) -> None:
    steps.assign(database, who("kofi"), "amina")
    with mail_server() as gone:
        port = gone.port
    at = NOW
    while left(database):
        make_worker(database, port, at=at).run(once=True)
        at = next_due(database) or at
    assert errors(database) == ["ConnectionRefusedError"] * MOST_TRIES
    assert events(database)[ASSIGNED] == ["sending", "put_off out_of_reach"] * MOST_TRIES
    with database.read() as session:
        (failed,) = jobs.list_jobs(session, who("sam"), wanted="failed")
    assert (failed.mail_kind, failed.mail_event, failed.person) == ("course_assigned", "put_off", "Amina Diallo")
