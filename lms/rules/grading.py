"""Marks an attempt: exact fractions, so that the same answers always give the same mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

# Every question counts the same; percentages are rounded down, so that nobody passes by rounding.
MARKING_RULE = "equal-weights-1"


@dataclass(frozen=True)
class Marked:
    """One question's mark, at most 1 (below zero where a wrong answer costs), and whether it had to be right."""

    mark: Fraction
    critical: bool = False


@dataclass(frozen=True)
class Grade:
    """What an attempt earned: score out of possible as whole numbers of the smallest common part."""

    score: int
    possible: int
    percent: int
    critical_missed: int
    passed: bool


def grade(marked: Sequence[Marked], pass_percent: int) -> Grade:
    """Grade an attempt of at least one question; passed needs the percentage and every critical question.

    What wrong answers cost is taken from what others earned; nobody has less than nothing.
    """
    if not marked:
        raise ValueError("an attempt needs at least one question")
    total = max(Fraction(0), sum((item.mark for item in marked), Fraction(0)))
    share = total / len(marked)
    missed = sum(1 for item in marked if item.critical and item.mark < 1)
    return Grade(
        score=total.numerator,
        possible=total.denominator * len(marked),
        percent=int(share * 100),
        critical_missed=missed,
        passed=share * 100 >= pass_percent and missed == 0,
    )
