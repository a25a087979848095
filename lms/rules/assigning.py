"""Until when a course is asked of somebody."""

from datetime import date, timedelta

# Who comes into a unit after the date that was set for everybody gets this long.
NEWCOMERS_HAVE = timedelta(days=28)


def due_for(due_on: date | None, asked_on: date) -> date | None:
    """The due date of the assignment; once it has passed, 28 days from the day on which it is asked."""
    if due_on is None or due_on >= asked_on:
        return due_on
    return asked_on + NEWCOMERS_HAVE
