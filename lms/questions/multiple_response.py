"""Multiple response: choose all that apply; each right choice counts for, each wrong one against, never below zero."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from lms.questions import choices
from lms.questions.base import QuestionType, SourceFault, Value


def _check(source: choices.ChoiceSource) -> Iterable[SourceFault]:
    yield from choices.check_options(source)
    right = sum(option.right for option in source.options)
    if right == 0:
        yield SourceFault(("options",), "no option has `right: true`")
    elif right == len(source.options):
        yield SourceFault(("options",), "every option has `right: true`, so that there is nothing to decide")


def _parse(values: Sequence[str], body: dict[str, Any]) -> Value:
    return choices.known_ids([value for value in values if value], body) or None


def _mark(right: dict[str, Any], value: Value) -> Fraction:
    wanted, chosen = set(right["right"]), set(value or ())
    return max(Fraction(0), Fraction(len(chosen & wanted) - len(chosen - wanted), len(wanted)))


TYPE = QuestionType(
    name="multiple_response",
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
