"""What the doctor says: a state, what it is about, what is, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from blinker import Namespace

# A host connects to this (sender: the app) and returns findings of its own, which are told with the plugin's.
examining = Namespace().signal("lms-examining")


class State(StrEnum):
    """`wrong` ends the command with 1; `advice` may be meant so."""

    OK = "ok"
    ADVICE = "advice"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's."""

    state: State
    about: str
    text: str
    advice: str = ""


def fine(about: str, text: str) -> Finding:
    """In order."""
    return Finding(State.OK, about, text)


def advise(about: str, text: str, what_to_do: str) -> Finding:
    """May be meant so; whoever did not mean it is told what to do."""
    return Finding(State.ADVICE, about, text, what_to_do)


def wrong(about: str, text: str, what_to_do: str) -> Finding:
    """Must be mended."""
    return Finding(State.WRONG, about, text, what_to_do)
