"""HR's file taken in: what comes, moves, leaves and comes back."""

from datetime import date, timedelta

from sqlalchemy import func, select

from lms.models import OrgUnit, Person, Post, ReportingLine
from lms.services.actors import find_actor
from lms.services.profile import save_profile
from lms.services.team import get_team
from tests import world
from tests.services import steps

HEAD = "employee_number,given_name,family_name,work_email,unit_code,function,job_title,manager"
AMINA = "0003,Amina,Diallo,amina@lantern.example"
TOMORROW = world.NOW + timedelta(days=1)


def posts(database, name):
    """(unit, started, ended, latest) of somebody's posts, the oldest first."""
    query = select(OrgUnit.code, Post.started_on, Post.ended_on, Post.is_latest).join(OrgUnit).order_by(Post.id)
    with database.read() as session:
        return [tuple(row) for row in session.execute(query.where(Post.person_id == steps.person(session, name).id))]


def actor(database, email, at=TOMORROW):
    with database.read() as session:
        return find_actor(session, provider="host", subject=email, email=email, at=at)


def test_importing_twice_changes_nothing(database, tmp_path) -> None:
    before = steps.contents(database)
    world.take_people(database, tmp_path, world.PEOPLE, TOMORROW)
    after = steps.contents(database)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"lms_people_imports", "lms_import_steps", "lms_import_runs", "lms_audit_entries"}, (
        "only the trace of the import itself"
    )


def test_a_bom_and_crlf_are_taken(sqlite, tmp_path) -> None:
    text = f"\ufeff{HEAD}\n0100,Ana,Ruiz,ana@lantern.example,HUB,,,\n".replace("\n", "\r\n")
    world.take_people(sqlite, tmp_path, text)
    with sqlite.read() as session:
        assert steps.person(session, "ana").given_name == "Ana"


def test_names_are_kept_as_they_are_written(database, tmp_path) -> None:
    """Formulas stay text, zeros stay, one name is enough, any script is good."""
    lines = [
        "0007x,=1+1,@SUM(A1),f@x.example,HUB,,,",
        "00042,Сайдə,阮,u@x.example,HUB,,,",
        "0100,Nadia,,n@x.example,HUB,,,",
    ]
    world.take_people(database, tmp_path, "\n".join([HEAD, *lines]))
    with database.read() as session:
        found = [steps.person(session, f"{key}@x.example") for key in "fun"]
        assert [p.display_name for p in found] == ["=1+1 @SUM(A1)", "Сайдə 阮", "Nadia"]
        assert [p.employee_number for p in found] == ["0007x", "00042", "0100"]


def test_moving_to_another_unit_begins_a_post_and_ends_the_old(database, tmp_path) -> None:
    world.take_people(database, tmp_path, f"{HEAD}\n{AMINA},PE,grants,Officer,0002", TOMORROW)
    moved = TOMORROW.date()
    assert posts(database, "amina") == [("KE", world.TODAY, moved, False), ("PE", moved, None, True)]


def test_a_new_grade_corrects_the_post(database, tmp_path) -> None:
    text = f"{HEAD},grade\n{AMINA},KE,grants,Officer,0002,G7"
    world.take_people(database, tmp_path, text, TOMORROW)
    assert posts(database, "amina") == [("KE", world.TODAY, None, True)]


def test_a_new_manager_ends_the_line_to_the_old(database, who, tmp_path) -> None:
    world.take_people(database, tmp_path, f"{HEAD}\n{AMINA},KE,grants,Officer,0001", TOMORROW)
    query = select(ReportingLine.started_on, ReportingLine.ended_on).order_by(ReportingLine.id)
    with database.read() as session:
        lines = session.execute(query.where(ReportingLine.person_id == steps.person(session, "amina").id)).all()
        assert lines == [(world.TODAY, TOMORROW.date()), (TOMORROW.date(), None)]
        assert [member.name for member in get_team(session, who("kofi", at=TOMORROW))] == ["Li Wei"]


def test_a_file_without_a_column_leaves_what_it_does_not_mention(database, tmp_path) -> None:
    before = steps.contents(database)
    world.take_people(
        database,
        tmp_path,
        "given_name,family_name,work_email,unit_code\nAmina,Diallo,amina@lantern.example,KE",
        TOMORROW,
    )
    after = steps.contents(database)
    for table in ("lms_posts", "lms_people", "lms_reporting_lines"):
        assert before[table] == after[table]


def test_a_leaver_loses_access_and_may_come_back(database, tmp_path) -> None:
    line = f"{AMINA},KE,grants,Officer,0002"
    head = f"{HEAD},start_date,end_date"
    assert actor(database, "amina@lantern.example")
    world.take_people(database, tmp_path, f"{head}\n{line},,2026-11-24", TOMORROW)
    assert actor(database, "amina@lantern.example", world.NOW), "on the last day still there"
    assert actor(database, "amina@lantern.example") is None
    world.take_people(database, tmp_path, f"{head}\n{line},2027-02-01,", TOMORROW + timedelta(days=80))
    assert actor(database, "amina@lantern.example", TOMORROW + timedelta(days=80))
    ended, began = date(2026, 11, 24), date(2027, 2, 1)
    assert posts(database, "amina") == [("KE", world.TODAY, ended, False), ("KE", began, None, True)]


def test_who_comes_back_gets_what_was_asked_meanwhile(database, who, tmp_path) -> None:
    line, head = f"{AMINA},KE,grants,Officer,0002", f"{HEAD},end_date"
    world.take_people(database, tmp_path, f"{head}\n{line},2026-11-24", TOMORROW)
    steps.assign(database, who("ingrid", at=TOMORROW), unit="KE")
    assert "Amina" not in steps.enrolled(database)
    world.take_people(database, tmp_path, f"{head}\n{line},", TOMORROW + timedelta(days=1))
    assert "Amina" in steps.enrolled(database)


def test_the_name_chosen_by_the_person_survives(database, who, tmp_path) -> None:
    with database.transaction() as session:
        save_profile(session, who("amina"), display_name="Mina", language="fr", known={"en", "fr"})
    world.take_people(database, tmp_path, world.PEOPLE, TOMORROW)
    with database.read() as session:
        person = steps.person(session, "amina")
        assert (person.display_name, person.language) == ("Mina", "fr")
    world.take_people(database, tmp_path, world.PEOPLE.replace("Amina,Diallo", "Amina,Traoré"), TOMORROW)
    with database.read() as session:
        assert steps.person(session, "amina").display_name == "Amina Traoré"


def test_a_number_finds_the_person_whose_e_mail_changed(database, tmp_path) -> None:
    with database.read() as session:
        before = steps.person(session, "amina").id, session.scalar(select(func.count()).select_from(Person))
    world.take_people(database, tmp_path, world.PEOPLE.replace("amina@lantern", "amina.traore@lantern"), TOMORROW)
    with database.read() as session:
        found = steps.person(session, "amina.traore").id, session.scalar(select(func.count()).select_from(Person))
    assert found == before


def test_a_unit_that_moves_takes_its_people_and_their_courses_along(database, who, tmp_path) -> None:
    steps.assign(database, who("ingrid"), unit="EAST")
    assert "José" not in steps.enrolled(database)
    text = "given_name,family_name,work_email,unit_code,unit_parent_code\n,,,PE,EAST"
    world.take_people(database, tmp_path, text, TOMORROW)
    assert "José" in steps.enrolled(database)
    with database.read() as session:
        units = {unit.code: unit for unit in session.scalars(select(OrgUnit))}
        assert units["PE"].path == f"{units['EAST'].path}{units['PE'].id}/"
        assert units["PE"].region_code == "EAST"
