"""Assessment from two sides: whose ratings stand, when both sides see them, and what was agreed.

Everything follows from facts in the order in which they were recorded (`id`); in which order they arrive here does not
matter.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Side(StrEnum):
    """Who speaks: the person, or whoever is their line manager (for partner staff: named reviewer)."""

    SELF = "self"
    MANAGER = "manager"

    @property
    def other(self) -> "Side":
        """The one across the table."""
        return Side.MANAGER if self is Side.SELF else Side.SELF


class Confidence(StrEnum):
    """How sure somebody is of a rating of themselves."""

    SURE = "sure"
    FAIRLY = "fairly"
    UNSURE = "unsure"


class Act(StrEnum):
    """A step of the conversation on a competency."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    DIFFER = "differ"


class Stage(StrEnum):
    """Where an assessment stands."""

    OPEN = "open"  # nobody has handed in
    SELF_IN = "self_in"
    MANAGER_IN = "manager_in"
    BOTH_IN = "both_in"


@dataclass(frozen=True)
class Sheet:
    """What one side wrote, whole."""

    id: int
    side: Side
    handed_in: bool


@dataclass(frozen=True)
class Move:
    """A step of the conversation; `answers` is the proposal that is accepted."""

    id: int
    act: Act
    side: Side
    by: int  # a person
    level: int | None = None
    answers: int | None = None


@dataclass(frozen=True)
class Talk:
    """What the conversation on one competency came to."""

    agreed: Move | None = None  # the proposal that was accepted last: it holds until another is
    proposal: Move | None = None  # what waits for an answer
    differing: Mapping[Side, Move] = field(default_factory=dict)
    manager: int | None = None  # the person's manager now

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits for anybody: agreed, or both have said how they see it."""
        return self.proposal is None and (len(self.differing) == 2 or (self.agreed is not None and not self.differing))

    def may_accept(self, side: Side) -> bool:
        """Nobody accepts their own proposal."""
        return self.proposal is not None and self.proposal.side is not side

    def may_differ(self, side: Side) -> bool:
        """To say it again is of no use, but to a manager who did not say it; against an agreement only a new proposal
        helps."""
        said = self.differing.get(side)
        is_theirs = said is not None and (side is Side.SELF or said.by == self.manager)
        return not is_theirs and (self.agreed is None or bool(self.proposal) or bool(self.differing))


def standing(sheets: Iterable[Sheet]) -> dict[Side, Sheet]:
    """The sheet that stands for each side: its last one that was handed in before both were there."""
    found: dict[Side, Sheet] = {}
    for sheet in sorted(sheets, key=lambda sheet: sheet.id):
        if sheet.handed_in and len(found) < 2:
            found[sheet.side] = sheet
    return found


def stage(sides: Collection[Side]) -> Stage:
    """Where an assessment stands when these sides have handed in."""
    if len(sides) == 2:
        return Stage.BOTH_IN
    if not sides:
        return Stage.OPEN
    return Stage.SELF_IN if Side.SELF in sides else Stage.MANAGER_IN


def talk(moves: Iterable[Move], manager: int | None) -> Talk:
    """What the moves on one competency came to, when `manager` is the person's manager now.

    A proposal waits until it is accepted, seen differently, or followed by another; that of a former manager lapses.
    What was agreed stays so until something else is.
    """
    state = Talk()
    for move in sorted(moves, key=lambda move: move.id):
        state = _after(state, move)
    proposal = state.proposal
    if proposal is not None and proposal.side is Side.MANAGER and proposal.by != manager:
        return Talk(state.agreed, None, state.differing, manager)
    return replace(state, manager=manager)


def _after(state: Talk, move: Move) -> Talk:
    if move.act is Act.PROPOSE:
        return Talk(state.agreed, move)
    if move.act is Act.DIFFER:
        return Talk(state.agreed, None, {**state.differing, move.side: move})
    if state.may_accept(move.side) and state.proposal is not None and state.proposal.id == move.answers:
        return Talk(state.proposal)
    return state
