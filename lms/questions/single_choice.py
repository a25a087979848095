"""Single choice: one option of several is right; full mark or none.

With `negative: true` a wrong choice costs 1/(n - 1) of the mark, n being the number of options: guessing earns nothing.
"""

from collections.abc import Iterable
from fractions import Fraction
from random import Random

from lms.questions import choices
from lms.questions.base import Body, Key, QuestionType, SourceFault, Value
from lms.questions.texts import check_parts


def check(source: choices.ChoiceSource) -> Iterable[SourceFault]:
    """Exactly one option is right."""
    yield from check_parts(source.options, "option", 2, 8)
    right = sum(option.right for option in source.options)
    if right != 1:
        yield SourceFault(("options",), f"exactly one option must have `right: true`, {right} have it")


def mark(key: Key, value: Value) -> Fraction:
    """Full mark or none, or less than none where the author asked for it."""
    if value in key["right"]:
        return Fraction(1)
    return Fraction(-1, key["negative"] - 1) if key.get("negative") and value is not None else Fraction(0)


def best(key: Key) -> Value:
    """The right option."""
    return key["right"][0]


def slip(key: Key, body: Body, random: Random) -> Value:
    """One of the wrong ones."""
    return random.choice(choices.wrong_ids(key, body))


TYPE = QuestionType(
    name="single_choice",
    source=choices.ChoiceSource,
    translation=choices.ChoiceTranslation,
    check=check,
    body=choices.choice_body,
    right=choices.choice_right,
    feedback=choices.choice_feedback,
    translate=choices.translate_choice,
    check_translation=choices.check_choice_translation,
    order=choices.order_options,
    parse=choices.parse_one,
    sent=choices.sent_one,
    mark=mark,
    best=best,
    slip=slip,
    guess=choices.guess_one,
    picks=choices.picked_one,
    pick_texts=choices.option_texts,
)
