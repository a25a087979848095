"""Who sees what of a plan: today's manager what is shared, HR the stage, nobody the note."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Forbidden, NotFound
from lms.models import DevelopmentPlan
from lms.rules.plan_stages import Stage
from lms.services.plan_acts import act_on_own_plan, act_on_team_plan
from lms.services.plan_words import save_objective
from lms.services.plans import get_note, get_own_plan, save_note
from lms.services.team_plans import get_team_plan, list_stages, list_team_plans
from tests import world
from tests.services.at_once import meeting
from tests.services.plan_steps import agree, begin, close, own, seen, team

SECRET = "I would rather leave"


def test_a_manager_finds_nothing_before_it_is_shared_and_nothing_after_it_is_taken_back(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    ref = begin(database, amina)
    for act in ("", "shared", "back"):
        if act:
            own(database, amina, ref, "shared", holds=act == "shared")
        with database.read() as session:
            assert len(list_team_plans(session, kofi)) == (act == "shared")
            if act == "shared":
                assert get_team_plan(session, kofi, ref=ref).plan.view.person == "Amina Diallo"
                continue
            with pytest.raises(NotFound):
                get_team_plan(session, kofi, ref=ref)
        with database.transaction() as session, pytest.raises(NotFound):
            act_on_team_plan(session, kofi, ref=ref, kind="comment", text="I read it.")


def test_nobody_else_reads_or_acts(database, who) -> None:
    ref = agree(database, who)
    for other in ("ingrid", "tupac"):  # manager of the manager; another manager
        with database.read() as session, pytest.raises(NotFound):
            get_team_plan(session, who(other), ref=ref)
        with database.transaction() as session, pytest.raises(NotFound):
            act_on_team_plan(session, who(other), ref=ref, kind="comment", text="I look.")
    for other in ("wei", "kofi"):
        with database.read() as session, pytest.raises(NotFound):
            get_own_plan(session, who(other), ref=ref)
        with database.transaction() as session, pytest.raises(NotFound):
            act_on_own_plan(session, who(other), ref=ref, kind="agreed")
    with database.read() as session, pytest.raises(Forbidden):
        get_team_plan(session, who("amina"), ref=ref)


def test_notes_for_oneself_are_nowhere_else(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    ref = begin(database, amina)
    with database.transaction() as session:
        save_note(session, amina, ref=ref, text="First")
        save_note(session, amina, ref=ref, text=SECRET)
    own(database, amina, ref, "shared")
    for act, actor in ((own, amina), (team, kofi)):
        act(database, actor, ref, "agreed")
    for act, actor in ((own, amina), (team, kofi)):
        act(database, actor, ref, "closed")
    with database.read() as session:
        assert get_note(session, amina, ref=ref) == SECRET
        for other in (kofi, who("ingrid"), who("wei")):
            with pytest.raises(NotFound):
                get_note(session, other, ref=ref)
        tables = DevelopmentPlan.metadata.sorted_tables
        holding = [table.name for table in tables if SECRET in str(session.execute(select(table)).all())]
        assert holding == ["lms_plan_notes"]
        assert SECRET not in repr(get_team_plan(session, kofi, ref=ref))
        assert SECRET not in repr(list(list_stages(session, who("ingrid"), page=1).rows))


def test_hr_sees_stages_of_their_scope_alone(database, who) -> None:
    agree(database, who)
    begin(database, who("jose"))
    with database.read() as session:
        all_of_them = {row.display_name: row.stage for row in list_stages(session, who("ingrid"), page=1).rows}
        of_the_region = {row.display_name for row in list_stages(session, who("nadia"), page=1).rows}
        with pytest.raises(Forbidden):
            list_stages(session, who("kofi"), page=1)
    assert all_of_them["Amina Diallo"] == "agreed"
    assert all_of_them["José García"] == "draft"
    assert all_of_them["Li Wei"] is None
    assert of_the_region == {"Amina Diallo", "Kofi Mensah", "Li Wei", "Nadia"}


def change_manager(database, tmp_path, at) -> None:
    """HR's file: Amina reports to José now."""
    moved = world.PEOPLE.replace(
        "amina@lantern.example,KE,,,,,,,grants,Officer,0002", "amina@lantern.example,PE,,,,,,,grants,Adviser,0005"
    )
    assert moved != world.PEOPLE
    world.take_people(database, tmp_path, moved, at)


def test_on_a_change_of_post_and_manager_the_plan_goes_on(database, who, tmp_path) -> None:
    ref = agree(database, who)
    later = world.NOW + timedelta(days=3)
    change_manager(database, tmp_path, later)
    amina, kofi, jose = (who(name, later) for name in ("amina", "kofi", "jose"))
    assert seen(database, amina, ref).stage is Stage.AGREED
    with database.read() as session:
        found = get_team_plan(session, jose, ref=ref).plan.view
        assert [(view.by, view.act.at.date()) for view in found.steps_taken if view.act.side == "manager"] == [
            ("Kofi Mensah", world.TODAY)
        ]
        assert list_team_plans(session, kofi) == []
        with pytest.raises(NotFound):
            get_team_plan(session, kofi, ref=ref)
    with database.transaction() as session, pytest.raises(NotFound):
        act_on_team_plan(session, kofi, ref=ref, kind="comment", text="One more word")
    team(database, jose, ref, "comment", text="Welcome @Amina")
    assert seen(database, amina, ref).view.comments[0].mentions


def test_what_was_closed_with_an_earlier_manager_is_not_the_next_ones(database, who, tmp_path) -> None:
    ref = close(database, who)
    later = world.NOW + timedelta(days=300)  # in the next cycle
    with database.read() as session:
        assert get_team_plan(session, who("kofi", later), ref=ref).plan.copy
    change_manager(database, tmp_path, later)
    with database.read() as session, pytest.raises(NotFound):
        get_team_plan(session, who("jose", later), ref=ref)
    with database.read() as session, pytest.raises(NotFound):
        get_team_plan(session, who("kofi", later), ref=ref)


@pytest.mark.parametrize("shared", [False, True])
def test_what_was_closed_alone_is_a_later_managers_only_if_it_was_shared(database, who, tmp_path, shared) -> None:
    amina = who("amina")
    ref = begin(database, amina)
    if shared:
        own(database, amina, ref, "shared")
    nobody = world.PEOPLE.replace("grants,Officer,0002\n0004", "grants,Officer,\n0004")
    assert nobody != world.PEOPLE
    alone, later = (world.NOW + timedelta(days=days) for days in (1, 2))
    world.take_people(database, tmp_path, nobody, alone)
    own(database, who("amina", alone), ref, "closed_alone")
    world.take_people(database, tmp_path, world.PEOPLE, later)
    kofi = who("kofi", later)
    with database.read() as session:
        assert len(list_team_plans(session, kofi)) == shared
        if shared:
            assert get_team_plan(session, kofi, ref=ref).plan.copy
        else:
            with pytest.raises(NotFound):
                get_team_plan(session, kofi, ref=ref)


def test_sharing_stops_where_what_was_agreed_is_another_plan_now(database, who) -> None:
    ref = agree(database, who)
    with pytest.raises(Conflict, match="has agreed"):
        own(database, who("amina"), ref, "shared", holds=False)
    with database.transaction() as session:
        save_objective(session, who("amina"), ref=None, text="More", measure="", due_on=None, competency="")
    own(database, who("amina"), ref, "shared", holds=False)
    assert seen(database, who("amina"), ref).stage is Stage.DRAFT


def test_sharing_stops_with_a_new_manager(database, who, tmp_path) -> None:
    ref = agree(database, who)
    later = world.NOW + timedelta(days=3)
    change_manager(database, tmp_path, later)
    own(database, who("amina", later), ref, "shared", holds=False)
    assert seen(database, who("amina", later), ref).stage is Stage.DRAFT


def test_a_note_that_is_first_written_in_two_windows_at_once_is_the_later_one(database, who) -> None:
    amina = who("amina")
    ref = begin(database, amina)
    acts = [lambda session, text=text: save_note(session, amina, ref=ref, text=text) for text in ("A", "B")]
    assert meeting(database, *acts) is None
    with database.read() as session:
        assert get_note(session, amina, ref=ref) == "B"
