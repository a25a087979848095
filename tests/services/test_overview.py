"""HR's page to start from: every figure is that of the list to which it leads, and of the actor's scope alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from lms.errors import Forbidden, NotFound
from lms.models import Enrolment, Standing
from lms.permissions import operator
from lms.services.assignments import assign_course
from lms.services.overview import Overview, get_overview
from lms.services.records import RecordFilter, list_records
from lms.services.tallies import count_for_all, keep
from tests import world
from tests.world import NOW

MORE = "".join(f"1{n:03},,Person,N{n},p{n}@lantern.example,KE,,,,,,,grants,Officer,0002\n" for n in range(6))


@pytest.fixture
def late(database, who, tmp_path):
    """A course asked of everybody in the hub and overdue; two have done it, and for one of them it runs out."""
    world.take_people(database, tmp_path, world.PEOPLE + MORE)
    with database.transaction() as session:
        assign_course(
            session, who("ingrid"), course_slug="basics", unit_code="HUB", due_on=date(2026, 12, 1), mandatory=True
        )
        first, second = session.scalars(select(Enrolment.id).order_by(Enrolment.id).limit(2))
        done = update(Standing).values(completed_on=date(2026, 11, 25))
        session.execute(done.where(Standing.enrolment_id == first).values(expires_on=date(2027, 3, 14)))
        session.execute(done.where(Standing.enrolment_id == second))
    return database


def later(actor):
    return replace(actor, at=actor.at + timedelta(days=30))


def look(database, actor, unit: str = "") -> Overview:
    with database.read() as session:
        return get_overview(session, later(actor), unit=unit)


def listed(database, actor, **wanted) -> int:
    with database.read() as session:
        return list_records(session, later(actor), wanted=RecordFilter(**wanted)).total


def test_every_figure_is_that_of_its_list(late, who) -> None:
    for person, unit in (("ingrid", ""), ("ingrid", "KE"), ("nadia", "")):
        page, actor = look(late, who(person), unit), who(person)
        assert page.total.overdue == listed(late, actor, status="overdue", unit=unit) > 0
        assert page.total.asked == sum(row.asked for row in page.units) == sum(row.asked for row in page.courses)
        for row in page.units:
            assert not row.code or row.overdue == listed(late, actor, status="overdue", unit=row.code)
        for row in page.courses:
            assert row.overdue == listed(late, actor, status="overdue", unit=unit, course=row.code)
        for month in page.months:
            assert month.count == listed(late, actor, unit=unit, expires_from=month.first, expires_to=month.last)


def test_who_is_done_is_not_overdue_and_shown_when_it_runs_out(late, who) -> None:
    page = look(late, who("ingrid"))
    assert page.total.done == 2
    assert page.total.overdue == page.total.asked - 2
    assert (page.expiring, page.most.first, page.most.last) == (1, date(2027, 3, 1), date(2027, 3, 31))
    assert [month.first for month in page.months][:2] == [date(2026, 12, 24), date(2027, 1, 1)]


def test_a_later_period_replaces_what_runs_out(late, who) -> None:
    with late.transaction() as session:
        old = session.scalars(
            select(Enrolment)
            .join(Standing, Standing.enrolment_id == Enrolment.id)
            .where(Standing.expires_on > world.NOW.date())
        ).one()
        new = Enrolment(ref="later", person_id=old.person_id, course_id=old.course_id, period=2,
                        enrolled_at=world.NOW, own_choice=True)  # fmt: skip
        session.add(new)
        session.flush()
        kept = {column.key: getattr(session.get(Standing, old.id), column.key) for column in Standing.__table__.columns}
        session.add(Standing(**{**kept, "enrolment_id": new.id, "expires_on": None, "reason": "role"}))
    page = look(late, who("ingrid"))
    assert (page.expiring, page.total.done) == (0, 2)


def test_only_hr_and_only_its_units(late, who) -> None:
    with pytest.raises(Forbidden):
        look(late, who("kofi"))
    with pytest.raises(NotFound):
        look(late, who("nadia"), "PE")
    assert {row.code for row in look(late, who("nadia")).units} <= {"", "KE"}


def test_what_is_kept_for_a_large_organisation_is_what_a_page_would_count(late, who) -> None:
    asked = [("ingrid", ""), ("ingrid", "KE"), ("nadia", "")]
    counted = [look(late, who(person), unit) for person, unit in asked]
    clerk = later(operator(NOW))
    with late.transaction() as session:
        keep(session, clerk, count_for_all(session, clerk, least=1))
    kept = [look(late, who(person), unit) for person, unit in asked]
    assert [page.counted_at for page in counted + kept] == [None] * 3 + [clerk.at] * 3
    assert [replace(page, counted_at=None) for page in kept] == counted
    with late.transaction() as session:  # as the worker does: of so few nothing is kept, and a page counts itself
        keep(session, clerk, count_for_all(session, clerk))
    assert look(late, who("ingrid")).counted_at is None
