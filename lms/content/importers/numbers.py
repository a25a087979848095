"""Foreign numbers: an answer with how far from it still is right, exact and as quiz.yaml writes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lms.content.importers.ledger import Foreign, Part
from lms.content.importers.shaping import FULL, Answer, Text, begin, drop, one_feedback

_NUMBER = re.compile(r"\s*[-+]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:[eE][-+]?\d{1,2})?\s*\Z", re.ASCII)
_OURS = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?\Z", re.ASCII)
_FLOAT_DIGITS = 15  # of which a float is sure


@dataclass(frozen=True)
class Span:
    """A number, as `written` and as it is, and how far from it is right; `answer` has the rest.

    The tolerance may be a part of its own. What is written as we write it stays so: 12.50 has its zero.
    """

    answer: Answer
    target: Fraction
    tolerance: Fraction
    written: str = ""
    tolerance_part: Part | None = None


@dataclass(frozen=True)
class Unit:
    """A unit's name, and what turns a number in it into the answer's unit."""

    text: Text
    factor: Fraction
    factor_part: Part | None = None


def read_number(text: str) -> Fraction | None:
    """The number that is written with a point and without groups, or None."""
    return Fraction(text.strip()) if _NUMBER.match(text) else None


def written_number(number: Fraction) -> str | None:
    """The number as quiz.yaml writes it, or None where it has no such form."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    places = next((n for n in range(19) if (number * 10**n).denominator == 1), None)
    if places is None:
        return None
    digits = str(abs(number.numerator * 10**places // number.denominator)).rjust(places + 1, "0")
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    text = f"{'-' if number < 0 else ''}{whole}{'.' if part else ''}{part}"
    return text if _OURS.match(text) else None


def as_yaml(text: str) -> Any:
    """A written number as a whole number or a float where these are exact, else as text."""
    digits = text.strip("-").replace(".", "")
    if "." not in text:
        return int(text) if str(int(text)) == text else text
    plain = len(digits) <= _FLOAT_DIGITS and format(Decimal(repr(float(text))), "f") == text
    return float(text) if plain else text


def numeric(question: Foreign, prompt: Text, spans: Sequence[Span], general: Text, units: Sequence[Unit] = ()) -> None:
    """A number to write; of several answers the first that earns everything."""
    begin(question, "numeric", prompt)
    best = next((span for span in spans if span.answer.percent == FULL), None)
    if best is None:
        question.refuse("no number earns everything")
        return
    for span in spans:
        if span is not best:
            drop(span.answer, "one number with one tolerance is right here, and it earns everything or nothing")
            if span.tolerance_part is not None:
                span.tolerance_part.drop("it belongs to a number that was dropped")
    target = best.written if _OURS.match(best.written) else written_number(best.target)
    tolerance = written_number(abs(best.tolerance))
    if target is None or tolerance is None or best.answer.text.part is None:
        question.refuse("the number or its tolerance has more than 18 digits before or after the point")
        return
    for part in (best.answer.text.part, best.answer.weight, best.tolerance_part):
        if part is not None:
            part.carry()
    question.body["answer"] = as_yaml(target)
    if best.tolerance:
        question.body["tolerance"] = as_yaml(tolerance)
    if units:
        question.body["units"] = [_unit(question, unit) for unit in units]
    if figures := question.flag("figures", 0):
        question.body["figures"] = figures
    question.body["feedback"] = one_feedback([best.answer], general)


def _unit(question: Foreign, unit: Unit) -> dict[str, Any]:
    found: dict[str, Any] = {"text": unit.text.markdown()}
    exact = written_number(unit.factor)
    parts = f"{unit.factor.numerator}/{unit.factor.denominator}"
    if unit.factor <= 0 or (exact is None and len(parts) > 36):
        question.refuse("a unit has a factor that cannot be written")
    elif unit.factor != 1:
        found["factor"] = parts if exact is None else as_yaml(exact)
    if unit.factor_part is not None:
        unit.factor_part.carry()
    return found
