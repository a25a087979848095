"""The stage of a development plan, and of which words it is: it follows from the dated acts of both sides.

Nothing here depends on the order in which acts arrive: they are put in the order of their moments first (and, within
one moment, of their numbers).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Side(StrEnum):
    """Whose act it is: of the person whose plan it is, or of whoever is their manager then."""

    LEARNER = "learner"
    MANAGER = "manager"


class Kind(StrEnum):
    """What a side can do to a plan as a whole."""

    SHARED = "shared"  # the learner's alone: from then on the manager reads it
    AGREED = "agreed"
    NOTED = "noted"  # a word of each side in the middle of the cycle
    CLOSED = "closed"
    CLOSED_ALONE = "closed_alone"  # by a learner who has no manager
    COMMENT = "comment"


class Stage(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    SHARED = "shared"
    AGREED = "agreed"
    CHANGED = "changed"  # both agreed, and its words are others since
    NOTED = "noted"
    CLOSED = "closed"


@dataclass(frozen=True)
class Act:
    """One act; `words` is the hash of the plan's words that it is about; not `holds`: it is taken back."""

    number: int  # of its record: of two at one moment the higher is the later
    kind: Kind
    side: Side
    at: datetime
    holds: bool = True
    words: str = ""


Last = Mapping[tuple[Kind, Side], Act]


@dataclass(frozen=True)
class PlanState:
    """The stage, and of each kind and side the act that holds; an agreement holds for the words that it is about."""

    stage: Stage
    words: str
    last: Last

    def found(self, kind: Kind, side: Side) -> Act | None:
        """The act of a side that holds: an agreement or a closing only while the words are those that it is about."""
        act = self.last.get((kind, side))
        if act is None or not act.holds:
            return None
        bound = kind in (Kind.AGREED, Kind.CLOSED) and self.stage is not Stage.CLOSED
        return None if bound and act.words != self.words else act

    @property
    def waits_for(self) -> tuple[Side, ...]:
        """Who has not agreed to the present words."""
        if self.stage in (Stage.DRAFT, Stage.CLOSED):
            return ()
        return tuple(side for side in Side if self.found(Kind.AGREED, side) is None)


def plan_state(acts: Sequence[Act], words: str) -> PlanState:
    """What follows from the acts for a plan whose words have the hash `words`.

    Once both sides have closed the same words, nothing that comes later changes it.
    """
    last: dict[tuple[Kind, Side], Act] = {}
    was_agreed = False
    for act in sorted(acts, key=lambda act: (act.at, act.number)):
        last[act.kind, act.side] = act
        was_agreed = was_agreed or _both(last, Kind.AGREED)
        if _is_closed(last):
            break
    return PlanState(_stage(last, words, was_agreed), words, last)


def _stage(last: Last, words: str, was_agreed: bool) -> Stage:
    if _is_closed(last):
        return Stage.CLOSED
    shared = last.get((Kind.SHARED, Side.LEARNER))
    if shared is None or not shared.holds:
        return Stage.DRAFT
    agreed = [last.get((Kind.AGREED, side)) for side in Side]
    if all(act is not None and act.holds and act.words == words for act in agreed):
        noted = [last.get((Kind.NOTED, side)) for side in Side]
        return Stage.NOTED if all(act is not None and act.holds for act in noted) else Stage.AGREED
    stands = was_agreed and all(act is not None and act.holds for act in agreed)
    return Stage.CHANGED if stands else Stage.SHARED


def _is_closed(last: Last) -> bool:
    alone = last.get((Kind.CLOSED_ALONE, Side.LEARNER))
    return _both(last, Kind.CLOSED) or (alone is not None and alone.holds)


def _both(last: Last, kind: Kind) -> bool:
    """Both sides did it, of the same words, and neither took it back."""
    one, other = (last.get((kind, side)) for side in Side)
    return one is not None and other is not None and one.holds and other.holds and one.words == other.words
