"""HR reads how many people of its units are at which level at the end of a month; never who."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from lms.errors import Forbidden, NotFound
from lms.models import Person
from lms.rules.needs import Kind
from lms.services.evidence import record_evidence, withdraw_evidence
from lms.services.unit_levels import UnitLevels, get_unit_levels
from tests import world

MORE = "".join(f"1{n:03},,Person,N{n},p{n}@lantern.example,KE,,,,,,,grants,Officer,0002\n" for n in range(10))
DECEMBER, JANUARY, FEBRUARY = (datetime(2026 + n // 12, n % 12 + 1, 10, 9, tzinfo=UTC) for n in (11, 12, 13))


def learn(database, actor, number: int, at: datetime) -> None:
    """Evidence of the tenth of December, recorded at a moment."""
    with database.transaction() as session:
        person = session.scalars(select(Person.id).where(Person.employee_number == f"1{number:03}")).one()
        record_evidence(
            session, replace(actor, at=at), person_id=person, competency="PC1", kind=Kind.COURSE, level_aimed_at=1,
            source_ref=f"s{number}", confirmed_by=None, confirmed_as="quiz", effective_at=DECEMBER,
        )  # fmt: skip


def look(database, actor, at: datetime, code: str = "PC1") -> UnitLevels:
    with database.read() as session:
        return get_unit_levels(session, replace(actor, at=at), code=code)


def told(page: UnitLevels) -> list[tuple[str | None, int, tuple[int, ...]]]:
    return [(page.units.get(row.key, row.key) if row.key else row.key, row.size, row.cells) for row in page.counts.rows]


@pytest.fixture
def grown(database, who, tmp_path):
    """Ten people more in one country; six of them have learned something."""
    world.take_people(database, tmp_path, world.PEOPLE + MORE)
    for number in range(6):
        learn(database, who("ingrid"), number, DECEMBER)
    return database


def test_units_are_counted_and_small_ones_together(grown, who) -> None:
    page = look(grown, who("ingrid"), JANUARY)
    assert page.on == date(2026, 12, 31)
    assert told(page) == [
        ("Global hub", 20, (14, 6, 0, 0, 0)),
        ("Eastern region", 14, (8, 6, 0, 0, 0)),  # Nadia alone is in the region itself, so the country is not shown
        (None, 6, (6, 0, 0, 0, 0)),
    ]
    assert {row.cells for row in page.counts.months} == {(20, 0, 0, 0, 0)}
    assert page.day_of(page.counts.months[0]) == date(2026, 11, 30)
    assert [row.size for row in page.counts.parts] == []  # two people of a partner's have none


def test_hr_of_a_region_counts_its_people_alone(grown, who) -> None:
    assert told(look(grown, who("nadia"), JANUARY)) == [("Eastern region", 14, (8, 6, 0, 0, 0))]


def test_what_was_recorded_after_the_month_does_not_move_it(grown, who) -> None:
    learn(grown, who("ingrid"), 7, JANUARY)
    assert told(look(grown, who("ingrid"), JANUARY))[0] == ("Global hub", 20, (14, 6, 0, 0, 0))
    assert told(look(grown, who("ingrid"), FEBRUARY))[0] == ("Global hub", 20, (13, 7, 0, 0, 0))


def test_withdrawn_evidence_counts_until_it_was_withdrawn(grown, who) -> None:
    with grown.transaction() as session:
        for number in range(6):
            withdraw_evidence(session, replace(who("ingrid"), at=JANUARY), source_ref=f"s{number}", reason="Mixed up")
    assert told(look(grown, who("ingrid"), JANUARY))[0] == ("Global hub", 20, (14, 6, 0, 0, 0))
    assert told(look(grown, who("ingrid"), FEBRUARY))[0] == ("Global hub", 20, (20, 0, 0, 0, 0))


def test_few_people_and_unknown_competencies(database, who) -> None:
    assert look(database, who("nadia"), JANUARY).counts.total is None
    with pytest.raises(NotFound):
        look(database, who("ingrid"), JANUARY, "PC9")
    with pytest.raises(Forbidden):
        look(database, who("kofi"), JANUARY)
