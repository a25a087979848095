"""Two records of one human being: after any unions and partings nothing is lost or doubled, and parted they are as
before."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.errors import Conflict, FaultyFile, Forbidden, Invalid, LmsError, NotFound
from lms.models import Erasure, Person, StoredLevel
from lms.permissions import operator
from lms.rules.privacy import Cause
from lms.services import stored_levels, uniting
from lms.services.actors import find_actor
from lms.services.erasing import erase_person, get_addresses
from lms.services.home import list_my_courses
from lms.services.levels import get_levels
from lms.services.own_data import get_own_data
from lms.services.records import RecordFilter
from lms.services.records import list_records as list_for_hr
from tests import world
from tests.services import sealing, steps, unions

LEAVERS = """employee_number,external_ref,given_name,family_name,work_email,unit_code,partner_code,end_date
0003,,Amina,Diallo,amina@lantern.example,KE,,2026-11-23
0004,,Li,Wei,wei@lantern.example,KE,,2026-11-23
0005,,José,García,jose@lantern.example,PE,,2026-11-23
,P-1,Rosa,Quispe,rosa@rioclaro.example,PE,RC,2026-11-23
"""
PEOPLE = ("amina@lantern.example", "wei@lantern.example", "jose@lantern.example", "rosa@rioclaro.example")
SAYS = st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), max_size=8)
HELD = {model: model.__table__ for model in uniting.HELD}


class Undone(Exception):
    """Rolls an example back."""


def held(session) -> dict[str, list[tuple]]:
    """Of every fact that somebody has: its number, whom it was recorded for, whose it is."""
    return {
        table.name: [tuple(row) for row in session.execute(
            select(table.c.id, table.c.person_id, table.c.holder_id).order_by(table.c.id))]
        for table in HELD.values()
    }  # fmt: skip


def numbers(session) -> dict[str, int]:
    return {row.email_key: row.id for row in session.execute(select(Person.email_key, Person.id)) if row.email_key}


@pytest.fixture
def leavers(database, who, tmp_path):
    """Four people who passed a course or two, had plans, and left."""
    for name in ("amina", "wei", "jose", "rosa"):
        steps.take(database, who(name), right=name != "wei")
        steps.plan_course(database, who(name))
    world.take_people(database, tmp_path, LEAVERS)
    return database


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(says=SAYS)
def test_after_any_unions_and_partings_nothing_is_lost_or_doubled(leavers, who, says) -> None:
    with pytest.raises(Undone):
        play(leavers, who("ingrid"), who("sam"), says)


def play(database, ingrid, sam, says) -> None:
    with database.transaction() as session:
        of, before, levels, exported = numbers(session), held(session), stored(session), for_hr(session, ingrid)
        agreed: dict[str, tuple[int, int]] = {}  # ref -> who went into whom
        for parts, one, other in says:
            with suppress(LmsError):
                if parts and agreed:
                    ref = sorted(agreed)[one % len(agreed)]
                    unions.part(session, ingrid, ref)
                    del agreed[ref]
                else:
                    ref = unions.unite(session, ingrid, sam, PEOPLE[one], PEOPLE[other])
                    agreed[ref] = (of[PEOPLE[one]], of[PEOPLE[other]])
            assert_held(held(session), before, dict(agreed.values()))
            assert [ref for ref, _ in for_hr(session, ingrid)] == [ref for ref, _ in exported]
            assert stored(session) == anew(session)
        now = held(session)
        uniting.rebuild_holders(session, operator(world.NOW))
        assert held(session) == now
        for ref in sorted(agreed):
            unions.part(session, ingrid, ref)
        assert (held(session), stored(session), for_hr(session, ingrid)) == (before, levels, exported)
        raise Undone


def assert_held(now, before, into) -> None:
    """Every fact is there once, recorded for whom it was, and is whose the unions say."""
    for name, rows in before.items():
        expected = []
        for number, person, _holder in rows:
            holder = person
            while holder in into:
                holder = into[holder]
            expected.append((number, person, holder))
        assert now[name] == expected


def stored(session) -> set[tuple]:
    return {
        tuple(row) for row in session.execute(select(StoredLevel.person_id, StoredLevel.competency, StoredLevel.level))
    }


def anew(session) -> set[tuple]:
    """The levels as the evidence gives them to everybody."""
    stored_levels.refresh(session, sorted(numbers(session).values()), world.TODAY)
    return stored(session)


def for_hr(session, actor) -> list[tuple[str, str]]:
    """The records that HR sees, each with the name of whose it is."""
    return sorted((row.ref, row.name) for row in list_for_hr(session, actor, wanted=RecordFilter()).rows)


ROSA = (
    "employee_number,given_name,family_name,work_email,unit_code,manager\n0100,Rosa,Quispe,rosa@lantern.example,KE,0002"
)


@pytest.fixture
def both(database, who, tmp_path):
    """A partner's Rosa, who passed a course and is staff now, in a record of its own: asked for the course again."""
    steps.take(database, who("rosa"))
    unions.link(database, who("rosa"), "rosa@rioclaro.example")
    world.take_people(database, tmp_path, f"{LEAVERS.splitlines()[0]}\n{LEAVERS.splitlines()[4]}")
    world.take_people(database, tmp_path, ROSA)
    steps.assign(database, who("ingrid"), "rosa@lantern.example", due_on=world.DUE)
    return database


def levels(database, actor) -> list[int]:
    with database.read() as session:
        return [one.explanation.level for one in get_levels(session, actor).levels]


def test_a_partner_who_becomes_staff_takes_along_what_they_did(both, who) -> None:
    sealing.make_key(both)
    sealing.seal(both)
    ingrid, sam, staff, partner = (
        who("ingrid"),
        who("sam"),
        world.actor(both, "rosa@lantern.example"),
        "rosa@rioclaro.example",
    )
    with both.transaction() as session:
        ref = unions.unite(session, ingrid, sam, partner, "rosa@lantern.example")
    with both.read() as session:
        (course,) = list_my_courses(session, staff)
        assert course.status == "completed", "what was passed counts, not what was asked since"
        assert len(list_my_courses(session, staff, every_period=True)) == 2
        signed_in = find_actor(session, provider="host", subject=partner, email=partner, at=world.NOW)
        assert getattr(signed_in, "person_id", None) == staff.person_id
        own = {part.table: part.rows for part in get_own_data(session, staff).parts}
    assert (len(own["lms_people"]), len(own["lms_enrolments"]), len(own["lms_posts"])) == (2, 2, 2)
    assert max(levels(both, staff)) == 1
    with both.read() as session:
        assert sealing.fault(session) is None
    with both.transaction() as session:
        unions.part(session, ingrid, ref)
    assert max(levels(both, staff)) == 0
    with both.read() as session:
        assert find_actor(session, provider="host", subject=partner, email=partner, at=world.NOW) is None, "has left"
        (course,) = list_my_courses(session, staff)
        assert course.status == "assigned"


def test_a_record_that_has_gone_into_another_is_changed_no_more_and_is_erased_with_it(both, who, tmp_path) -> None:
    staff = world.actor(both, "rosa@lantern.example")
    with both.transaction() as session:
        unions.unite(session, who("ingrid"), who("sam"), "rosa@rioclaro.example", "rosa@lantern.example")
    head, line = LEAVERS.splitlines()[0], LEAVERS.splitlines()[4]
    world.take_people(both, tmp_path, f"{head}\n{line}")  # as before
    with pytest.raises(FaultyFile) as refused:
        world.take_people(both, tmp_path, f"{head}\n{line.replace('Quispe', 'Flores')}")
    assert "has gone into another" in str(refused.value.faults[0])
    payload = {"person": "", "cause": Cause.REQUEST}
    with both.transaction() as session:
        payload["person"] = session.scalars(select(Person.ref).where(Person.id == staff.person_id)).one()
        addresses = get_addresses(session, operator(world.NOW), payload=payload)
        assert sorted(addresses) == ["rosa@lantern.example", "rosa@rioclaro.example"]
        erase_person(session, operator(world.NOW), person=payload["person"], cause=Cause.REQUEST)
        erased = set(session.scalars(select(Erasure.person_id)))
        assert len(erased) == 2
        assert session.scalar(select(Person.id).where(Person.family_name == "Quispe")) is None


def test_two_people_decide_and_never_about_themselves(database, who, tmp_path) -> None:
    ingrid, nadia, sam = who("ingrid"), who("nadia"), who("sam")
    with database.transaction() as session:
        for person, into, field in (("amina", "nobody", "into"), ("jose@lantern.example", "0003", "person")):
            with pytest.raises(Invalid) as wrong:
                unions.propose(session, nadia, person, into)
            assert field in wrong.value.fields
        with pytest.raises(Forbidden, match="their own"):
            unions.propose(session, ingrid, "0001", "0003")
        ref = unions.propose(session, nadia, "0003", "0004")
        with pytest.raises(Forbidden, match="yourself"):
            uniting.decide_union(session, nadia, ref=ref, accepted=True)
        with pytest.raises(Conflict, match="holds a post"):
            uniting.decide_union(session, sam, ref=ref, accepted=True)
        with pytest.raises(NotFound):
            uniting.decide_union(session, nadia, ref=unions.propose(session, ingrid, "0003", "0005"), accepted=False)
        with pytest.raises(Conflict, match="not united"):
            unions.part(session, ingrid, ref)
    world.take_people(database, tmp_path, LEAVERS)
    with database.transaction() as session:
        uniting.decide_union(session, sam, ref=ref, accepted=True)
        with pytest.raises(Conflict, match="meanwhile"):
            uniting.decide_union(session, ingrid, ref=ref, accepted=True)
        with pytest.raises(Invalid) as wrong:
            unions.propose(session, ingrid, "0003", "0005")
        assert "gone into another" in wrong.value.fields["person"]
        (row,) = [row for row in uniting.list_unions(session, nadia) if row.ref == ref]
        assert (row.accepted, row.may_decide, row.may_end) == (True, False, True)
