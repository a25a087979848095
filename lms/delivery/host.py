"""The way out through the host: it is told whom to invite and whom to forget, because accounts are its own.

A host connects to `invited` (sender: the app; `people`: a list of (e-mail, name)) and returns one Invitation each; and
to `forgotten` (sender: the app; `emails`: a list), to delete the accounts of people who are erased.
"""

from dataclasses import dataclass
from typing import Any

from blinker import Namespace

_signals = Namespace()
invited = _signals.signal("lms-invited")
forgotten = _signals.signal("lms-forgotten")


@dataclass(frozen=True)
class Invitation:
    """What the host did: the link by which the person signs in for the first time, and whether a mail carries it."""

    email: str
    link: str
    sent: bool


def invite(app: Any, people: list[tuple[str, str]]) -> list[Invitation]:
    """Tell the host; empty when it invites nobody by itself."""
    answers = invited.send(app, people=people) if people else []
    return [invitation for _receiver, invitations in answers for invitation in invitations or []]


def forget(app: Any, emails: list[str]) -> None:
    """Tell the host that the accounts of these addresses go; the same again does nothing."""
    if emails:
        forgotten.send(app, emails=emails)
