"""In bulk is like one by one: row for row, in every table, in the same order."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.db import Database
from lms.demonstration import make_demonstration
from lms.demonstration.acts import Acts
from lms.demonstration.bulk import BulkActs
from lms.models import Base, Enrolment
from lms.permissions import Actor
from lms.services.publishing import publish_library
from lms.services.standings import rebuild
from tests.content.sample import GOOD, write_library
from tests.demonstration.canonical import MASKED, canonical
from tests.demonstration.made import COURSES, library_of
from tests.faults.sizes import FORM

Make = Callable[[type[Acts]], Database]


@pytest.fixture
def make(empty_databases: Callable[[], Database], command_line: Actor) -> Callable[[Path, type[Acts]], Database]:
    """Makes a demonstration of 50 people with the courses of a folder."""

    def make(courses: Path, acts: type[Acts]) -> Database:
        database = empty_databases()
        with database.transaction() as session:
            publish_library(session, command_line, library=library_of(courses))
        make_demonstration(database, command_line, people=50, seed=4, acts=acts)
        return database

    return make


class _SmallSlices(BulkActs):
    """Attempts are begun in one slice, answered in others and handed in in a later one."""

    rows_in_a_slice = 40


def _assert_equal(first: Database, second: Database) -> None:
    one, other = canonical(first), canonical(second)
    for name in one:
        assert one[name] == other[name], name


def test_in_bulk_equals_one_by_one(
    request: pytest.FixtureRequest, make: Callable[[Path, type[Acts]], Database], command_line: Actor, tmp_path: Path
) -> None:
    """With our courses on SQLite, and in the long form on both; with those of the tests on PostgreSQL."""
    is_ours = request.node.callspec.id == "sqlite" or FORM == "long"
    courses = COURSES if is_ours else write_library(tmp_path / "courses", GOOD)
    one_by_one, in_bulk = make(courses, Acts), make(courses, BulkActs)
    _assert_equal(one_by_one, in_bulk)
    before = canonical(in_bulk)
    with in_bulk.transaction() as session:
        rebuild(session, command_line)
    after = canonical(in_bulk)
    assert after.pop("lms_audit_entries")[:-1] == before.pop("lms_audit_entries")
    assert after == before


def test_courses_that_run_out_are_renewed_alike(make: Callable[[Path, type[Acts]], Database], tmp_path: Path) -> None:
    """Also with a time limit, a critical question, a second language, a draw by kind, and one course after another."""
    course = str(GOOD["basics/course.yaml"]) + "renewal_months: 6\n"
    quiz = str(GOOD["basics/quiz.yaml"]).replace("critical: true", "critical: true\n        tags: [forms]", 1)
    quiz = quiz.replace("draw: 1", "draw: [{count: 1, competency: PC1}]")
    folder = write_library(tmp_path / "courses", GOOD | {"basics/course.yaml": course, "basics/quiz.yaml": quiz})
    one_by_one, in_bulk = make(folder, Acts), make(folder, _SmallSlices)
    _assert_equal(one_by_one, in_bulk)
    with in_bulk.read() as session:
        assert session.scalar(select(func.max(Enrolment.period))) > 1


def test_only_what_is_left_to_chance_is_masked() -> None:
    columns = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}
    assert columns >= MASKED.keys()
