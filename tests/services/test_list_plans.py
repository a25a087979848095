"""How SQLite finds the lists of a large organisation: by an index and only as far as a page goes.

What it does depends on how large it takes the tables to be, so it is told the sizes of ten thousand people.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from lms.db import Database
from lms.permissions import Actor, Grant, Role
from lms.services import assignments, records
from lms.services.records import RecordFilter
from tests import world

# As ANALYZE counted them: rows, and rows for each value of the index's first column, of its first two, ...
SIZES = {
    ("lms_people", "ix_lms_people_display_name"): "10000 3",
    ("lms_standings", "ix_lms_standings_completed_on"): "61220 104",
    ("lms_enrolments", "ix_lms_enrolments_holder_id_course_id_period"): "61220 7 1 1",
    ("lms_enrolments", "ix_lms_enrolments_course_id"): "61220 4373",
    ("lms_posts", "uq_lms_posts_latest"): "10000 1",
    ("lms_posts", "ix_lms_posts_unit_id"): "10670 21",
    ("lms_assignments", "ix_lms_assignments_unit_id"): "445 64",
    ("lms_enrolment_assignments", "ix_lms_enrolment_assignments_assignment"): "58329 132 1",
}
EVERYWHERE = Actor(1, world.NOW, (Grant(Role.LEARNER), Grant(Role.HR_OFFICER)))
LARGE = ("lms_standings", "lms_enrolments", "lms_enrolment_assignments", "lms_posts", "lms_completions")


@pytest.fixture
def large(sqlite: Database) -> Database:
    """The small organisation, which SQLite takes for one of ten thousand people."""
    with sqlite.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        for (table, index), sizes in SIZES.items():
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, sizes))
        connection.commit()
    sqlite.dispose()  # a connection reads the sizes when it is opened
    return sqlite


def questions(database: Database, act: Callable[..., object], **given: object) -> list[tuple[str, object]]:
    """All that an act asks, with its values."""
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as session:
        act(session, EVERYWHERE, **given)
    event.remove(database.engine, "before_cursor_execute", note)
    return [(text, values) for text, values in asked if text.startswith("SELECT")]


def explain(database: Database, act: Callable[..., object], **given: object) -> list[str]:
    """The steps that SQLite takes for all that an act asks."""
    selects = questions(database, act, **given)
    with database.engine.connect() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values) for text, values in selects]
        return [row[3] for plan in plans for row in plan]


@pytest.mark.parametrize("status", ["", "overdue", "assigned", "in_progress", "completed"])
@pytest.mark.parametrize("page", [1, 3])
def test_records_are_walked_by_name_until_a_page_is_full(large: Database, status: str, page: int) -> None:
    steps = explain(large, records.list_records, wanted=RecordFilter(status=status), page=page)
    assert "SCAN lms_people USING COVERING INDEX ix_lms_people_display_name" in steps
    assert not [step for step in steps if step.startswith("BLOOM") or scans_all(step)], steps
    # The records of the page alone are sorted anew, and those of people with one name.
    assert steps.count("USE TEMP B-TREE FOR ORDER BY") <= 1, steps


def test_assignments_are_counted_in_an_index(large: Database) -> None:
    steps = explain(large, assignments.list_assignments, page=1, size=25)
    index = "ix_lms_enrolment_assignments_assignment (assignment_id=?)"
    assert f"SEARCH lms_enrolment_assignments USING COVERING INDEX {index}" in steps
    assert not [step for step in steps if scans_all(step) or "TEMP B-TREE" in step], steps


def test_lists_say_how_long_they_are(sqlite: Database) -> None:
    """PostgreSQL plans a statement anew at each call where it cannot see the LIMIT (docs/decisions/0022)."""
    of_assignments = questions(sqlite, assignments.list_assignments, page=1, size=25)
    of_records = questions(sqlite, records.list_records, wanted=RecordFilter(), page=1)
    assert "LIMIT 25 OFFSET 0" in of_assignments[0][0]
    assert "LIMIT 101" in of_records[0][0]


def scans_all(step: str) -> bool:
    return any(step.startswith(f"SCAN {table}") for table in LARGE)
