"""A manager's page: what waits for them and for their people, and in which order."""

from datetime import timedelta

import pytest

from lms.errors import Forbidden
from lms.rules.team_week import What, When
from lms.services.entries import enter_outside
from lms.services.plan_acts import act_on_own_plan
from lms.services.quiz_help import request_attempt
from lms.services.team_week import TeamPage, get_team_page
from tests import world
from tests.services import applying, assessing, steps
from tests.services.plan_steps import agree, begin, own, team
from tests.services.test_quiz_help import use_all_attempts

CYCLE = "07-01"


def look(database, actor) -> TeamPage:
    with database.read() as session:
        return get_team_page(session, actor, cycle_start=CYCLE)


def told(page: TeamPage) -> dict[str, list[tuple[str, str]]]:
    return {soon: [(one.what.value, one.name.split()[0]) for one in some] for soon, some in page.week.items()}


def test_a_team_of_which_nothing_is_known_shares_no_plans(database, who) -> None:
    page = look(database, who("kofi"))
    assert told(page) == {"now": [], "week": [], "ahead": [("share", "Amina"), ("share", "Li")]}
    assert [one.name for one, _ in page.stages[None]] == ["Amina Diallo", "Li Wei"]
    with pytest.raises(Forbidden):
        look(database, who("amina"))


def test_everything_that_waits_is_there_in_order(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    applying.give(database, amina, applying.complete(database, amina))
    assessing.rate(database, steps.later(amina, days=1))
    with database.transaction() as session:
        enter_outside(
            session, steps.later(amina, days=2), competency="PC1", words="A course of the ministry",
            happened_on=world.TODAY - timedelta(days=9),
        )  # fmt: skip
    plan = begin(database, steps.later(amina, days=3))
    own(database, steps.later(amina, days=3), plan, "shared")
    own(database, steps.later(amina, days=4), plan, "comment", text="@Kofi Monday?")
    steps.assign(database, kofi, "wei", due_on=world.TODAY + timedelta(days=5))
    use_all_attempts(database, who, "wei")
    then = steps.later(kofi, days=6)
    page = look(database, then)
    assert told(page) == {
        "now": [
            ("review", "Amina"), ("rate", "Amina"), ("decide", "Amina"), ("agree", "Amina"), ("answer", "Amina"),
            ("course", "Li"), ("help", "Li"),
        ],
        "week": [],
        "ahead": [("share", "Li")],
    }  # fmt: skip
    assert [one.age(then.today) for one in page.week[When.NOW][:5]] == [6, 5, 4, 3, 2]
    assert {stage.value if stage else None: len(some) for stage, some in page.stages.items() if some} == {
        None: 1, "shared": 1,
    }  # fmt: skip


def test_what_was_done_is_gone(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    applying.give(database, amina, applying.complete(database, amina))
    applying.answer(database, kofi, applying.asked(database))
    assessing.both(database, amina, kofi)
    agree(database, who)
    enrolment = use_all_attempts(database, who, "wei")
    with database.transaction() as session:
        request_attempt(session, kofi, ref=enrolment)
    assert told(look(database, kofi))["now"] == [("talk", "Amina")]
    assert told(look(database, kofi))["ahead"][0] == ("close", "Amina")  # its year ends in December


def test_a_plan_that_was_taken_back_is_not_in_the_week(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    plan = begin(database, amina)
    own(database, amina, plan, "shared")
    team(database, kofi, plan, "comment", text="I read it tonight")
    assert ("agree", "Amina") in told(look(database, kofi))["now"]
    with database.transaction() as session:
        act_on_own_plan(session, amina, ref=plan, kind="shared", holds=False)
    assert ("share", "Amina") in told(look(database, kofi))["ahead"]
    assert ("agree", "Amina") not in told(look(database, kofi))["now"]


def test_what_runs_out_is_counted_and_to_be_assigned_again(database, who) -> None:
    """`other` is to be renewed after 36 months."""
    steps.take(database, who("amina"))
    steps.take(database, who("amina"), "other")
    for days, soon, counts in ((1060, When.AHEAD, (1, 0)), (1092, When.WEEK, (1, 0)), (1100, When.NOW, (0, 1))):
        page = look(database, steps.later(who("kofi"), days=days))
        assert [one.ref for one in page.week[soon] if one.what is What.EXPIRES] == ["other"], days
        assert (page.running_out, page.ran_out) == counts
