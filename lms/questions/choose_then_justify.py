"""Choose, then justify: one option, and the reason in the learner's own words.

The option earns the mark, full or none. The reason is read by nobody: after the attempt it stands beside a model
answer, and the learner compares the two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from lms.questions import choices, single_choice
from lms.questions.base import STRICT, Body, Key, Render, SourceFault, Value, Weigh

LONGEST = 600  # characters


@dataclass(frozen=True)
class JustifySource(choices.ChoiceSource):
    """A question with options, and a model answer to "why?"."""

    model: str = ""
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class JustifyTranslation(choices.ChoiceTranslation):
    """The same texts in another language."""

    model: str = ""
    __pydantic_config__ = STRICT


def _check(source: JustifySource) -> Iterable[SourceFault]:
    yield from single_choice.check(source)
    if not source.model.strip():
        yield SourceFault(("model",), "give a model answer: a good reason, as you would write it")


def _feedback(source: JustifySource, render: Render) -> dict[str, Any]:
    return {**choices.choice_feedback(source, render), "model": render(source.model)}


def _translate(source: JustifySource, other: JustifyTranslation) -> choices.ChoiceSource:
    return choices.translate_choice(replace(source, model=other.model), other)


def _parse(values: Sequence[str], body: Body, order: Sequence[str]) -> Value:
    """The reason is the last field of the form, and always sent with it."""
    reason = values[-1].strip() if values else ""
    if len(reason) > LONGEST:
        raise ValueError(f"a reason has at most {LONGEST} characters")
    chosen = choices.parse_one(values[:-1], body, order)
    return {"option": chosen, "reason": reason} if chosen or reason else None


def _sent(value: Value, _body: Body, order: Sequence[str]) -> list[str]:
    return [] if value is None else [*choices.places([value["option"]], order), value["reason"]]


def _mark(key: Key, value: Value) -> Fraction:
    return single_choice.mark(key, value and value["option"])


def _best(key: Key) -> Value:
    return {"option": single_choice.best(key), "reason": ""}


def _slip(key: Key, body: Body, random: Random) -> Value:
    return {"option": single_choice.slip(key, body, random), "reason": ""}


def _guess(body: Body, order: Sequence[str], weigh: Weigh) -> Value:
    return {"option": choices.guess_one(body, order, weigh), "reason": ""}


TYPE = replace(
    single_choice.TYPE,
    name="choose_then_justify",
    source=JustifySource,
    translation=JustifyTranslation,
    check=_check,
    feedback=_feedback,
    translate=_translate,
    parse=_parse,
    sent=_sent,
    mark=_mark,
    best=_best,
    slip=_slip,
    guess=_guess,
    picks=choices.picked_option,
)
