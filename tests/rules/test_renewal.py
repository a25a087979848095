"""How long a completion counts: month ends, leap days, and the order of dates is kept."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.renewal import add_months, expires_on

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(-240, 240)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 10, 31), 4, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 2, 28), 24, date(2028, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 7, 1), 0, date(2026, 7, 1)),
        (date(2026, 7, 1), -12, date(2025, 7, 1)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2099, 12, 31), 2, date(2100, 2, 28)),  # 2100 is no leap year
    ],
)
def test_months_later(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_what_is_not_renewed_counts_for_ever() -> None:
    assert expires_on(date(2026, 11, 23), None) is None


def test_the_first_day_on_which_it_no_longer_counts() -> None:
    assert expires_on(date(2026, 11, 23), 24) == date(2028, 11, 23)
    assert expires_on(date(2028, 2, 29), 12) == date(2029, 2, 28)


@given(DAYS, DAYS, MONTHS)
def test_who_completes_later_expires_no_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@given(DAYS, MONTHS)
def test_more_months_are_later(day: date, months: int) -> None:
    assert add_months(day, months) < add_months(day, months + 1)


@given(DAYS, MONTHS)
def test_the_month_is_the_one_asked_for_and_the_day_is_kept_or_the_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or (later.day < day.day and add_months(later.replace(day=1), 1).toordinal()
                                    == later.toordinal() + 1)  # fmt: skip
