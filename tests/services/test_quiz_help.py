"""Help after the last attempt, more time, days and delays: who may give what to whom, and what it does."""

from datetime import date, timedelta

import pytest

from lms.content import load_library
from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.permissions import operator
from lms.services.attempts import OBSTACLES, get_quiz, start_attempt
from lms.services.courses import get_course
from lms.services.publishing import publish_library
from lms.services.quiz_help import ask_for_help, grant_attempt, list_asking, request_attempt, set_time
from lms.services.results import get_result
from lms.services.team import get_team
from tests import world
from tests.content.sample import COURSE, GOOD, write_library
from tests.services import steps


def use_all_attempts(database, who, person="amina") -> str:
    """Fail three times and ask for help; returns the enrolment's ref."""
    for _ in range(3):
        steps.take(database, who(person), right=False)
    with database.transaction() as session:
        ask_for_help(session, who(person), slug="basics")
    return steps.record_ref(database, person)


def asking(database, actor) -> list[tuple[str, bool]]:
    with database.read() as session:
        return [(row.name, row.by_manager) for row in list_asking(session, actor)]


def test_help_is_for_those_who_have_no_attempt_left(database, who) -> None:
    steps.read(database, who("amina"))
    with steps.unchanged(database), pytest.raises(Conflict), database.transaction() as session:
        ask_for_help(session, who("amina"), slug="basics")


def test_asking_twice_asks_once(database, who) -> None:
    use_all_attempts(database, who)
    with steps.unchanged(database), database.transaction() as session:
        ask_for_help(session, steps.later(who("amina"), hours=1), slug="basics")


def test_manager_and_hr_of_the_scope_see_who_asks(database, who) -> None:
    use_all_attempts(database, who)
    assert asking(database, who("ingrid")) == [("Amina Diallo", False)]
    assert asking(database, who("nadia")) == [("Amina Diallo", False)]
    with database.read() as session:
        team = {member.name: member for member in get_team(session, who("kofi"))}
    assert [course.asks_for_help for course in team["Amina Diallo"].courses] == [True]


def test_the_manager_passes_it_on_and_hr_gives_one_attempt(database, who) -> None:
    ref = use_all_attempts(database, who)
    with database.transaction() as session:
        request_attempt(session, who("kofi"), ref=ref)
        request_attempt(session, who("kofi"), ref=ref)
    assert asking(database, who("ingrid")) == [("Amina Diallo", True)]
    with database.transaction() as session:
        grant_attempt(session, who("ingrid"), ref=ref)
    assert asking(database, who("ingrid")) == []
    with steps.unchanged(database), pytest.raises(Conflict), database.transaction() as session:
        grant_attempt(session, who("ingrid"), ref=ref)
    steps.take(database, steps.later(who("amina"), hours=1))
    with pytest.raises(Conflict, match="completed"):
        steps.begin(database, who("amina"))


def test_one_more_is_one_more(database, who) -> None:
    ref = use_all_attempts(database, who)
    with database.transaction() as session:
        grant_attempt(session, who("ingrid"), ref=ref)
    failed = steps.take(database, who("amina"), right=False)
    with database.read() as session:
        assert get_result(session, who("amina"), ref=failed).attempts_left == 0
        assert get_course(session, who("amina"), slug="basics").obstacle == "no_attempts_left"
    with database.transaction() as session:  # and asks anew
        ask_for_help(session, steps.later(who("amina"), hours=2), slug="basics")
    assert asking(database, who("ingrid")) == [("Amina Diallo", False)]


@pytest.mark.parametrize("person", ["kofi", "wei", "jose", "olga", "sam", "amina"])
def test_only_hr_gives_attempts_and_time(sqlite, who, person) -> None:
    ref = use_all_attempts(sqlite, who)
    for act in (
        lambda s: grant_attempt(s, who(person), ref=ref),
        lambda s: set_time(s, who(person), ref=ref, factor="2"),
    ):
        with steps.unchanged(sqlite), pytest.raises(Forbidden), sqlite.transaction() as session:
            act(session)


def test_another_region_and_oneself_are_out_of_reach(database, who) -> None:
    steps.read(database, who("jose"))
    west = steps.record_ref(database, "jose")
    with pytest.raises(NotFound), database.transaction() as session:
        set_time(session, who("nadia"), ref=west, factor="2")
    steps.read(database, who("nadia"))
    with pytest.raises(Forbidden), database.transaction() as session:
        set_time(session, who("nadia"), ref=steps.record_ref(database, "nadia"), factor="2")
    with pytest.raises(NotFound), database.transaction() as session:
        request_attempt(session, who("kofi"), ref=west)


def test_only_the_known_factors(database, who) -> None:
    steps.read(database, who("amina"))
    with steps.unchanged(database), pytest.raises(Invalid), database.transaction() as session:
        set_time(session, who("ingrid"), ref=steps.record_ref(database, "amina"), factor="3")


@pytest.mark.parametrize(("factor", "minutes"), [("1.25", 38), ("1.5", 45), ("2", 60), ("none", None), ("1", 30)])
def test_more_time_holds_from_the_next_attempt_on(database, who, factor, minutes) -> None:
    """Thirty minutes by the course; a quarter more is rounded up to whole minutes."""
    first = steps.begin(database, who("amina"))
    with database.transaction() as session:
        set_time(session, who("ingrid"), ref=steps.record_ref(database, "amina"), factor=factor)
    with database.read() as session:
        assert get_quiz(session, who("amina"), ref=first).attempt.deadline_at == world.NOW + timedelta(minutes=30)
    steps.submit(database, who("amina"), first)
    second = steps.begin(database, who("amina"))
    with database.read() as session:
        assert get_course(session, who("amina"), slug="basics").time_limit_minutes == minutes
        ends = get_quiz(session, who("amina"), ref=second).attempt.deadline_at
    assert ends == (None if minutes is None else world.NOW + timedelta(minutes=minutes))


def publish(database, tmp_path, terms: str) -> None:
    """A second version of the sample course, with other terms."""
    course = COURSE.replace("version: 2", "version: 3").replace("attempts: 3", f"attempts: 3\n{terms}")
    library = load_library(write_library(tmp_path / "terms", {**GOOD, "basics/course.yaml": course}))
    with database.transaction() as session:
        publish_library(session, operator(world.NOW), library=library)


def refusal(database, actor) -> str:
    with pytest.raises(Conflict) as refused, database.transaction() as session:
        start_attempt(session, actor, slug="basics")
    return refused.value.message


def test_between_two_attempts_there_is_a_delay(database, who, tmp_path) -> None:
    publish(database, tmp_path, "retry_delay_hours: 24")
    failed = steps.take(database, who("amina"), right=False)
    with database.read() as session:
        result = get_result(session, who("amina"), ref=failed)
        assert (result.retry_at, result.waits) == (world.NOW + timedelta(hours=24), True)
    assert refusal(database, steps.later(who("amina"), hours=23)) == OBSTACLES["too_soon"]
    assert steps.begin(database, steps.later(who("amina"), hours=24))


def test_before_and_after_its_days_the_quiz_is_closed(database, who, tmp_path) -> None:
    publish(database, tmp_path, "quiz_opens_on: 2026-11-24\nquiz_closes_on: 2026-11-25")
    steps.read(database, who("amina"))
    assert refusal(database, who("amina")) == OBSTACLES["not_yet_open"]
    assert refusal(database, steps.later(who("amina"), days=3)) == OBSTACLES["closed"]
    ref = steps.begin(database, steps.later(who("amina"), days=2, hours=14, minutes=50))
    with database.read() as session:
        quiz = get_quiz(session, who("amina"), ref=ref)
    assert quiz.attempt.deadline_at.date() == date(2026, 11, 26)  # midnight, before the thirty minutes are over
    assert quiz.attempt.deadline_at.hour == 0
