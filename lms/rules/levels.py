"""The competency level that evidence supports on a date, and why.

Level 1: a passed course. Level 2: a confirmed workplace task. Level 3: two confirmed tasks from different
situations, one of them with a partner's voice. Level 4: as level 3, with effect beyond the own team.
(domain/framework.md, corrections.md point 7.) Levels add up: a confirmed task also proves level 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TOP = 4


class Kind(StrEnum):
    """What evidence can be."""

    COURSE = "course"
    TASK = "task"


class Verdict(StrEnum):
    """What a piece of evidence does for the level."""

    NEEDED = "needed"  # without it the level would be lower
    SUPPORTS = "supports"  # counts, but the level would stand without it
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_YET = "not_yet"  # true only from a later date


class Missing(StrEnum):
    """What would lift the level."""

    COURSE = "course"
    TASK = "task"
    SECOND_SITUATION = "second_situation"
    PARTNER_VOICE = "partner_voice"
    BEYOND_OWN_TEAM = "beyond_own_team"


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


@dataclass(frozen=True)
class Judged:
    """A piece of evidence and what it does."""

    proof: Proof
    verdict: Verdict


@dataclass(frozen=True)
class Explanation:
    """A level, each piece of evidence's part in it, when it lapses and what the next level needs."""

    level: int
    judged: tuple[Judged, ...]
    missing: tuple[Missing, ...]
    lapses_on: date | None  # the level falls on this day unless something is renewed


def explain(proofs: Sequence[Proof], on: date) -> Explanation:
    """Explain the level on a date; the order of the evidence does not matter."""
    ordered = sorted(proofs, key=lambda proof: (proof.effective_on, proof.ref))
    level = _level([proof for proof in ordered if _is_live(proof, on)])
    return Explanation(
        level=level,
        judged=tuple(Judged(proof, _verdict(proof, ordered, level, on)) for proof in ordered),
        missing=_missing([proof for proof in ordered if _is_live(proof, on)], level),
        lapses_on=_lapses_on(ordered, level, on),
    )


def _is_live(proof: Proof, on: date) -> bool:
    withdrawn = proof.withdrawn_on is not None and proof.withdrawn_on <= on
    expired = proof.expires_on is not None and proof.expires_on <= on
    return proof.effective_on <= on and not withdrawn and not expired


def _level(live: Sequence[Proof]) -> int:
    tasks = [proof for proof in live if proof.kind is Kind.TASK]
    if not live:
        return 0
    if not tasks:
        return 1
    if _situations(tasks) < 2 or not any(task.partner_voice for task in tasks):
        return 2
    return 4 if any(task.beyond_own_team for task in tasks) else 3


def _situations(tasks: Sequence[Proof]) -> int:
    """How many situations are known to differ: an unnamed one may be any of the others."""
    return len({task.situation for task in tasks if task.situation})


def _verdict(proof: Proof, proofs: Sequence[Proof], level: int, on: date) -> Verdict:
    if proof.withdrawn_on is not None and proof.withdrawn_on <= on:
        return Verdict.WITHDRAWN
    if proof.effective_on > on:
        return Verdict.NOT_YET
    if proof.expires_on is not None and proof.expires_on <= on:
        return Verdict.EXPIRED
    others = [other for other in proofs if other is not proof and _is_live(other, on)]
    return Verdict.NEEDED if _level(others) < level else Verdict.SUPPORTS


def _missing(live: Sequence[Proof], level: int) -> tuple[Missing, ...]:
    if level == 0:
        return (Missing.COURSE,)
    if level == 1:
        return (Missing.TASK,)
    if level == 3:
        return (Missing.BEYOND_OWN_TEAM,)
    if level == TOP:
        return ()
    tasks = [proof for proof in live if proof.kind is Kind.TASK]
    missing = []
    if _situations(tasks) < 2:
        missing.append(Missing.SECOND_SITUATION)
    if not any(task.partner_voice for task in tasks):
        missing.append(Missing.PARTNER_VOICE)
    return tuple(missing)


def _lapses_on(proofs: Sequence[Proof], level: int, on: date) -> date | None:
    ends = {end for proof in proofs for end in (proof.expires_on, proof.withdrawn_on) if end and end > on}
    for day in sorted(ends):
        if _level([proof for proof in proofs if _is_live(proof, day)]) < level:
            return day
    return None
