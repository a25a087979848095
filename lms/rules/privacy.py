"""Why data of people is kept, for how long, and when its time is over."""

from datetime import date, timedelta
from enum import StrEnum

from lms.rules.renewal import add_months


class Purpose(StrEnum):
    """What the data is for."""

    PERSON = "person"
    SIGNING_IN = "signing_in"
    LEARNING = "learning"
    QUIZZES = "quizzes"
    TASKS = "tasks"
    LEVELS = "levels"
    TALKS = "talks"
    PLANS = "plans"
    MAILS = "mails"
    TRACES = "traces"


class Basis(StrEnum):
    """Why it may be kept."""

    CONTRACT = "contract"  # the work contract, or the agreement with the partner organisation
    DUTY = "duty"  # the duty to show who was trained in what
    INTEREST = "interest"  # the interest to work safely and to answer for it


class Keep(StrEnum):
    """How long, in words; the periods are settings."""

    ATTEMPTS = "attempts"  # some years after the attempt
    LEAVERS = "leavers"  # some months after the person has left
    RECORDS = "records"  # some years after the person has left
    JOBS = "jobs"  # until the job behind it is swept


class Erasure(StrEnum):
    """What erasing the person does."""

    DELETED = "deleted"  # the row goes
    EMPTIED = "emptied"  # the columns named are emptied, the row stays
    WORDS = "words"  # what was written goes, that something was written stays
    KEPT = "kept"  # stays, under a number instead of a name


class Cause(StrEnum):
    """Why somebody was erased, wholly or in part."""

    REQUEST = "request"  # they asked, and HR accepted
    LEFT = "left"  # they left a while ago: what is no record goes
    OVER = "over"  # they left so long ago that the records' time is over too
    OPERATOR = "operator"  # on the command line


# What goes with each cause.
REACH = {
    Cause.REQUEST: frozenset(Keep), Cause.OPERATOR: frozenset(Keep), Cause.OVER: frozenset(Keep),
    Cause.LEFT: frozenset({Keep.ATTEMPTS, Keep.LEAVERS, Keep.JOBS}),
}  # fmt: skip

WHOLLY = tuple(cause for cause, keeps in REACH.items() if keeps == frozenset(Keep))


def is_over(began: date, months: int, on: date) -> bool:
    """Whether data whose time began on a day (the attempt was handed in, the person left) is no longer kept on another:
    it is kept for whole months, and goes on the day on which they are full."""
    return add_months(began, months) <= on


def surely_before(on: date, months: int) -> date:
    """What began before this day is over on `on`, whatever the lengths of the months: at most three days late."""
    return add_months(on, -months) - timedelta(days=3)
