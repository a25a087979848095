"""Item analysis through the services: whose attempts count, what is never told, and what an author is warned of."""

import pytest
from sqlalchemy import func, select

from lms.errors import Forbidden, NotFound
from lms.models import Course, CourseVersion, ItemFigures
from lms.permissions import operator
from lms.services import item_analysis
from tests import world
from tests.many_attempts import SLUG, publish_wide, take_many
from tests.services import steps


def worked_out(database, actor, slug=SLUG, number=2):
    with database.read() as session:
        found = item_analysis.work_out(session, actor, slug=slug, number=number)
    with database.transaction() as session:
        item_analysis.keep_analysis(session, actor, slug=slug, number=number, analysis=found)
    with database.read() as session:
        return item_analysis.get_analysis(session, actor, slug=slug, number=number)


def figures(page):
    return {question.key: question.figures for question in page.questions}


def current(database, slug) -> int:
    with database.read() as session:
        row = select(CourseVersion.number).where(CourseVersion.is_current)
        return session.scalar(row.join(Course).where(Course.slug == slug))


def test_nothing_is_told_of_nine_and_the_figures_move_in_steps_of_ten(database, who, tmp_path) -> None:
    publish_wide(database, tmp_path / "wide")
    take_many(database, 9)
    number = current(database, SLUG)
    page = worked_out(database, who("olga"), number=number)
    assert page.handed_in is None
    assert page.analysis["attempts"] == 0
    assert all(found["met"] is found["facility"] is None and not found["picks"] for found in figures(page).values())
    take_many(database, 14, seed=2)
    page = worked_out(database, who("olga"), number=number)
    assert page.handed_in == page.analysis["attempts"] == 20
    assert {found["met"] for found in figures(page).values()} == {20}
    assert all(found["thirds"] is None for found in figures(page).values())  # a third of 20 is fewer than ten


def test_the_warnings_find_what_was_built_in(database, who, tmp_path) -> None:
    publish_wide(database, tmp_path / "wide")
    take_many(database, 150)
    page = worked_out(database, who("olga"), number=current(database, SLUG))
    found = figures(page)
    warned = {key: [(warning["code"], warning["pick"]) for warning in one["warnings"]] for key, one in found.items()}
    assert ("draws_best", "c") in warned["q4"]
    assert ("unchosen", "c") in warned["q5"]
    assert ("check_key", "") in warned["q6"]
    assert warned["q2"] == warned["q3"] == []
    assert page.analysis["reliability"]["low"] < page.analysis["reliability"]["value"]
    assert 60 < found["q1"]["seconds"]["value"] < 120
    for one in found.values():
        assert sum(one["thirds"]) == 150
        assert min(one["thirds"]) >= 10
        assert sum(pick["count"] for pick in one["picks"]) == 150


def test_where_pools_draw_differently_there_is_no_reliability(database, who, tmp_path) -> None:
    publish_wide(database, tmp_path / "wide", draw=4)
    take_many(database, 60, draw=4)
    page = worked_out(database, who("olga"), number=current(database, SLUG))
    assert page.analysis["reliability"] is None
    assert (page.analysis["shared"], page.analysis["most_marked"]) == (0, 4)
    assert sum(found["met"] for found in figures(page).values()) == 240


def test_only_the_first_attempt_of_a_person_counts_and_only_when_handed_in(database, who, tmp_path) -> None:
    take_many(database, 19, slug="basics", draw=2)
    number = current(database, "basics")
    steps.begin(database, who("wei"))  # open
    page = worked_out(database, who("olga"), "basics", number)
    assert page.handed_in == 10
    steps.take(database, who("amina"), right=False)
    second = steps.begin(database, steps.later(who("amina"), hours=1))
    steps.answer(database, steps.later(who("amina"), hours=1), second)
    steps.submit(database, steps.later(who("amina"), hours=1), second)
    page = worked_out(database, who("olga"), "basics", number)
    assert page.handed_in == page.analysis["attempts"] == 20


def test_the_same_log_gives_the_same_figures(database, who, tmp_path) -> None:
    publish_wide(database, tmp_path / "wide")
    take_many(database, 40)
    number = current(database, SLUG)
    assert worked_out(database, who("olga"), number=number).analysis == (
        worked_out(database, who("olga"), number=number).analysis
    )


def test_who_may(database, who, tmp_path) -> None:
    publish_wide(database, tmp_path / "wide")
    number = current(database, SLUG)
    for person in ("amina", "ingrid", "sam"):
        with pytest.raises(Forbidden), database.read() as session:
            item_analysis.get_analysis(session, who(person), slug=SLUG, number=number)
        with pytest.raises(Forbidden), database.read() as session:
            item_analysis.work_out(session, who(person), slug=SLUG, number=number)
    with pytest.raises(NotFound), database.read() as session:
        item_analysis.get_analysis(session, who("olga"), slug=SLUG, number=99)


def test_rebuild_drops_the_figures(database, who, tmp_path) -> None:
    publish_wide(database, tmp_path / "wide")
    worked_out(database, who("olga"), number=current(database, SLUG))
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(ItemFigures)) == 1
        item_analysis.drop_figures(session, operator(world.NOW))
        assert session.scalar(select(func.count()).select_from(ItemFigures)) == 0
