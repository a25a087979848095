"""How long a completion counts."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month (31 January + 1 month = 28 or 29 February)."""
    month0 = day.year * 12 + day.month - 1 + months
    year, month = divmod(month0, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def expires_on(completed_on: date, renewal_months: int | None) -> date | None:
    """The first day on which a completion no longer counts; None where it counts for ever."""
    return None if renewal_months is None else add_months(completed_on, renewal_months)
