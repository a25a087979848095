"""Single choice: one option of several is right; full mark or none."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from lms.questions import choices
from lms.questions.base import QuestionType, SourceFault, Value


def _check(source: choices.ChoiceSource) -> Iterable[SourceFault]:
    yield from choices.check_options(source)
    right = sum(option.right for option in source.options)
    if right != 1:
        yield SourceFault(("options",), f"exactly one option must have `right: true`, {right} have it")


def _parse(values: Sequence[str], body: dict[str, Any]) -> Value:
    chosen = choices.known_ids([value for value in values if value], body)
    if len(chosen) > 1:
        raise ValueError("one option can be chosen, not several")
    return chosen[0] if chosen else None


def _mark(right: dict[str, Any], value: Value) -> Fraction:
    return Fraction(int(value in right["right"]))


TYPE = QuestionType(
    name="single_choice",
    source=choices.ChoiceSource,
    translation=choices.ChoiceTranslation,
    check=_check,
    body=choices.choice_body,
    right=choices.choice_right,
    feedback=choices.choice_feedback,
    translate=choices.translate_choice,
    check_translation=choices.check_choice_translation,
    order=choices.order_options,
    parse=_parse,
    mark=_mark,
)
