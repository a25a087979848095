"""Why data of people is kept, for how long, and when its time is over."""

from datetime import date
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


# How many months each class is kept where the installation says nothing else.
MONTHS = {Keep.ATTEMPTS: 24, Keep.LEAVERS: 12, Keep.RECORDS: 72}


def is_over(began: date, months: int, on: date) -> bool:
    """Whether data whose time began on a day (the attempt was handed in, the person left) is no longer kept on another:
    it is kept for whole months, and goes on the day on which they are full."""
    return add_months(began, months) <= on
