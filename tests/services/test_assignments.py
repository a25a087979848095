"""Assigning and taking back: whom it reaches, who may, and what becomes of the standing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import Assignment, Enrolment, Person
from lms.permissions import operator
from lms.rules.standing import Status, status
from lms.services.assignments import assign_course, list_assignments, list_choices, withdraw_assignment
from lms.services.enrolments import start_course
from tests import world
from tests.services import steps

TOMORROW = world.NOW + timedelta(days=1)


def take_back(database, actor, ref) -> None:
    with database.transaction() as session:
        withdraw_assignment(session, actor, ref=ref)


def refused_fields(database, actor, **given):
    wanted = {"course_slug": "basics", "people": (), "unit_code": "", "due_on": None, "mandatory": False} | given
    with pytest.raises(Invalid) as refused, steps.unchanged(database), database.transaction() as session:
        assign_course(session, actor, **wanted)
    return refused.value.fields


def ref_of(database, *names):
    with database.read() as session:
        return [steps.person(session, name).ref for name in names]


def test_a_unit_is_everybody_in_it_and_below(database, who) -> None:
    steps.assign(database, who("ingrid"), unit="EAST")
    assert steps.enrolled(database) == {"Kofi", "Amina", "Li", "Nadia"}


def test_newcomers_of_a_later_file_are_asked_too(database, who, tmp_path) -> None:
    steps.assign(database, who("ingrid"), unit="EAST", due_on=world.DUE, mandatory=True)
    text = "given_name,family_name,work_email,unit_code,unit_name,unit_parent_code\nAna,Ruiz,ana@x.example,KE2,New,KE"
    world.take_people(database, tmp_path, text, TOMORROW)
    with database.read() as session:
        found = steps.standing(session, "ana@x.example")
        assert (found.due_on, found.mandatory, found.assigned_on) == (world.DUE, True, TOMORROW.date())


def test_a_unit_assignment_taken_back_does_not_reach_newcomers(database, who, tmp_path) -> None:
    (ref,) = steps.assign(database, who("ingrid"), unit="EAST")
    take_back(database, who("ingrid"), ref)
    world.take_people(
        database, tmp_path, "given_name,family_name,work_email,unit_code\nAna,Ruiz,ana@x.example,KE", TOMORROW
    )
    assert "Ana" not in steps.enrolled(database)


def test_people_are_asked_one_by_one(database, who) -> None:
    assert len(steps.assign(database, who("ingrid"), "amina", "jose")) == 2
    assert steps.enrolled(database) == {"Amina", "José"}


def test_out_of_scope_is_refused_like_absent(database, who) -> None:
    nadia = who("nadia")
    for given in ({"people": ref_of(database, "amina", "jose")}, {"people": [*ref_of(database, "amina"), "none"]}):
        assert refused_fields(database, nadia, **given) == {
            "people": "Somebody in this list is not in your scope. Choose again."
        }
    for code in ("PE", "HUB", "NOWHERE"):
        assert refused_fields(database, nadia, unit_code=code) == {"unit": "There is no such unit in your scope."}


def test_a_manager_assigns_to_own_reports_and_to_no_unit(database, who) -> None:
    steps.assign(database, who("kofi"), "amina", "wei")
    assert set(refused_fields(database, who("kofi"), people=ref_of(database, "nadia"))) == {"people"}
    assert set(refused_fields(database, who("kofi"), unit_code="KE")) == {"unit"}
    with database.read() as session:
        choices = list_choices(session, who("kofi"))
        assert ([name for _, name in choices.people], choices.units) == (["Amina Diallo", "Li Wei"], [])


@pytest.mark.parametrize("person", ["amina", "olga", "sam", "rosa"])
def test_others_assign_nothing(sqlite, who, person) -> None:
    with pytest.raises(Forbidden):
        steps.assign(sqlite, who(person), "amina")


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"unit_code": "KE", "course_slug": "none"}, {"course"}),
        ({"unit_code": "KE", "due_on": world.TODAY - timedelta(days=1)}, {"due_on"}),
        ({}, {"people"}),
        ({"unit_code": "KE", "people": ["x"]}, {"people"}),
        ({"course_slug": "", "due_on": date(2000, 1, 1)}, {"course", "due_on", "people"}),
    ],
)
def test_every_wrong_field_is_told(sqlite, who, given, fields) -> None:
    assert set(refused_fields(sqlite, who("ingrid"), **given)) == fields


def test_due_today_is_taken(sqlite, who) -> None:
    steps.assign(sqlite, who("ingrid"), "amina", due_on=world.TODAY)
    assert steps.enrolled(sqlite) == {"Amina"}


def test_of_several_due_dates_the_earliest_holds(database, who) -> None:
    later, sooner = world.DUE, date(2026, 12, 1)
    steps.assign(database, who("ingrid"), unit="KE", due_on=later, mandatory=True)
    (ref,) = steps.assign(database, who("kofi"), "amina", due_on=sooner)
    with database.read() as session:
        found = steps.standing(session, "amina")
        assert (found.due_on, found.mandatory) == (sooner, True)
        assert session.scalar(select(func.count()).select_from(Enrolment)) == 3
    take_back(database, who("kofi"), ref)
    with database.read() as session:
        assert steps.standing(session, "amina").due_on == later


def test_who_has_not_begun_is_withdrawn_and_who_has_goes_on(database, who) -> None:
    (ref,) = steps.assign(database, who("ingrid"), unit="KE", due_on=world.DUE, mandatory=True)
    with database.transaction() as session:
        start_course(session, who("amina"), slug="basics")
    take_back(database, who("ingrid"), ref)
    with database.read() as session:
        begun, waiting = (steps.standing(session, name) for name in ("amina", "wei"))
        assert status(waiting, world.TODAY) is Status.WITHDRAWN
        assert status(begun, world.TODAY) is Status.IN_PROGRESS
        assert (begun.reason, begun.due_on, begun.mandatory) == ("own_choice", None, False)


def test_asking_again_after_taking_back(database, who) -> None:
    (ref,) = steps.assign(database, who("ingrid"), "amina")
    take_back(database, who("ingrid"), ref)
    steps.assign(database, who("ingrid"), "amina", due_on=world.DUE)
    with database.read() as session:
        found = steps.standing(session, "amina")
        assert (status(found, world.TODAY), found.due_on) == (Status.ASSIGNED, world.DUE)


def test_taking_back_twice_or_out_of_scope_is_refused(database, who) -> None:
    (ref,) = steps.assign(database, who("ingrid"), "jose")
    for person, wanted in (("nadia", ref), ("kofi", ref), ("ingrid", "no-such-ref")):
        with pytest.raises(NotFound), steps.unchanged(database):
            take_back(database, who(person), wanted)
    take_back(database, who("ingrid"), ref)
    with pytest.raises(Conflict, match="already"), steps.unchanged(database):
        take_back(database, who("ingrid"), ref)


def test_an_expired_course_is_asked_in_a_new_period(database, who) -> None:
    for slug in ("basics", "other"):
        steps.take(database, who("amina"), slug)
    after = timedelta(days=1200)
    steps.assign(database, who("ingrid", at=world.NOW + after), "amina", slug="other")
    with database.read() as session:
        periods = session.scalars(
            select(Enrolment.period).where(Enrolment.course_id == 2).order_by(Enrolment.period)
        ).all()
        found = steps.standing(session, "amina", "other")
        assert (periods, status(found, (world.NOW + after).date())) == ([1, 2], Status.ASSIGNED)


def test_the_list_counts_people_and_completions_in_scope(database, who) -> None:
    steps.assign(database, who("ingrid"), unit="KE", due_on=world.DUE)
    steps.assign(database, who("ingrid"), "jose")
    steps.take(database, who("amina"))
    with database.read() as session:
        rows = {row.target: (row.people, row.done) for row in list_assignments(session, who("ingrid"))}
        assert rows == {"Country office east": (3, 1), "José García": (1, 0)}
        assert [row.target for row in list_assignments(session, who("nadia"))] == ["Country office east"]
        assert list_assignments(session, who("kofi")) == []


def test_the_operator_assigns_too(sqlite) -> None:
    steps.assign(sqlite, operator(world.NOW), unit="HUB")
    with sqlite.read() as session:
        assert session.scalar(select(Assignment.assigned_by)) is None
    assert len(steps.enrolled(sqlite)) == 10


def test_a_manager_takes_back_own_assignments_alone(database, who) -> None:
    with database.transaction() as session:
        amina = session.scalars(select(Person.ref).where(Person.given_name == "Amina")).one()
        (by_hr,) = assign_course(
            session, who("ingrid"), course_slug="basics", people=[amina], due_on=world.DUE, mandatory=True
        )
        (own,) = assign_course(
            session, who("kofi"), course_slug="basics", people=[amina], due_on=world.DUE, mandatory=False
        )
        refs = by_hr.ref, own.ref
    with database.transaction() as session, pytest.raises(Forbidden, match="or HR, to take it back"):
        withdraw_assignment(session, who("kofi"), ref=refs[0])
    with database.transaction() as session:
        withdraw_assignment(session, who("kofi"), ref=refs[1])
        withdraw_assignment(session, who("nadia"), ref=refs[0])
