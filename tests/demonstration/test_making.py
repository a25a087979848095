"""Making it: the same seed gives the same, and what is refused changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.db import Database
from lms.demonstration import is_unfinished, make_demonstration
from lms.demonstration.bulk import BulkActs
from lms.demonstration.cast import AMINA
from lms.doctor import State
from lms.doctor.work import check_jobs
from lms.errors import Conflict, Forbidden, Invalid
from lms.models import Job, OrgUnit, Person
from lms.permissions import Actor, operator
from lms.services.actors import find_actor
from lms.services.plans import get_plan
from tests.demonstration.canonical import canonical
from tests.demonstration.made import NOW, Made, MakeDatabase


def test_the_same_seed_makes_the_same_organisation(make_database: MakeDatabase, command_line: Actor) -> None:
    first, second, other = make_database(), make_database(), make_database()
    accounts = make_demonstration(first, command_line, people=20, seed=5)
    assert make_demonstration(second, command_line, people=20, seed=5) == accounts
    assert make_demonstration(other, command_line, people=20, seed=6) != accounts
    one, another = canonical(first), canonical(second)
    for name in one:
        assert one[name] == another[name], name
    assert canonical(other)["lms_audit_entries"] != one["lms_audit_entries"]


def test_people_who_are_there_already_stay_alone(sixty: Made, command_line: Actor) -> None:
    before = canonical(sixty.database)
    with pytest.raises(Conflict, match="never mixes with real records"):
        make_demonstration(sixty.database, command_line)
    assert canonical(sixty.database) == before


def test_an_interrupted_one_is_recognised(make_database: MakeDatabase, command_line: Actor) -> None:
    """Some slices are written, the last row is not: nobody takes what is there for the whole."""
    database = make_database()
    with pytest.raises(KeyboardInterrupt):
        make_demonstration(database, command_line, people=20, acts=_BrokenOff)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person))
        assert is_unfinished(session)
    with pytest.raises(Conflict, match="interrupted here while it was made"):
        make_demonstration(database, command_line)


class _BrokenOff(BulkActs):
    """Somebody presses Ctrl+C when the first step of a plan is signed."""

    def sign(self, *_args: Any) -> None:
        self.finish()
        raise KeyboardInterrupt


def test_the_doctor_does_not_miss_a_worker_in_the_past(sixty: Made) -> None:
    """Jobs of a story that began two years ago wait since it was made: then there was something to do."""
    with sixty.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Job).where(Job.claimable_at == NOW))
    assert [finding.state for finding in check_jobs(sixty.database, NOW + timedelta(minutes=1))] == [State.OK]
    assert [finding.state for finding in check_jobs(sixty.database, NOW + timedelta(hours=1))] == [State.WRONG]


def test_a_whole_one_is_finished(sixty: Made) -> None:
    with sixty.database.read() as session:
        assert not is_unfinished(session)


def test_without_courses_it_says_what_to_do(make_database: MakeDatabase, command_line: Actor) -> None:
    database = make_database(None)
    with pytest.raises(Conflict, match="flask lms load"):
        make_demonstration(database, command_line)
    _assert_empty(database)


@pytest.mark.parametrize("people", [19, 0, -1])
def test_too_few_people_are_refused(make_database: MakeDatabase, command_line: Actor, people: int) -> None:
    database = make_database()
    with pytest.raises(Invalid, match=f"at least 20 people: {people} were asked for"):
        make_demonstration(database, command_line, people=people)
    _assert_empty(database)


def test_only_the_operator_may(make_database: MakeDatabase) -> None:
    database = make_database()
    with pytest.raises(Forbidden):
        make_demonstration(database, Actor(None, NOW, ()))
    _assert_empty(database)


@pytest.mark.parametrize("now", [datetime(2026, 7, 1, 0, 30, tzinfo=UTC), datetime(2028, 2, 29, 23, 59, tzinfo=UTC)])
def test_the_plan_of_the_present_cycle_is_there_on_any_day(make_database: MakeDatabase, now: datetime) -> None:
    database = make_database()
    make_demonstration(database, operator(now), people=20)
    with database.read() as session:
        amina = find_actor(session, provider="test", subject="amina", email=AMINA, at=now)
        assert amina is not None
        page = get_plan(session, amina, cycle_start="07-01")
    assert [view.item.kind for view in page.open_items] == ["experience", "course"]


def _assert_empty(database: Database) -> None:
    with database.read() as session:
        assert not session.scalar(select(func.count()).select_from(Person))
        assert not session.scalar(select(func.count()).select_from(OrgUnit))
