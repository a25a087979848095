"""True or false: a statement to judge; full mark or none. With `negative: true` a wrong judgement costs the mark."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from lms.questions import choices
from lms.questions.base import STRICT, Body, Key, QuestionType, Render, SourceFault, Value, Weigh
from lms.questions.texts import check_same_feedback

JUDGEMENTS = ("true", "false")


@dataclass(frozen=True)
class TrueFalseSource:
    """A statement, whether it is true, and what each of the two judgements teaches."""

    prompt: str
    right: bool
    if_true: str
    if_false: str
    feedback: str = ""
    negative: bool = False
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class TrueFalseTranslation:
    """The same texts in another language."""

    prompt: str
    if_true: str
    if_false: str
    feedback: str = ""
    __pydantic_config__ = STRICT


def _check(source: TrueFalseSource) -> Iterable[SourceFault]:
    for name in ("if_true", "if_false"):
        if not getattr(source, name).strip():
            yield SourceFault((name,), "say what this judgement teaches")


def _body(source: TrueFalseSource, render: Render) -> Body:
    return {"prompt": render(source.prompt), "negative": source.negative}


def _right(source: TrueFalseSource, *_translated: TrueFalseSource) -> Key:
    return {"right": [JUDGEMENTS[not source.right]], "negative": source.negative}


def _feedback(source: TrueFalseSource, render: Render) -> dict[str, Any]:
    options = {"true": render(source.if_true), "false": render(source.if_false)}
    return {"options": options, "general": render(source.feedback)}


def _translate(source: TrueFalseSource, other: TrueFalseTranslation) -> TrueFalseSource:
    return replace(source, **vars(other))


def _check_translation(source: TrueFalseSource, other: TrueFalseTranslation) -> Iterable[SourceFault]:
    yield from check_same_feedback(other, source)


def _order(_body: Body, _random: Random) -> list[str]:
    return list(JUDGEMENTS)


def _parse(values: Sequence[str], _body: Body, _order: Sequence[str]) -> Value:
    chosen = {value for value in values if value}
    if len(chosen) > 1 or not chosen <= set(JUDGEMENTS):
        raise ValueError("a statement is judged true or false, not both and nothing else")
    return chosen.pop() if chosen else None


def _sent(value: Value, _body: Body, _order: Sequence[str]) -> list[str]:
    return [] if value is None else [value]


def _mark(key: Key, value: Value) -> Fraction:
    if value is None or value in key["right"]:
        return Fraction(int(value is not None))
    return Fraction(-int(key["negative"]))


def _best(key: Key) -> Value:
    return key["right"][0]


def _slip(key: Key, _body: Body, _random: Random) -> Value:
    return next(value for value in JUDGEMENTS if value not in key["right"])


def _guess(body: Body, _order: Sequence[str], weigh: Weigh) -> Value:
    """A statement is taken for true where it weighs more than none."""
    stated, nothing = weigh("", [body["prompt"], ""])
    return JUDGEMENTS[stated < nothing]


def _pick_texts(_body: Body) -> dict[str, str]:
    return {value: value for value in JUDGEMENTS}


TYPE = QuestionType(
    name="true_false",
    source=TrueFalseSource,
    translation=TrueFalseTranslation,
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
    guess=_guess,
    picks=choices.picked_one,
    pick_texts=_pick_texts,
)
