"""Self-rating: statements, each judged on a scale (Likert). There is no mark: the answers are for the learner alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from lms.questions.base import STRICT, Body, Key, QuestionType, Render, SourceFault, Value
from lms.questions.texts import check_feedback, check_list, check_same_length, halves


@dataclass(frozen=True)
class SelfRatingSource:
    """A prompt, the statements, and the labels of the scale. The same shape is a translation."""

    prompt: str
    statements: list[str]
    scale: list[str]
    feedback: str
    __pydantic_config__ = STRICT


def _check(source: SelfRatingSource) -> Iterable[SourceFault]:
    yield from check_list(source.statements, ("statements",), 1, 10, "statements")
    yield from check_list(source.scale, ("scale",), 2, 7, "labels")
    yield from check_feedback(source.feedback)


def _body(source: SelfRatingSource, render: Render) -> Body:
    return {
        "prompt": render(source.prompt),
        "statements": [render(text) for text in source.statements],
        "scale": [render(text) for text in source.scale],
    }


def _right(_source: SelfRatingSource, *_translated: SelfRatingSource) -> Key:
    return {}


def _feedback(source: SelfRatingSource, render: Render) -> dict[str, Any]:
    return {"general": render(source.feedback)}


def _translate(source: SelfRatingSource, other: SelfRatingSource) -> SelfRatingSource:
    return replace(source, **vars(other))


def _check_translation(source: SelfRatingSource, other: SelfRatingSource) -> Iterable[SourceFault]:
    yield from check_same_length(other.statements, source.statements, ("statements",))
    yield from check_same_length(other.scale, source.scale, ("scale",))


def _order(_body: Body, _random: Random) -> list[str]:
    return []


def _parse(values: Sequence[str], body: Body, _order: Sequence[str]) -> Value:
    found: dict[str, str] = {}
    for value in values:
        if value:
            statement, label = halves(value, len(body["statements"]), len(body["scale"]))
            if found.setdefault(str(statement), str(label)) != str(label):
                raise ValueError("each statement has one answer, not several")
    return found or None


def _sent(value: Value, body: Body, _order: Sequence[str]) -> list[str]:
    numbers = [str(number) for number in range(1, len(body["statements"]) + 1)]
    return [f"{number}={value[number]}" for number in numbers if number in (value or {})]


def _mark(_key: Key, _value: Value) -> Fraction:
    return Fraction(0)


def _best(_key: Key) -> Value:
    """Every self-rating has a first statement and a first label."""
    return {"1": "1"}


def _slip(_key: Key, body: Body, random: Random) -> Value:
    """There is nothing to know: anybody's answer."""
    return {str(n): str(random.randint(1, len(body["scale"]))) for n in range(1, len(body["statements"]) + 1)}


def _picks(value: Value) -> list[str]:
    return [f"{statement}={label}" for statement, label in (value or {}).items()]


def _pick_texts(body: Body) -> dict[str, str]:
    return {
        f"{n}={k}": f"{statement} → {label}"
        for n, statement in enumerate(body["statements"], start=1)
        for k, label in enumerate(body["scale"], start=1)
    }


TYPE = QuestionType(
    name="self_rating",
    source=SelfRatingSource,
    translation=SelfRatingSource,
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
    picks=_picks,
    pick_texts=_pick_texts,
    is_marked=False,
)
