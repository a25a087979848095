"""The status of an enrolment on a date, every state by table."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.standing import RenewalState, Standing, Status, is_overdue, renewal_state, status

ON = date(2026, 11, 23)
DAY = timedelta(days=1)


def standing(**dates: date | None) -> Standing:
    return Standing(assigned_on=date(2026, 9, 1), reason="role", **dates)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, Status.ASSIGNED),
        ({"started_on": ON}, Status.IN_PROGRESS),
        ({"started_on": ON + DAY}, Status.ASSIGNED),
        ({"started_on": ON, "withdrawn_on": ON}, Status.WITHDRAWN),
        ({"withdrawn_on": ON + DAY}, Status.ASSIGNED),
        ({"started_on": ON - DAY, "completed_on": ON}, Status.COMPLETED),
        ({"started_on": ON - DAY, "completed_on": ON + DAY}, Status.IN_PROGRESS),
        ({"completed_on": ON - DAY, "application_due_on": ON + DAY}, Status.COMPLETED),
        ({"completed_on": ON - DAY, "certified_on": ON}, Status.CERTIFIED),
        ({"completed_on": ON - DAY, "certified_on": ON + DAY}, Status.COMPLETED),
        ({"completed_on": ON - DAY, "expires_on": ON + DAY}, Status.COMPLETED),
        ({"completed_on": ON - DAY, "expires_on": ON}, Status.EXPIRED),
        ({"completed_on": ON - DAY, "certified_on": ON - DAY, "expires_on": ON}, Status.EXPIRED),
        ({"waived_on": ON}, Status.WAIVED),
        ({"waived_on": ON, "completed_on": ON - DAY}, Status.WAIVED),
        ({"waived_on": ON + DAY, "completed_on": ON}, Status.COMPLETED),
        ({"completed_on": ON, "withdrawn_on": ON}, Status.COMPLETED),
    ],
)
def test_status(dates: dict[str, date], expected: Status) -> None:
    assert status(standing(**dates), ON) is expected


def test_every_status_is_in_the_table() -> None:
    [table] = [mark for mark in test_status.pytestmark if mark.name == "parametrize"]
    assert {expected for _dates, expected in table.args[1]} == set(Status)


@pytest.mark.parametrize(
    ("dates", "overdue"),
    [
        ({"due_on": ON}, False),  # the due date itself is in time
        ({"late_after": ON - DAY}, True),
        ({"late_after": ON - DAY, "started_on": ON - DAY}, True),
        ({"late_after": ON - DAY, "completed_on": ON}, False),
        ({"late_after": ON - DAY, "completed_on": ON + DAY}, True),
        ({"late_after": ON - DAY, "withdrawn_on": ON}, True),  # the due date stands while somebody still asks
        ({"late_after": ON - DAY, "waived_on": ON}, False),
        ({"late_after": ON - DAY, "completed_on": ON - DAY, "expires_on": ON}, False),  # it asks for renewal instead
        ({"started_on": ON}, False),  # nobody set a date
    ],
)
def test_overdue(dates: dict[str, date], overdue: bool) -> None:
    assert is_overdue(standing(**dates), ON) is overdue


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, RenewalState.NONE),
        ({"completed_on": ON}, RenewalState.NONE),
        ({"completed_on": ON + DAY, "expires_on": ON + 365 * DAY}, RenewalState.NONE),
        ({"completed_on": ON, "expires_on": ON + 61 * DAY}, RenewalState.CURRENT),
        ({"completed_on": ON, "expires_on": ON + 60 * DAY}, RenewalState.DUE_SOON),
        ({"completed_on": ON - DAY, "expires_on": ON + DAY}, RenewalState.DUE_SOON),
        ({"completed_on": ON - DAY, "expires_on": ON}, RenewalState.OVERDUE),
    ],
)
def test_renewal(dates: dict[str, date], expected: RenewalState) -> None:
    assert renewal_state(standing(**dates), ON) is expected


DATES = st.none() | st.dates(ON - 90 * DAY, ON + 90 * DAY)
FIELDS = ("due_on", "started_on", "completed_on", "certified_on", "expires_on", "waived_on", "withdrawn_on")


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, DATES)), st.dates(ON - 120 * DAY, ON + 120 * DAY))
def test_expired_asks_for_renewal_and_overdue_waits(dates: dict[str, date | None], on: date) -> None:
    given_standing = standing(**dates)
    found = status(given_standing, on)
    if found is Status.EXPIRED:
        assert renewal_state(given_standing, on) is RenewalState.OVERDUE
    if is_overdue(given_standing, on):
        assert found in (Status.ASSIGNED, Status.IN_PROGRESS, Status.WITHDRAWN)
