"""Until when a course is asked of somebody."""

from datetime import date

import pytest

from lms.rules.assigning import due_for


@pytest.mark.parametrize(
    ("due_on", "asked_on", "expected"),
    [
        (None, date(2026, 11, 23), None),
        (date(2026, 12, 31), date(2026, 11, 23), date(2026, 12, 31)),
        (date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 22), date(2026, 11, 23), date(2026, 12, 21)),
    ],
)
def test_due_for(due_on, asked_on, expected) -> None:
    assert due_for(due_on, asked_on) == expected
