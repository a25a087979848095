"""The status on a date, written as SQL and as Python, is one and the same."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lms.models import (
    Enrolment,
    Standing,
    application_state_on,
    has_status_on,
    is_overdue_on,
    renewal_state_on,
    status_on,
)
from lms.rules import standing as rule
from lms.services.standings import as_rule
from tests import world

# Days around the date that is asked for, and around the notice of renewal.
DAYS = st.sampled_from([None, -400, -61, -60, -59, -1, 0, 1, 59, 60, 61, 400])
DATES = (
    "due_on", "late_after", "started_on", "completed_on", "application_due_on", "handed_in_on", "returned_on",
    "certified_on", "expires_on", "waived_on", "withdrawn_on",
)  # fmt: skip
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(DATES, DAYS)), min_size=30, max_size=60)


def standing_rows(rows):
    fixed = {"assigned_on": world.TODAY, "reason": "assigned", "mandatory": False, "language": "", "attempts": 0}
    for number, days in enumerate(rows, start=1):
        dates = {name: None if day is None else world.TODAY + timedelta(days=day) for name, day in days.items()}
        yield {"enrolment_id": number, "changed_at": world.NOW, **fixed, **dates}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, shift=st.sampled_from([-60, -1, 0, 1, 60]))
def test_sql_and_python_agree(database, rows, shift) -> None:
    """The session is never committed: each example begins with empty tables."""
    on = world.TODAY + timedelta(days=shift)
    enrolments = [
        {"id": number, "ref": str(number), "person_id": 1, "course_id": 1, "period": number, "enrolled_at": world.NOW,
         "own_choice": True}
        for number in range(1, len(rows) + 1)
    ]  # fmt: skip
    with Session(database.engine) as session:
        session.execute(insert(Enrolment), enrolments)
        session.execute(insert(Standing), list(standing_rows(rows)))
        found = session.execute(select(Standing, *_said(on))).all()
        having = {status: set(session.scalars(_having(status, on))) for status in (*rule.Status, "no such status")}
        compared = [(as_rule(row), *cells) for row, *cells in found]
        ids = {status: {row.enrolment_id for row, of, *_ in found if of == status} for status in having}
        session.rollback()
    assert len(compared) == len(rows)
    for known, status, overdue, renewal, task in compared:
        wanted = (rule.status(known, on), rule.is_overdue(known, on), rule.renewal_state(known, on))
        assert (status, bool(overdue), renewal) == wanted, known
        assert task == rule.application_state(known, on), known
    assert having == ids


def _said(on):
    return status_on(on), is_overdue_on(on), renewal_state_on(on), application_state_on(on)


def _having(status, on):
    return select(Standing.enrolment_id).where(has_status_on(on, status))
