"""Granting roles, taking them back, and what an actor may then do."""

from datetime import timedelta

import pytest

from lms.errors import Forbidden, Invalid, NotFound
from lms.permissions import Grant, Role, operator
from lms.services.roles import grant_role, list_grants, revoke_role
from tests import world
from tests.services import steps

TOMORROW = world.NOW + timedelta(days=1)
AMINA = "amina@lantern.example"


def grant(database, at=world.NOW, act=grant_role, **given):
    with database.transaction() as session:
        return act(session, operator(at), **({"email": AMINA, "role": "hr_officer"} | given))


def granted(actor):
    return [grant for grant in actor.grants if grant.role not in (Role.LEARNER, Role.LINE_MANAGER)]


def test_a_role_holds_where_it_was_given(database, who) -> None:
    grant(database, unit_code="KE")
    grant(database, role="author", course_code="M01")
    places = {(held.role, bool(held.unit_path), held.course_id) for held in granted(who("amina"))}
    assert places == {(Role.HR_OFFICER, True, None), (Role.AUTHOR, False, 1)}


def test_granting_twice_changes_nothing(database) -> None:
    assert grant(database, unit_code="KE")[1]
    with steps.unchanged(database):
        assert not grant(database, TOMORROW, unit_code="KE")[1]


def test_revoking_ends_it_from_that_moment(database, who) -> None:
    grant(database)
    grant(database, TOMORROW, act=revoke_role)
    assert granted(who("amina")) == [Grant(Role.HR_OFFICER)]
    assert granted(who("amina", at=TOMORROW)) == []
    with pytest.raises(NotFound, match="does not hold the role"):
        grant(database, TOMORROW, act=revoke_role)
    grant(database, TOMORROW)
    assert granted(who("amina", at=TOMORROW + timedelta(seconds=1))) == [Grant(Role.HR_OFFICER)]


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"email": "nobody@x.example"}, NotFound, "Nobody has the e-mail nobody@x.example"),
        ({"role": "learner"}, Invalid, "known are hr_officer, author, administrator"),
        ({"role": "operator"}, Invalid, "not a role that is granted"),
        ({"role": "author", "unit_code": "KE"}, Invalid, "Only an HR officer's role"),
        ({"role": "hr_officer", "course_code": "M01"}, Invalid, "Only an author's role"),
        ({"unit_code": "NOWHERE"}, NotFound, "no unit with the code NOWHERE"),
        ({"role": "author", "course_code": "M99"}, NotFound, "no course with the code M99"),
    ],
)
def test_a_faulty_grant_is_refused_with_the_reason(sqlite, given, kind, words) -> None:
    for act in (grant_role, revoke_role):
        with pytest.raises(kind) as refused, steps.unchanged(sqlite):
            grant(sqlite, act=act, **given)
        assert words in str(refused.value)


def test_the_e_mail_is_found_in_any_case(sqlite, who) -> None:
    grant(sqlite, email=" AMINA@Lantern.example ")
    assert granted(who("amina")) == [Grant(Role.HR_OFFICER)]


def test_nobody_but_the_operator_grants(sqlite, who) -> None:
    for person in ("sam", "ingrid", "amina"):
        with pytest.raises(Forbidden), sqlite.transaction() as session:
            grant_role(session, who(person), email=AMINA, role="administrator")


def test_the_list_shows_who_holds_what_now(database, who) -> None:
    grant(database, unit_code="KE")
    grant(database, TOMORROW, act=revoke_role, unit_code="KE")
    with database.read() as session:
        today = {(row.name, row.role, row.place) for row in list_grants(session, who("sam"))}
        assert ("Amina Diallo", "hr_officer", "Country office east") in today
        assert ("Nadia", "hr_officer", "Eastern region") in today
        assert len(list_grants(session, who("sam", at=TOMORROW))) == len(today) - 1
