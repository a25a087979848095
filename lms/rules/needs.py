"""What a level needs: trees of conditions on evidence, as data.

A condition wants pieces of evidence (`kinds`, and what they must show), or a number of other conditions (`all`, `any`,
`at_least` m `of` n). More evidence never makes a condition false, so that taking a piece away can only lower a level.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What evidence can be."""

    COURSE = "course"  # a passed course
    TASK = "task"  # a workplace task that somebody has seen in practice
    OBSERVATION = "observation"  # a checklist of indicators, filled in by who was there
    OUTSIDE = "outside"  # learned elsewhere
    EQUIVALENCY = "equivalency"  # HR takes something for a course
    AGREED = "agreed"  # the level on which learner and manager agreed


@dataclass(frozen=True)
class Proof:
    """One piece of evidence as the rule sees it."""

    ref: str
    kind: Kind
    effective_on: date
    expires_on: date | None = None
    withdrawn_on: date | None = None
    situation: str = ""
    partner_voice: bool = False
    beyond_own_team: bool = False


def _same(situation: str) -> str:
    """A situation without what is written differently from one time to the next: spaces and capitals."""
    return " ".join(situation.split()).casefold()


@dataclass(frozen=True)
class Pieces:
    """So many pieces of some kinds, from so many situations that are known to differ."""

    kinds: tuple[Kind, ...]
    pieces: int = 1
    situations: int = 0
    partner_voice: bool = False
    beyond_own_team: bool = False

    def fits(self, proof: Proof) -> bool:
        """Whether the piece is one of those that are wanted."""
        return (
            proof.kind in self.kinds
            and (proof.partner_voice or not self.partner_voice)
            and (proof.beyond_own_team or not self.beyond_own_team)
        )

    def leaves(self) -> Iterable["Pieces"]:
        """The conditions on pieces in it."""
        yield self

    def holds(self, live: Sequence[Proof]) -> bool:
        """Whether there are enough; it stops where there are."""
        pieces, situations = 0, set()
        for proof in live:
            if self.fits(proof):
                pieces += 1
                if self.situations and proof.situation:
                    situations.add(_same(proof.situation))
                if pieces >= self.pieces and len(situations) >= self.situations:
                    return True
        return False

    def lacks(self, live: Sequence[Proof]) -> "Lack | None":
        """What is not there yet; None where the condition holds. An unnamed situation may be any of the others."""
        fitting = [proof for proof in live if self.fits(proof)]
        pieces = max(0, self.pieces - len(fitting))
        situations = max(0, self.situations - len({_same(proof.situation) for proof in fitting if proof.situation}))
        if not pieces and not situations:
            return None
        from_another = situations > 0 and self.situations > 1
        return Lack(self.kinds, max(pieces, situations), from_another, self.partner_voice, self.beyond_own_team)


@dataclass(frozen=True)
class Some:
    """At least so many of some conditions."""

    count: int
    of: tuple["Need", ...]

    def leaves(self) -> Iterable[Pieces]:
        """The conditions on pieces in it."""
        for need in self.of:
            yield from need.leaves()

    def holds(self, live: Sequence[Proof]) -> bool:
        """Whether enough of them hold."""
        return sum(need.holds(live) for need in self.of) >= self.count

    def lacks(self, live: Sequence[Proof]) -> "LackSome | None":
        """Which conditions do not hold yet, and how many of them are wanted; None where enough hold."""
        unmet = tuple(lack for need in self.of if (lack := need.lacks(live)) is not None)
        wanted = self.count - (len(self.of) - len(unmet))
        return LackSome(wanted, unmet) if wanted > 0 else None


Need = Pieces | Some


@dataclass(frozen=True)
class Lack:
    """So many pieces more of these kinds; `from_another` says that their situation must be a different one."""

    kinds: tuple[Kind, ...]
    pieces: int
    from_another: bool = False
    partner_voice: bool = False
    beyond_own_team: bool = False


@dataclass(frozen=True)
class LackSome:
    """So many of these things are wanted."""

    count: int
    of: tuple["Lack | LackSome", ...]


def as_list(lack: Lack | LackSome | None) -> tuple[Lack | LackSome, ...]:
    """The things to do, where all of them are wanted, one by one."""
    if lack is None:
        return ()
    if isinstance(lack, LackSome) and lack.count == len(lack.of):
        return tuple(part for inner in lack.of for part in as_list(inner))
    return (lack,)


_FORMS = ("all", "any", "at_least", "level", "kinds")
_OF_PIECES = ("pieces", "situations", "partner_voice", "beyond_own_team")


def read_need(data: Mapping[str, Any], lower: Sequence[Need] = ()) -> Need:
    """A condition from its data; `lower` are those of the levels below, to which `{level: n}` refers.

    Raises ValueError with what is wrong, where the data cannot be a condition.
    """
    forms = [form for form in _FORMS if data.get(form) is not None]
    if len(forms) != 1:
        raise ValueError("a condition has exactly one of the keys all, any, at_least (with of), level and kinds")
    form = forms[0]
    if form != "kinds" and (more := [key for key in _OF_PIECES if data.get(key)]):
        raise ValueError(f"{more[0]} belongs to a condition with kinds, and this one has {form}")
    if form == "kinds":
        return _read_pieces(data)
    if form == "level":
        if not 1 <= data["level"] <= len(lower):
            raise ValueError(f"level {data['level']} is not below this one")
        return lower[int(data["level"]) - 1]
    parts = tuple(read_need(part, lower) for part in data.get("of" if form == "at_least" else form) or ())
    count = {"all": len(parts), "any": 1}.get(form) or data["at_least"]
    if not 1 <= count <= len(parts):
        raise ValueError(f"at least {count} of {len(parts)} conditions cannot be")
    return Some(count, parts)


def _read_pieces(data: Mapping[str, Any]) -> Pieces:
    pieces, situations = data.get("pieces") or 1, data.get("situations") or 0
    return Pieces(
        tuple(Kind(kind) for kind in data["kinds"]), max(pieces, situations), situations,
        bool(data.get("partner_voice")), bool(data.get("beyond_own_team")),
    )  # fmt: skip
