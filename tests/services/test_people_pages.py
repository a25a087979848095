"""What one sees of oneself, of one's team, of one's courses: no more than is meant."""

from dataclasses import fields
from datetime import timedelta

import pytest

from lms.errors import Forbidden, Invalid, NotFound
from lms.permissions import operator
from lms.services.authoring import get_authored, list_authored
from lms.services.plan_words import add_item, remove_item, save_objective, sign_item
from lms.services.plans import get_plan
from lms.services.profile import get_profile, save_profile
from lms.services.roles import grant_role
from lms.services.team import TeamCourse, TeamMember, get_team
from lms.services.writing import log_access
from tests import world
from tests.services import steps

TOMORROW = world.NOW + timedelta(days=1)
KNOWN = {"en", "fr"}


def save(database, actor, name="Mina", language="fr"):
    with database.transaction() as session:
        save_profile(session, actor, display_name=name, language=language, known=KNOWN)


def test_the_profile_shows_post_manager_and_who_looked(database, who) -> None:
    with database.transaction() as session:
        amina, kofi = steps.person(session, "amina"), steps.person(session, "kofi")
        log_access(session, who("ingrid"), amina.id, "record")
        log_access(session, who("ingrid"), kofi.id, "record")
        log_access(session, who("amina"), amina.id, "record")
    with database.read() as session:
        page = get_profile(session, who("amina"))
        assert (page.unit, page.manager, page.partner) == ("Country office east", "Kofi Mensah", "")
        assert [(look.display_name, look.what) for look in page.looks] == [("Ingrid Larsen", "record")]


def test_the_profile_changes_name_and_language(database, who) -> None:
    save(database, who("amina"), name="  Mina \n D. ")
    assert (who("amina").name, who("amina").language) == ("Mina D.", "fr")


@pytest.mark.parametrize(
    ("name", "language", "field"),
    [("", "en", "display_name"), ("x" * 201, "en", "display_name"), ("Mina", "xx", "language")],
)
def test_a_faulty_profile_is_refused(sqlite, who, name, language, field) -> None:
    with pytest.raises(Invalid) as refused, steps.unchanged(sqlite):
        save(sqlite, who("amina"), name, language)
    assert set(refused.value.fields) == {field}


def test_managers_see_no_scores() -> None:
    shown = {field.name for page in (TeamMember, TeamCourse) for field in fields(page)}
    assert not {name for name in shown if "score" in name or "percent" in name or "answer" in name}


def test_a_team_is_who_reports_today_the_overdue_first(database, who) -> None:
    steps.assign(database, who("kofi"), "wei", due_on=world.TODAY)
    steps.take(database, who("amina"))
    with database.read() as session:
        team = get_team(session, who("kofi", at=TOMORROW))
        assert [(m.name, m.overdue, [c.status for c in m.courses]) for m in team] == [
            ("Li Wei", 1, ["assigned"]),
            ("Amina Diallo", 0, ["completed"]),
        ]
        with pytest.raises(Forbidden):
            get_team(session, who("amina"))


def test_who_left_the_team_is_gone(database, who, tmp_path) -> None:
    """To another manager, or out of the organisation."""
    moved = world.PEOPLE.replace(
        "amina@lantern.example,KE,,,,,,,grants,Officer,0002", "amina@lantern.example,KE,,,,,,,grants,Officer,0001"
    )
    world.take_people(database, tmp_path, moved, world.NOW)
    left = "given_name,family_name,work_email,unit_code,end_date\nLi,Wei,wei@lantern.example,KE,2026-11-24"
    world.take_people(database, tmp_path, left, world.NOW)
    with database.read() as session:
        assert [member.name for member in get_team(session, who("kofi"))] == ["Li Wei"]
        assert get_team(session, who("kofi", at=TOMORROW)) == []


@pytest.mark.parametrize(
    ("enrolled", "completed", "shown"),
    [(4, 0, (None, None)), (5, 0, (5, 0)), (5, 1, (5, None)), (6, 5, (6, None)), (5, 5, (5, 5))],
)
def test_small_groups_are_hidden_from_authors(sqlite, who, enrolled, completed, shown) -> None:
    people = ["amina", "wei", "kofi", "jose", "nadia", "ingrid"][:enrolled]
    for number, name in enumerate(people):
        (steps.take if number < completed else steps.begin)(sqlite, who(name))
    with sqlite.read() as session:
        basics = next(course for course in list_authored(session, who("olga")) if course.slug == "basics")
        assert (basics.enrolled, basics.completed) == shown


def test_an_author_sees_the_granted_courses(database, who) -> None:
    with database.transaction() as session:
        grant_role(session, operator(world.NOW), email="wei@lantern.example", role="author", course_code="M02")
    with database.read() as session:
        assert [course.code for course in list_authored(session, who("wei"))] == ["M02"]
        assert [pool.questions for pool in get_authored(session, who("wei"), slug="other").pools] == [1]
        with pytest.raises(NotFound):
            get_authored(session, who("wei"), slug="basics")


def test_a_plan_takes_only_courses_that_are_open_to_the_person(database, who) -> None:
    """Staff courses are not shown to partner staff, not even by name in their own plan."""
    told = []
    for slug in ("other", "no-such-course"):
        with pytest.raises(Invalid) as refused:
            steps.plan_course(database, who("rosa"), slug)
        told.append(refused.value.fields)
    assert told[0] == told[1] == {"course": "Choose a course."}
    steps.plan_course(database, who("rosa"), "basics")


def test_plans_are_ones_own(database, who) -> None:
    item = steps.plan_course(database, who("amina"))
    for act in (
        lambda session: remove_item(session, who("wei"), ref=item),
        lambda session: sign_item(session, who("wei"), ref=item, done=True),
    ):
        with pytest.raises(NotFound), steps.unchanged(database), database.transaction() as session:
            act(session)
    with database.read() as session:
        assert get_plan(session, who("wei"), cycle_start=steps.CYCLE).plan is None


def test_a_step_without_course_follows_its_last_signature(database, who) -> None:
    steps.plan_course(database, who("amina"))
    with database.transaction() as session:
        objective = save_objective(session, who("amina"), ref=None, text="Ask", measure="", due_on=None, competency="")
        ref = add_item(
            session, who("amina"), objective_ref=objective.ref, kind="people", text="Meet", course_slug=""
        ).ref
    for number, done in enumerate((True, False)):
        with database.transaction() as session:
            sign_item(session, steps.later(who("amina"), hours=number), ref=ref, done=done)
        with database.read() as session:
            page = get_plan(session, who("amina"), cycle_start=steps.CYCLE)
            assert page.objectives[1].items[0].state.is_closed is done
