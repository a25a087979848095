"""Jobs: written with their cause, claimed by one worker at a time, settled once, given up at last and tried again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict, Forbidden, NotFound
from lms.models import Job, JobAttempt, JobOutcome
from lms.permissions import operator
from lms.rules.working import MOST_TRIES, State
from lms.services import jobs
from lms.services.jobs import LEASE, LeaseLost
from tests import world
from tests.services.at_once import together
from tests.working import next_due

NOW = world.NOW
SECOND = timedelta(seconds=1)


def add(database, kind: str = "send_mail", due=NOW, key: str | None = None) -> bool:
    with database.transaction() as session:
        return jobs.add_job(session, kind, {"mail": "none"}, due, key)


def claim(database, at=NOW, worker: str = "one"):
    with database.transaction() as session:
        return jobs.claim_job(session, operator(at), worker=worker)


def settle(database, how, taken, at=NOW, **more):
    with database.transaction() as session:
        return how(session, operator(at), taken, **more)


def fail_for_good(database) -> None:
    at = NOW
    while taken := claim(database, at):
        settle(database, jobs.fail_job, taken, at, error="OSError")
        at = next_due(database) or at


def outcomes(database) -> list[str | None]:
    with database.read() as session:
        joined = select(JobOutcome.outcome).select_from(JobAttempt).outerjoin(JobOutcome)
        return list(session.scalars(joined.order_by(JobAttempt.id)))


def listed(database, actor, wanted: str = ""):
    with database.read() as session:
        return jobs.list_jobs(session, actor, wanted=wanted)


def test_a_job_of_a_transaction_that_is_undone_was_never_there(database) -> None:
    def change_ones_mind() -> None:
        with database.transaction() as session:
            jobs.add_job(session, "send_mail", {}, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_ones_mind()
    assert claim(database) is None


def test_the_one_that_waits_longest_comes_first_and_none_before_it_is_due(database) -> None:
    for seconds in (2, 1, 3):
        add(database, str(seconds), NOW + seconds * SECOND)
    assert claim(database) is None
    at = NOW + 2 * SECOND
    assert [claim(database, at).kind, claim(database, at).kind, claim(database, at)] == ["1", "2", None]


def test_many_workers_at_once_take_each_job_once(database) -> None:
    for number in range(4):
        add(database, str(number))
    taken = together(database, lambda session: jobs.claim_job(session, operator(NOW), worker="one"), times=8)
    assert sorted(one.kind for one in taken if one) == ["0", "1", "2", "3"]
    assert outcomes(database) == [None] * 4


def test_a_job_whose_worker_fell_silent_is_taken_over_and_the_silence_stands_in_the_history(database) -> None:
    add(database)
    first = claim(database)
    assert claim(database, NOW + LEASE - SECOND) is None
    second = claim(database, NOW + LEASE, "two")
    assert (second.job_id, second.tries) == (first.job_id, 2)
    assert outcomes(database) == ["silent", None]
    for how, more in ((jobs.finish_job, {}), (jobs.fail_job, {"error": "x"}), (jobs.give_back, {})):
        with pytest.raises(LeaseLost):
            settle(database, how, first, NOW + LEASE, **more)
    settle(database, jobs.finish_job, second, NOW + LEASE)
    assert outcomes(database) == ["silent", "done"]
    with pytest.raises(LeaseLost):
        settle(database, jobs.finish_job, second, NOW + LEASE)


def test_what_was_done_after_the_job_was_lost_is_undone(database) -> None:
    add(database)
    first = claim(database)
    claim(database, NOW + LEASE)

    def do_it() -> None:
        with database.transaction() as session:
            jobs.add_job(session, "its work", {}, NOW)
            jobs.finish_job(session, operator(NOW + LEASE), first)

    with pytest.raises(LeaseLost):
        do_it()
    with database.read() as session:
        assert session.scalars(select(Job.kind)).all() == ["send_mail"]


def test_a_lease_is_made_longer_and_then_holds_longer(database) -> None:
    add(database)
    longer = settle(database, jobs.extend_lease, claim(database), NOW + LEASE - SECOND)
    assert claim(database, NOW + LEASE + SECOND) is None
    settle(database, jobs.finish_job, longer, NOW + LEASE + SECOND)
    assert outcomes(database) == ["done"]


def test_a_failed_try_waits_longer_each_time_and_the_last_one_is_given_up(database, who) -> None:
    add(database)
    fail_for_good(database)
    assert outcomes(database) == ["error"] * (MOST_TRIES - 1) + ["gave_up"]
    (row,) = listed(database, who("sam"), State.FAILED)
    assert (row.state, row.next_at, len(row.attempts)) == (State.FAILED, None, MOST_TRIES)


def test_a_job_that_kills_its_workers_is_given_up_too(database) -> None:
    add(database)
    at = NOW
    while claim(database, at):
        at += LEASE
    assert outcomes(database) == ["silent"] * (MOST_TRIES - 1) + ["gave_up"]
    assert claim(database, at + timedelta(days=9)) is None


def test_being_asked_to_stop_is_no_failure(database) -> None:
    add(database)
    for _ in range(2 * MOST_TRIES):
        settle(database, jobs.give_back, claim(database))
    assert claim(database).tries == 1


def test_an_administrator_has_a_failed_job_tried_again_with_all_its_tries(database, who) -> None:
    add(database)
    fail_for_good(database)
    (row,) = listed(database, who("sam"))
    with database.transaction() as session:
        jobs.retry_job(session, who("sam"), ref=row.ref)
    with pytest.raises(Conflict), database.transaction() as session:
        jobs.retry_job(session, who("sam"), ref=row.ref)
    assert [one.state for one in listed(database, who("sam"))] == [State.WAITING]
    taken = claim(database)
    assert taken.tries == 1
    settle(database, jobs.finish_job, taken)
    with pytest.raises(Conflict), database.transaction() as session:
        jobs.retry_job(session, who("sam"), ref=row.ref)
    with pytest.raises(NotFound), database.transaction() as session:
        jobs.retry_job(session, who("sam"), ref="absent")


def test_nobody_else_sees_or_moves_jobs(database, who) -> None:
    for name in ("amina", "kofi", "ingrid", "olga", "rosa"):
        with pytest.raises(Forbidden), database.read() as session:
            jobs.list_jobs(session, who(name))
        with pytest.raises(Forbidden), database.transaction() as session:
            jobs.retry_job(session, who(name), ref="absent")
        with pytest.raises(Forbidden), database.transaction() as session:
            jobs.claim_job(session, who(name), worker="one")


def test_every_state_is_listed_by_itself_as_the_rule_says(database, who) -> None:
    kinds = ("done", "failed", "running", "waiting")
    taken = {}
    for kind in kinds:
        add(database, kind)
        taken[kind] = claim(database) if kind != "waiting" else None
    settle(database, jobs.finish_job, taken["done"])
    settle(database, jobs.fail_job, replace(taken["failed"], tries=MOST_TRIES), error="OSError")
    assert {row.kind: row.state.value for row in listed(database, who("sam"))} == {kind: kind for kind in kinds}
    for state in State:
        assert [row.kind for row in listed(database, who("sam"), state)] == [state.value]
    later = who("sam", NOW + LEASE)  # by then the worker has fallen silent
    assert [row.kind for row in listed(database, later, State.WAITING)] == ["waiting", "running"]


def test_of_all_workers_one_adds_the_job_of_a_slot(database) -> None:
    def try_it(session):
        return jobs.add_periodic(session, operator(NOW), kind="daily", every=timedelta(days=1))

    assert sorted(together(database, try_it)) == [False] * 5 + [True]
    with database.read() as session:
        assert jobs.missing_periodic(session, NOW, {"daily": timedelta(days=1)}) == []
        assert jobs.missing_periodic(session, NOW + timedelta(days=1), {"daily": timedelta(days=1)}) == ["daily"]
        assert session.scalar(select(func.count()).select_from(Job)) == 1
