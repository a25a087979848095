"""A team's levels against its targets: of today's reports alone, as stored, and right also before the daily job."""

from datetime import timedelta

import pytest

from lms.errors import Forbidden
from lms.rules.needs import Kind
from lms.services.evidence import record_evidence
from lms.services.team_levels import Cell, get_team_levels
from tests import world
from tests.services import steps


def see(database, actor, source: str, **more) -> None:
    with database.transaction() as session:
        record_evidence(
            session, actor, person_id=actor.person_id, competency="PC1", kind=Kind.TASK, level_aimed_at=2,
            source_ref=source, confirmed_by=None, confirmed_as="reviewer", effective_at=actor.at, **more,
        )  # fmt: skip


def team(database, actor):
    with database.read() as session:
        return get_team_levels(session, actor)


def test_the_team_stands_with_levels_targets_and_gaps(database, who) -> None:
    see(database, who("amina"), "one")
    see(database, who("jose"), "two")  # not on kofi's team
    page = team(database, who("kofi"))
    assert [line.name for line in page.lines] == ["Li Wei", "Amina Diallo"]  # the larger gap first
    assert page.competencies[0][0] == "PC1"
    wei, amina = (line.cells[0] for line in page.lines)
    assert (wei.level, wei.target, wei.gap) == (0, 2, 2)
    assert (amina.level, amina.target, amina.gap) == (2, 2, 0)
    assert page.reached(0) == (1, 2)


def test_a_level_that_falls_is_told_before_and_right_on_the_day(database, who) -> None:
    see(database, who("amina"), "one")
    last = world.TODAY.replace(year=2029)
    days = (last - world.TODAY).days
    for ahead, level, soon in ((61, 2, False), (60, 2, True), (0, 0, False)):
        later = steps.later(who("kofi"), days=days - ahead)
        cell = next(line.cells[0] for line in team(database, later).lines if line.name == "Amina Diallo")
        assert (cell.level, cell.changes_soon(later.today)) == (level, soon)


def test_before_the_daily_job_it_still_asks_few_times(sqlite, who, count_queries) -> None:
    """With the gate's one or two at most six, also where a level has to be computed anew."""
    see(sqlite, who("amina"), "one")
    later = who("kofi", world.NOW.replace(year=2029, month=12))
    before = len(count_queries())
    assert next(line.cells[0].level for line in team(sqlite, later).lines if line.name == "Amina Diallo") == 0
    assert len(count_queries()) - before <= 5


def test_who_leads_nobody_is_refused(database, who) -> None:
    with database.read() as session, pytest.raises(Forbidden):
        get_team_levels(session, who("amina"))


@pytest.mark.parametrize(("level", "target", "gap"), [(0, None, None), (1, 3, 2), (3, 2, 0), (0, 0, 0)])
def test_a_gap_is_never_less_than_nothing(level: int, target: int | None, gap: int | None) -> None:
    assert Cell(level, target, None).gap == gap
    assert not Cell(level, target, world.TODAY + timedelta(days=61)).changes_soon(world.TODAY)
