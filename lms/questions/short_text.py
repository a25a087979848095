"""Short text: a word or a few; right where it is one of the forms that the author lists, full mark or none.

An accepted form in any language of the course counts. What somebody wrote is free text: it is counted nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random
from typing import Any

from lms.questions import texts
from lms.questions.base import STRICT, Body, Key, QuestionType, Render, SourceFault, Value


@dataclass(frozen=True)
class ShortTextSource:
    """A prompt and the accepted forms; `ignore` says what may differ."""

    prompt: str
    accept: list[str]
    feedback: str
    ignore: list[texts.Ignored] = field(default_factory=lambda: ["case"])
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class ShortTextTranslation:
    """The same in another language, with its own accepted forms."""

    prompt: str
    accept: list[str]
    feedback: str
    __pydantic_config__ = STRICT


def _check(source: ShortTextSource) -> Iterable[SourceFault]:
    yield from texts.check_forms(source.accept, source.ignore, ("accept",))
    yield from texts.check_feedback(source.feedback)


def _body(source: ShortTextSource, render: Render) -> Body:
    return {"prompt": render(source.prompt)}


def _right(source: ShortTextSource, *translated: ShortTextSource) -> Key:
    return {"accept": texts.all_forms(one.accept for one in (source, *translated)), "ignore": list(source.ignore)}


def _feedback(source: ShortTextSource, render: Render) -> dict[str, Any]:
    return {"general": render(source.feedback)}


def _translate(source: ShortTextSource, other: ShortTextTranslation) -> ShortTextSource:
    return replace(source, **vars(other))


def _check_translation(_source: ShortTextSource, _other: ShortTextTranslation) -> Iterable[SourceFault]:
    return ()  # its forms and its feedback are checked as those of the source are


def _order(_body: Body, _random: Random) -> list[str]:
    return []


def _parse(values: Sequence[str], _body: Body, _order: Sequence[str]) -> Value:
    given = [value for value in map(texts.written, values) if value]
    if len(given) > 1:
        raise ValueError("one text is asked for, not several")
    return given[0] if given else None


def _sent(value: Value, _body: Body, _order: Sequence[str]) -> list[str]:
    return [] if value is None else [value]


def _mark(key: Key, value: Value) -> Fraction:
    return Fraction(int(value is not None and texts.is_accepted(value, key["accept"], key["ignore"])))


def _best(key: Key) -> Value:
    return key["accept"][0]


def _slip(key: Key, _body: Body, _random: Random) -> Value:
    return texts.other_than(key["accept"], key["ignore"])


TYPE = QuestionType(
    name="short_text",
    source=ShortTextSource,
    translation=ShortTextTranslation,
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
