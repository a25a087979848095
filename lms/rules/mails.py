"""Kinds of mail, what can become of one, and why one is not sent; pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from lms.rules.working import wait_after

LONGEST_REST = timedelta(hours=1)
STALE = timedelta(days=14)  # news that is older is no news: a worker that was away for long tells nobody


class Kind(StrEnum):
    """What a mail tells."""

    INVITATION = "invitation"
    COURSE_ASSIGNED = "course_assigned"
    LEVEL_LAPSES = "level_lapses"
    LEVELS_MOVED = "levels_moved"  # a new framework made a level another
    MARKED_AGAIN = "marked_again"
    APPLICATION_DUE = "application_due"  # the learner is reminded of the task at work
    REVIEW_ASKED = "review_asked"  # a reviewer is asked to look at it, and reminded
    REVIEWED = "reviewed"  # the learner is told what the reviewer said
    CONFIRMATION_WITHDRAWN = "confirmation_withdrawn"  # both are told
    REMINDER = "reminder"  # what is due, late or runs out: one mail for all of it
    ENTRY_SETTLED = "entry_settled"  # evidence that was entered is accepted, refused or withdrawn
    PLAN = "plan"
    BOTH_RATED = "both_rated"
    DELEGATION = "delegation"  # a deputy is told that they stand in for a line manager, and that it was taken back
    PEER_ASKED = "peer_asked"  # what a colleague saw


OPTIONAL = (Kind.LEVEL_LAPSES, Kind.REMINDER)  # the others ask for something, or tell what changed in the record
PARTLY = (Kind.REMINDER,)  # of these, what is a duty is told all the same
WEEKLY = "weekly"  # no kind, but a choice: reminders once a week


class Event(StrEnum):
    """What became of a mail; the last one is its state."""

    SENDING = "sending"  # recorded before the dialogue with the mail server begins
    SENT = "sent"  # the server took it
    KEPT = "kept"  # written to a file, where there is no server
    PUT_OFF = "put_off"  # the server did not take it; it will be tried again
    PERHAPS_SENT = "perhaps_sent"  # the line or the worker broke in the middle; sent again under the same Message-ID
    NOT_SENT = "not_sent"


class Reason(StrEnum):
    """Why a mail is not sent."""

    ERASED = "erased"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    LEFT = "left"
    TOO_OLD = "too_old"
    QUIET = "quiet"  # it is night or a day of rest where the person works; told anew when it is over
    SWITCHED_OFF = "switched_off"
    NOT_TRUE = "not_true"  # the course was taken back, the level was renewed
    NO_LINK = "no_link"  # the host gave none: the person has an account already, or the host invites nobody
    REFUSED = "refused"  # by the mail server, for good
    OUT_OF_REACH = "out_of_reach"  # put off: there is no line to the mail server, or it does not let us in


def rest_after(failures: int) -> timedelta:
    """How long all mail is left alone after the server was out of reach so many times in a row: 1 minute, 4, 16, and
    then an hour each time, so that whoever mends it does not wait for long."""
    return min(wait_after(failures), LONGEST_REST)


def is_stale(written_at: datetime, now: datetime) -> bool:
    """Whether a mail was written too long ago to be sent."""
    return now - written_at > STALE
