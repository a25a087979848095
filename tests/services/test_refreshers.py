"""A refresher: before a completion runs out, the quiz alone gives a new one beside it; nothing that counts is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.errors import Conflict
from lms.models import CourseVersion, Enrolment, append_only
from lms.rules.levels import Verdict
from lms.rules.renewal import add_months
from lms.services.attempts import start_attempt
from lms.services.courses import get_course
from lms.services.enrolments import refresh_course
from lms.services.home import get_home
from lms.services.levels import get_level
from lms.services.team import get_team
from tests.services import steps

YEAR = 365  # the course counts for twelve months from 2026-11-23


@pytest.fixture
def amina(database, who):
    """Somebody who passed a course that counts for a year."""
    with database.engine.begin() as connection:
        append_only.remove(connection)
        connection.execute(update(CourseVersion).values(renewal_months=12))
        append_only.install(connection)
    steps.take(database, who("amina"))
    return who("amina")


def refresh(database, actor) -> None:
    with database.transaction() as session:
        refresh_course(session, actor, slug="basics")


def page(database, actor):
    with database.read() as session:
        return get_course(session, actor, slug="basics")


@pytest.mark.parametrize(("days", "offered"), [(300, False), (304, False), (306, True), (364, True), (365, False)])
def test_it_is_offered_in_the_sixty_days_before(database, amina, days: int, offered: bool) -> None:
    later = steps.later(amina, days=days)
    assert page(database, later).is_refreshable == offered
    if offered:
        refresh(database, later)
        assert page(database, later).still_until is not None
    else:
        with pytest.raises(Conflict):
            refresh(database, later)


def test_the_quiz_alone_renews_the_evidence_and_the_level_never_falls(database, who, amina) -> None:
    before, after = steps.later(amina, days=YEAR - 30), steps.later(amina, days=YEAR + 30)
    refresh(database, before)
    opened = page(database, before)
    assert all(section.is_read for section in opened.sections)
    assert opened.obstacle is None
    with database.read() as session:
        assert get_level(session, before, code="PC1")[1].explanation.level == 1
        (course,) = [c for m in get_team(session, steps.later(who("kofi"), days=YEAR - 30)) for c in m.courses]
        assert (course.status, course.still_until) == ("in_progress", opened.still_until)
        assert [one.slug for one in get_home(session, before).due] == ["basics"]
    with database.transaction() as session:
        ref = start_attempt(session, before, slug="basics").ref
    steps.answer(database, before, ref)
    assert steps.submit(database, before, ref).passed
    assert page(database, before).still_until is None  # it is refreshed
    with database.read() as session:
        (course,) = [c for m in get_team(session, steps.later(who("kofi"), days=YEAR - 30)) for c in m.courses]
        assert (course.status, course.still_until) == ("completed", None)
        explanation = get_level(session, after, code="PC1")[1].explanation
    assert explanation.level == 1
    assert [judged.verdict for judged in explanation.judged] == [Verdict.EXPIRED, Verdict.NEEDED]
    assert explanation.judged[1].proof.expires_on == add_months(before.today, 12)


def test_what_attendance_completes_is_not_refreshed_by_a_quiz(database, amina) -> None:
    with database.engine.begin() as connection:
        append_only.remove(connection)
        connection.execute(update(CourseVersion).values(completes_by="attendance"))
        append_only.install(connection)
    later = steps.later(amina, days=YEAR - 30)
    assert not page(database, later).is_refreshable
    with pytest.raises(Conflict):
        refresh(database, later)


def test_begun_and_not_finished_it_takes_nothing_away(database, amina) -> None:
    refresh(database, steps.later(amina, days=YEAR - 30))
    with database.read() as session:
        last = get_level(session, steps.later(amina, days=YEAR - 1), code="PC1")[1].explanation
    assert (last.level, last.lapses_on) == (1, (amina.at + timedelta(days=YEAR)).date())


def test_twice_at_once_is_one_period(database, amina) -> None:
    later = steps.later(amina, days=YEAR - 30)
    refresh(database, later)
    with pytest.raises(Conflict):
        refresh(database, later)
    with database.read() as session:
        assert len(session.scalars(select(Enrolment).where(Enrolment.person_id == amina.person_id)).all()) == 2


def test_an_assignment_while_a_refresher_is_open_is_met_by_what_still_counts(database, who, amina) -> None:
    before = steps.later(amina, days=YEAR - 30)
    refresh(database, before)
    kofi = steps.later(who("kofi"), days=YEAR - 30)
    steps.assign(database, kofi, "amina", due_on=kofi.today, mandatory=True)
    with database.read() as session:
        (course,) = get_home(session, steps.later(amina, days=YEAR - 20)).due
        assert (course.slug, course.is_overdue) == ("basics", False)


def test_a_task_at_work_of_what_counts_stays_in_sight_while_a_refresher_is_open(database, amina) -> None:
    before = steps.later(amina, days=YEAR - 30)
    refresh(database, before)
    for days, tasks in ((YEAR - 30, ["basics"]), (YEAR + 1, [])):
        with database.read() as session:
            home = get_home(session, steps.later(amina, days=days))
            assert ([c.slug for c in home.tasks], [c.slug for c in home.due]) == (tasks, ["basics"])
