"""Where a file of people stands, by what happened to it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Step(StrEnum):
    """What happens to a file, each once."""

    MAPPED = "mapped"  # what its headers mean was chosen: a worker reads it
    READ = "read"  # its differences are there
    UNREADABLE = "unreadable"
    TAKEN = "taken"  # by whoever sent it
    APPROVED = "approved"  # by somebody else, where it waited for that
    DROPPED = "dropped"
    DONE = "done"


class State(StrEnum):
    """What a file waits for, or how it ended."""

    COLUMNS = "columns"  # for its sender, who says what the headers mean
    READING = "reading"
    UNREADABLE = "unreadable"
    READY = "ready"  # for its sender, who has it taken in
    WAITING = "waiting"  # for a second person
    TAKING = "taking"
    DONE = "done"
    DROPPED = "dropped"


def is_effective(steps: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether it is to be written: taken, and approved where it waits for that. `steps`: kind -> data."""
    if Step.TAKEN not in steps or Step.READ not in steps or Step.DROPPED in steps:
        return False
    return Step.APPROVED in steps or not steps[Step.READ].get("waits_for")


def state_of(steps: Mapping[str, Mapping[str, Any]]) -> State:
    """Where a file stands."""
    for step, state in ((Step.DONE, State.DONE), (Step.DROPPED, State.DROPPED), (Step.UNREADABLE, State.UNREADABLE)):
        if step in steps:
            return state
    if is_effective(steps):
        return State.TAKING
    if Step.TAKEN in steps:
        return State.WAITING
    if Step.READ in steps:
        return State.READY
    return State.READING if Step.MAPPED in steps else State.COLUMNS
