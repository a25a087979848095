"""Who stands behind a sign-in: by e-mail at first, by the linked identity ever after."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict
from lms.models import Person
from lms.permissions import Role
from lms.services.actors import find_actor, join, link_identity
from tests import world
from tests.services import steps

AMINA = "amina@lantern.example"
LEFT = "given_name,family_name,work_email,unit_code,end_date\nAmina,Diallo,amina@lantern.example,KE,2026-11-23"


def found(database, subject="7", email=AMINA, at=world.NOW):
    with database.read() as session:
        return find_actor(session, provider="host", subject=subject, email=email, at=at)


def joined(database, subject="7", email="new@x.example"):
    with database.transaction() as session:
        return join(session, provider="host", subject=subject, email=email, name="New", at=world.NOW)


def link(database, email=AMINA, subject="7") -> None:
    with database.transaction() as session:
        person = steps.person(session, email).id
        link_identity(session, person, provider="host", subject=subject, at=world.NOW)


def test_an_e_mail_finds_the_person_in_any_case(database) -> None:
    assert found(database).name == found(database, email="AMINA@lantern.EXAMPLE ").name == "Amina Diallo"
    assert found(database, email="nobody@x.example") is None


def test_nobody_is_found_without_an_e_mail(database, tmp_path) -> None:
    """Also when there are people who have none."""
    world.take_people(database, tmp_path, "employee_number,given_name,family_name,work_email,unit_code\n9,Ben,,,KE")
    for email in (None, "", "  "):
        assert found(database, email=email) is None


def test_a_linked_identity_survives_a_change_of_e_mail(database, tmp_path) -> None:
    link(database)
    world.take_people(database, tmp_path, world.PEOPLE.replace(AMINA, "amina.traore@lantern.example"))
    assert found(database, email="other@x.example").name == "Amina Diallo"
    assert found(database, subject="8", email=AMINA) is None


def test_a_linked_identity_is_not_overruled_by_an_e_mail(database) -> None:
    link(database)
    assert found(database, email="kofi@lantern.example").name == "Amina Diallo"


def test_linking_twice_keeps_the_first(database) -> None:
    link(database)
    with steps.unchanged(database):
        link(database, email="kofi@lantern.example")


def test_roles_follow_from_facts_today(database, who) -> None:
    roles = {name: {grant.role for grant in who(name).grants} for name in ("amina", "kofi", "tupac", "nadia")}
    assert roles == {
        "amina": {Role.LEARNER},
        "kofi": {Role.LEARNER, Role.LINE_MANAGER},
        "tupac": {Role.LEARNER, Role.LINE_MANAGER},
        "nadia": {Role.LEARNER, Role.HR_OFFICER},
    }


def test_joining_begins_a_record(database) -> None:
    person = joined(database)
    actor = found(database, email="new@x.example")
    assert (actor.person_id, actor.kind, [grant.role for grant in actor.grants]) == (
        person,
        "associate",
        [Role.LEARNER],
    )


def test_a_leaver_neither_enters_nor_joins(database, tmp_path) -> None:
    """Neither by the e-mail nor, with a new e-mail, by the linked identity."""
    link(database)
    world.take_people(database, tmp_path, LEFT)
    assert found(database) is None
    for subject, email in (("8", AMINA), ("7", "new@x.example"), ("7", None)):
        with pytest.raises(Conflict, match="that you cannot open"), steps.unchanged(database):
            joined(database, subject, email)


def test_joining_twice_is_one_record(database) -> None:
    assert joined(database) == joined(database)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Person).where(Person.kind == "associate")) == 1


def test_a_post_holds_until_the_day_before_its_end(database, tmp_path) -> None:
    world.take_people(database, tmp_path, LEFT.replace("2026-11-23", "2026-11-25"))
    assert [bool(found(database, at=world.NOW + timedelta(days=day))) for day in range(4)] == [True, True, False, False]


def test_an_old_address_does_not_let_somebody_else_in(database) -> None:
    """Amina's sign-in is bound to her; whoever is given her address later is not her, and cannot join as her."""
    link(database)
    assert found(database) is not None
    assert found(database, subject="9", email=AMINA) is None
    with pytest.raises(Conflict, match="that you cannot open"):
        joined(database, "9", AMINA)
