"""The year of a plan: of the unit, the partner or the installation; carried over; begun from a template; ideas."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.errors import Conflict, NotFound
from lms.models import DevelopmentPlan
from lms.services.plan_ideas import get_ideas
from lms.services.plan_words import add_item, carry_over, remove_objective, save_objective, sign_item
from lms.services.plans import get_own_plan, get_plan, start_plan
from lms.services.scope import own, rows
from tests import world
from tests.services import steps

LATER = world.NOW + timedelta(days=365)
HEAD = "given_name,family_name,work_email,unit_code,unit_plan_start,partner_code,partner_plan_start\n"


def cycle_of(database, actor) -> tuple[date, date]:
    with database.read() as session:
        page = get_plan(session, actor, cycle_start="07-01")
        return page.starts_on, page.ends_on


def test_the_nearest_unit_upwards_says_when_the_year_begins_and_a_partner_says_so_itself(
    database, who, tmp_path
) -> None:
    years = {name: (date(2026, 7, 1), date(2027, 6, 30)) for name in ("amina", "jose", "rosa")}
    assert {name: cycle_of(database, who(name)) for name in years} == years
    world.take_people(database, tmp_path, HEAD + ",,,HUB,01-01,,\n,,,EAST,04-01,,\n,,,,,RC,10-01\n")
    assert cycle_of(database, who("amina")) == (date(2026, 4, 1), date(2027, 3, 31))  # of the region above KE
    assert cycle_of(database, who("jose")) == (date(2026, 1, 1), date(2026, 12, 31))
    assert cycle_of(database, who("rosa")) == (date(2026, 10, 1), date(2027, 9, 30))
    world.take_people(database, tmp_path, HEAD + ",,,KE,02-01,,\n")
    assert cycle_of(database, who("amina")) == (date(2026, 2, 1), date(2027, 1, 31))


def test_a_plan_goes_on_when_the_year_becomes_another_and_the_next_begins_after_it(database, who, tmp_path) -> None:
    with database.transaction() as session:
        start_plan(session, who("amina"), cycle_start="07-01")
    world.take_people(database, tmp_path, HEAD + ",,,KE,01-01,,\n")
    assert cycle_of(database, who("amina")) == (date(2026, 7, 1), date(2027, 6, 30))
    after = who("amina", world.NOW.replace(year=2027, month=8))
    assert cycle_of(database, after) == (date(2027, 7, 1), date(2027, 12, 31))
    with database.transaction() as session:
        start_plan(session, after, cycle_start="07-01")
        start_plan(session, after, cycle_start="07-01")
        assert len(session.scalars(select(DevelopmentPlan)).all()) == 2


def carry(database, who):
    """A plan of last year with a step that is done and one that is not; begun anew. Refs of the objectives."""
    amina, after = who("amina"), who("amina", LATER)
    steps.plan_course(database, amina)
    with database.transaction() as session:
        aim = get_plan(session, amina, cycle_start=steps.CYCLE).objectives[0].objective.ref
        done = add_item(session, amina, objective_ref=aim, kind="people", text="Meet", course_slug="")
        sign_item(session, amina, ref=done.ref, done=True)
        over = save_objective(session, amina, ref=None, text="Done", measure="", due_on=None, competency="")
        last = add_item(session, amina, objective_ref=over.ref, kind="people", text="Met", course_slug="")
        sign_item(session, amina, ref=last.ref, done=True)
        refs = aim, over.ref
    with database.transaction() as session:
        start_plan(session, after, cycle_start=steps.CYCLE)
    return after, *refs


def test_open_objectives_are_carried_over_once_with_their_open_steps(database, who) -> None:
    after, aim, _over = carry(database, who)
    with database.transaction() as session:
        assert [one.objective.ref for one in get_plan(session, after, cycle_start=steps.CYCLE).carried] == [aim]
        first = carry_over(session, after, ref=aim)
        assert carry_over(session, after, ref=aim).id == first.id
    with database.read() as session:
        page = get_plan(session, after, cycle_start=steps.CYCLE)
    (view,) = page.objectives
    assert (view.objective.text, view.objective.carried_from) == ("Listen", aim)
    assert [(one.item.kind, one.slug) for one in view.items] == [("course", "basics")]
    assert page.carried == []
    with database.transaction() as session:
        remove_objective(session, after, ref=view.objective.ref)
    with database.transaction() as session:
        assert [one.objective.ref for one in get_plan(session, after, cycle_start=steps.CYCLE).carried] == [aim]


def test_nobody_carries_over_what_is_not_theirs_or_not_before(database, who) -> None:
    after, aim, _over = carry(database, who)
    wei = who("wei", LATER)
    with database.transaction() as session, pytest.raises(Conflict, match="Start your plan"):
        carry_over(session, wei, ref=aim)
    with database.transaction() as session:
        start_plan(session, wei, cycle_start=steps.CYCLE)
    with database.transaction() as session, pytest.raises(NotFound):
        carry_over(session, wei, ref=aim)
    with database.transaction() as session:
        new = carry_over(session, after, ref=aim).ref
    with database.transaction() as session, pytest.raises(NotFound):
        carry_over(session, after, ref=new)


def test_an_earlier_plan_is_read_and_is_nobody_elses(database, who) -> None:
    after, _aim, _over = carry(database, who)
    with database.read() as session:
        (earlier,) = get_plan(session, after, cycle_start=steps.CYCLE).earlier
        assert len(get_own_plan(session, after, ref=earlier.ref).view.objectives) == 2
        with pytest.raises(NotFound):
            get_own_plan(session, who("wei", LATER), ref=earlier.ref)


def test_a_plan_from_a_template_keeps_its_code_and_version(database, who) -> None:
    amina = who("amina")
    with database.read() as session:
        assert [one["code"] for one in get_plan(session, amina, cycle_start="07-01").templates] == ["beginning"]
    with database.transaction() as session, pytest.raises(NotFound):
        start_plan(session, who("wei"), cycle_start="07-01", template="absent")
    with database.transaction() as session:
        start_plan(session, amina, cycle_start="07-01", template="beginning")
    with database.read() as session:
        (aim,) = get_plan(session, amina, cycle_start="07-01").objectives
        plan = session.scalars(select(DevelopmentPlan).where(DevelopmentPlan.person_id == amina.person_id)).one()
    assert (plan.template, plan.template_version) == ("beginning", 1)
    assert [(one.item.kind, one.slug) for one in aim.items] == [("course", "basics"), ("people", "")]
    assert aim.hints == ("no_date",)


def test_ideas_are_gaps_and_quizzes_that_were_not_right_in_full(database, who) -> None:
    amina = who("amina")
    with database.read() as session:
        ideas = get_ideas(session, amina)
        assert [(gap.code, gap.level, gap.target) for gap in ideas.gaps] == [("PC1", 0, 2)]
        assert ideas.gaps[0].indicators
        assert ideas.quizzes == []
    steps.take(database, amina, right=False)
    with database.read() as session:
        assert [row.slug for row in get_ideas(session, amina).quizzes] == ["basics"]
        assert get_ideas(session, who("wei")).quizzes == []
    steps.take(database, amina)
    with database.read() as session:
        ideas = get_ideas(session, amina)
        assert [(gap.level, gap.target) for gap in ideas.gaps] == [(1, 2)]
        assert ideas.quizzes == []


def test_plans_on_a_day_are_one(database, who) -> None:
    """What the page calls today's plan, the first page does too."""
    after, _aim, _over = carry(database, who)
    with database.read() as session:
        found = rows(
            session,
            select(DevelopmentPlan.ref).where(
                DevelopmentPlan.starts_on <= after.today, DevelopmentPlan.ends_on >= after.today
            ),
            own(after),
        )
        assert [row.ref for row in found] == [get_plan(session, after, cycle_start=steps.CYCLE).plan]
