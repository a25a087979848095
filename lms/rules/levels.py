"""The competency level that evidence supports on a date, and why.

What each level needs is data of the framework (`needs` of its levels, lms/rules/needs.py); the rule that is shipped is
that of domain/framework.md and corrections.md point 7. Results of other makes (what somebody says of themselves, what a
manager says) are not evidence and never come in here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.rules.needs import Kind, Lack, LackSome, Need, Proof, as_list, read_need
from lms.rules.renewal import add_months
from lms.rules.standing import RENEWAL_NOTICE

TOP = 4


class Aggregation(StrEnum):
    """How the conditions of the levels make one level."""

    HIGHEST = "highest"  # the highest level whose own condition holds
    CUMULATIVE = "cumulative"  # the highest level up to which every condition holds


class Verdict(StrEnum):
    """What a piece of evidence does for the level."""

    NEEDED = "needed"  # without it the level would be lower
    SUPPORTS = "supports"  # counts, but the level would stand without it
    TOWARDS = "towards"  # counts for a higher level only, which is not reached
    UNUSED = "unused"  # the rule asks for nothing of its kind
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_YET = "not_yet"  # true only from a later date


class Freshness(StrEnum):
    """How a piece of evidence ages."""

    LASTING = "lasting"  # it does not run out
    FRESH = "fresh"
    AGEING = "ageing"  # it runs out within the notice
    RUN_OUT = "run_out"


@dataclass(frozen=True)
class Rule:
    """What each level needs, how the levels add up, and after how many months evidence of a kind runs out."""

    needs: tuple[Need, Need, Need, Need]
    aggregation: Aggregation
    ageing: Mapping[Kind, int]


@dataclass(frozen=True)
class Judged:
    """A piece of evidence and what it does; `towards` is the lowest level that asks for it, None where none does."""

    proof: Proof
    verdict: Verdict
    freshness: Freshness
    towards: int | None


@dataclass(frozen=True)
class Explanation:
    """A level, each piece of evidence's part in it, when it lapses and what the next level needs."""

    level: int
    judged: tuple[Judged, ...]
    missing: tuple[Lack | LackSome, ...]
    lapses_on: date | None  # the level falls on this day unless something is renewed

    def lapses_soon(self, on: date) -> bool:
        """Whether the level falls within the notice."""
        return self.lapses_on is not None and self.lapses_on <= on + RENEWAL_NOTICE


_PRACTICE = ["task", "observation"]
SHIPPED: dict[str, Any] = {
    "aggregation": "highest",
    "ageing": {"task": 36, "observation": 24, "outside": 36, "equivalency": 36, "agreed": 18},
    "needs": [
        {"kinds": ["course", "outside", "equivalency", "task"]},
        {"kinds": ["task"]},
        {
            "all": [
                {"level": 2},
                {"kinds": _PRACTICE, "situations": 2},
                {"kinds": _PRACTICE, "partner_voice": True},
            ]
        },
        {"all": [{"level": 3}, {"kinds": _PRACTICE, "beyond_own_team": True}]},
    ],
}


def read_rule(framework: Mapping[str, Any]) -> Rule:
    """The rule of a framework's data; what it does not say is as shipped. Raises ValueError for what cannot be."""
    needs: list[Need] = []
    for number, shipped in enumerate(SHIPPED["needs"]):
        level = framework["levels"][number] if framework.get("levels") else {}
        needs.append(read_need(level.get("needs") or shipped, needs))
    ageing = framework.get("ageing") or SHIPPED["ageing"]
    return Rule(
        (needs[0], needs[1], needs[2], needs[3]),
        Aggregation(framework.get("aggregation") or SHIPPED["aggregation"]),
        {Kind(kind): months for kind, months in ageing.items()},
    )


SHIPPED_RULE = read_rule({})


def runs_out_on(rule: Rule, kind: Kind, effective_on: date) -> date | None:
    """The first day on which new evidence of a kind no longer counts; None where it does not age."""
    months = rule.ageing.get(kind)
    return add_months(effective_on, months) if months else None


def explain(proofs: Sequence[Proof], on: date, rule: Rule = SHIPPED_RULE) -> Explanation:
    """Explain the level on a date; the order of the evidence does not matter."""
    ordered = sorted(proofs, key=lambda proof: (proof.effective_on, proof.ref))
    live = [proof for proof in ordered if _is_live(proof, on)]
    level = _level(rule, live)
    return Explanation(
        level=level,
        judged=tuple(_judge(rule, proof, live, level, on) for proof in ordered),
        missing=as_list(rule.needs[level].lacks(live)) if level < TOP else (),
        lapses_on=_first_day(rule, ordered, on, lambda other: other < level),
    )


def level_on(proofs: Sequence[Proof], on: date, rule: Rule) -> int:
    """The level on a date."""
    return _level(rule, [proof for proof in proofs if _is_live(proof, on)])


def level_and_change(proofs: Sequence[Proof], on: date, rule: Rule = SHIPPED_RULE) -> tuple[int, date | None]:
    """The level on a date, and the first day after it on which it is another by what is known now."""
    level = level_on(proofs, on, rule)
    return level, _first_day(rule, proofs, on, lambda other: other != level)


def freshness(proof: Proof, on: date) -> Freshness:
    """How the piece has aged by a date."""
    if proof.expires_on is None:
        return Freshness.LASTING
    if proof.expires_on <= on:
        return Freshness.RUN_OUT
    return Freshness.AGEING if proof.expires_on <= on + RENEWAL_NOTICE else Freshness.FRESH


def _is_live(proof: Proof, on: date) -> bool:
    withdrawn = proof.withdrawn_on is not None and proof.withdrawn_on <= on
    expired = proof.expires_on is not None and proof.expires_on <= on
    return proof.effective_on <= on and not withdrawn and not expired


def _level(rule: Rule, live: Sequence[Proof]) -> int:
    if not live:
        return 0
    if rule.aggregation is Aggregation.HIGHEST:
        return next((level for level in range(TOP, 0, -1) if rule.needs[level - 1].holds(live)), 0)
    return next((level for level in range(TOP) if not rule.needs[level].holds(live)), TOP)


def _stands(rule: Rule, level: int, live: Sequence[Proof]) -> bool:
    """Whether less evidence still gives a level that more evidence gave: no higher one can be met."""
    lowest = level if rule.aggregation is Aggregation.HIGHEST else 1
    return all(rule.needs[number - 1].holds(live) for number in range(max(lowest, 1), level + 1))


def _judge(rule: Rule, proof: Proof, live: Sequence[Proof], level: int, on: date) -> Judged:
    towards = next(
        (number for number, need in enumerate(rule.needs, 1) if any(leaf.fits(proof) for leaf in need.leaves())), None
    )
    return Judged(proof, _verdict(rule, proof, live, level, on, towards), freshness(proof, on), towards)


def _verdict(rule: Rule, proof: Proof, live: Sequence[Proof], level: int, on: date, towards: int | None) -> Verdict:
    if proof.withdrawn_on is not None and proof.withdrawn_on <= on:
        return Verdict.WITHDRAWN
    if proof.effective_on > on:
        return Verdict.NOT_YET
    if proof.expires_on is not None and proof.expires_on <= on:
        return Verdict.EXPIRED
    if towards is None:
        return Verdict.UNUSED
    if not _stands(rule, level, [other for other in live if other is not proof]):
        return Verdict.NEEDED
    return Verdict.SUPPORTS if towards <= level else Verdict.TOWARDS


def _first_day(rule: Rule, proofs: Sequence[Proof], on: date, differs: Any) -> date | None:
    days = {day for p in proofs for day in (p.effective_on, p.expires_on, p.withdrawn_on) if day and day > on}
    for day in sorted(days):
        if differs(_level(rule, [proof for proof in proofs if _is_live(proof, day)])):
            return day
    return None
