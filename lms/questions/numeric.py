"""Numeric: a number within the author's tolerance, in one of the author's units, with the figures asked for; 1 or 0.

What was written is kept as it is, with the marks of its page (`written_numbers`); a text that is no number earns
nothing, and the page says so. Everything is exact: no float has a say in a mark.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from random import Random
from typing import Any

from lms.questions import texts
from lms.questions.base import STRICT, Body, Key, QuestionType, Render, SourceFault, Value
from lms.questions.written_numbers import PLAIN, check_marks, read_number

LONGEST = 60  # characters
MOST_FIGURES = 12
Written = str | int | float  # as YAML gives it; a float is taken as it is written
_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?\Z")
_PARTS = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18}|/[1-9][0-9]{0,17})?\Z")
_TOLERANCE = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?) ?(%?)\Z")


@dataclass(frozen=True)
class Unit:
    """A unit; a number in it times `factor` is a number in the answer's unit."""

    text: str
    factor: Written = 1
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class NumericSource:
    """A prompt, the number, and how near to it is right."""

    prompt: str
    answer: Written
    feedback: str
    tolerance: Written = 0
    units: list[Unit] = field(default_factory=list)
    figures: int = 0
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class NumericTranslation:
    """The texts in another language; `units` are their names, where there are any."""

    prompt: str
    feedback: str
    units: list[str] = field(default_factory=list)
    __pydantic_config__ = STRICT


def _check(source: NumericSource) -> Iterable[SourceFault]:
    faults = list(_check_numbers(source))
    yield from faults
    yield from texts.check_feedback(source.feedback)
    if len(source.units) > 8:
        yield SourceFault(("units",), f"at most 8 units, {len(source.units)} are given")
    found = texts.check_texts([unit.text for unit in source.units], ("units",), str.strip)
    yield from (SourceFault((*fault.path, "text"), fault.message) for fault in found)
    if not faults and source.figures:
        yield from _check_figures(source)


def _check_numbers(source: NumericSource) -> Iterable[SourceFault]:
    if not _DECIMAL.match(_text(source.answer)):
        yield SourceFault(("answer",), "the answer is a number like 12 or -0.5, with a point and without groups")
    if not _TOLERANCE.match(_text(source.tolerance)):
        yield SourceFault(("tolerance",), "a tolerance is a number like 0.5, or a part of the answer like 2 %")
    for place, unit in enumerate(source.units):
        factor = _text(unit.factor)
        if not _PARTS.match(factor) or Fraction(factor) == 0:
            yield SourceFault(("units", place, "factor"), "a factor is a number like 1000 or 0.001, or parts like 1/60")
        elif place == 0 and Fraction(factor) != 1:
            yield SourceFault(("units", 0, "factor"), "the first unit is the answer's own: its factor is 1")
    if not 0 <= source.figures <= MOST_FIGURES:
        yield SourceFault(("figures",), f"1 to {MOST_FIGURES} significant figures can be asked for")


def _check_figures(source: NumericSource) -> Iterable[SourceFault]:
    key = _right(source)
    if Fraction(key["target"]) == 0:
        yield SourceFault(("figures",), "0 has no significant figures; leave `figures` out")
    elif _mark(key, _best(key)) != 1:
        message = f"the answer with {source.figures} significant figures is not within the tolerance"
        yield SourceFault(("figures",), message)


def _text(number: Written) -> str:
    return str(number) if isinstance(number, str | int) else format(Decimal(repr(number)), "f")


def _body(source: NumericSource, render: Render) -> Body:
    units = [{"id": str(n), "html": render(unit.text)} for n, unit in enumerate(source.units, start=1)]
    return {"prompt": render(source.prompt), "units": units, "figures": source.figures}


def _right(source: NumericSource, *_translated: NumericSource) -> Key:
    """Numbers as texts, in the answer's unit; `low` and `high` count as right."""
    target = Fraction(_text(source.answer))
    found = _TOLERANCE.match(_text(source.tolerance))
    assert found, "checked before"
    span = Fraction(found[1]) * (abs(target) / 100 if found[2] else 1)
    return {
        "target": _text(source.answer),
        "low": str(target - span),
        "high": str(target + span),
        "factors": [_text(unit.factor) for unit in source.units],
        "figures": source.figures,
    }


def _feedback(source: NumericSource, render: Render) -> dict[str, Any]:
    return {"general": render(source.feedback)}


def _translate(source: NumericSource, other: NumericTranslation) -> NumericSource:
    units = [replace(unit, text=name) for unit, name in zip(source.units, other.units, strict=True)]
    return replace(source, prompt=other.prompt, feedback=other.feedback, units=units)


def _check_translation(source: NumericSource, other: NumericTranslation) -> Iterable[SourceFault]:
    yield from texts.check_same_length(other.units, source.units, ("units",))


def _order(_body: Body, _random: Random) -> list[str]:
    return []


def _parse(values: Sequence[str], body: Body, _order: Sequence[str]) -> Value:
    """The fields are the text, the unit where there are several, and the page's marks."""
    has_choice = len(body["units"]) > 1
    if not any(value.strip() for value in values):
        return None
    if len(values) != 2 + has_choice or not values[-1].startswith("marks="):
        raise ValueError("a number comes with the marks of its page")
    found = {"text": texts.written(values[0], LONGEST), "marks": check_marks(values[-1].removeprefix("marks="))}
    if has_choice and values[1]:
        if values[1] not in {f"unit={unit['id']}" for unit in body["units"]}:
            raise ValueError(f"there is no unit {values[1][:20]!r}")
        found["unit"] = values[1].removeprefix("unit=")
    return found if found["text"] or "unit" in found else None


def _sent(value: Value, body: Body, _order: Sequence[str]) -> list[str]:
    if value is None:
        return []
    unit = [f"unit={value['unit']}" if "unit" in value else ""] if len(body["units"]) > 1 else []
    return [value["text"], *unit, f"marks={value['marks']}"]


def _mark(key: Key, value: Value) -> Fraction:
    number = read_number(value["text"], value["marks"]) if value else None
    factors = key["factors"]
    if number is None or (len(factors) > 1 and "unit" not in value):
        return Fraction(0)
    if key["figures"] and not number.least_figures <= key["figures"] <= number.most_figures:
        return Fraction(0)
    factor = Fraction(factors[int(value.get("unit", 1)) - 1]) if factors else Fraction(1)
    return Fraction(int(Fraction(key["low"]) <= number.value * factor <= Fraction(key["high"])))


def _best(key: Key) -> Value:
    target, figures = Decimal(key["target"]), key["figures"]
    text = format(target, "f")
    if figures:
        rounded = Context(prec=figures, rounding=ROUND_HALF_EVEN).plus(target)
        text = format(rounded, f".{figures - 1}e")
        if -6 <= rounded.adjusted() < figures:
            text = format(rounded, f".{figures - 1 - rounded.adjusted()}f")
    return _answered(text, key)


def _slip(key: Key, _body: Body, random: Random) -> Value:
    """A number beyond what counts, in the answer's own unit."""
    return _answered(str(int(Fraction(key["high"])) + random.randint(2, 9)), key)


def _answered(text: str, key: Key) -> Value:
    return {"text": text, "marks": PLAIN} | ({"unit": "1"} if len(key["factors"]) > 1 else {})


TYPE = QuestionType(
    name="numeric",
    source=NumericSource,
    translation=NumericTranslation,
    check=_check,
    body=_body,
    right=_right,
    feedback=_feedback,
    translate=_translate,
    check_translation=_check_translation,
    order=_order,
    parse=_parse,
    sent=_sent,
    mark=_mark,
    best=_best,
    slip=_slip,
)
