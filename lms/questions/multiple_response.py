"""Multiple response: choose all that apply; each right choice counts for, each wrong one against, never below zero.

With `negative: true` it can fall below zero, down to what a question is worth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from lms.questions import choices, single_choice
from lms.questions.base import Body, Key, SourceFault, Value, Weigh
from lms.questions.texts import check_parts


def _check(source: choices.ChoiceSource) -> Iterable[SourceFault]:
    yield from check_parts(source.options, "option", 2, 8)
    right = sum(option.right for option in source.options)
    if right == 0:
        yield SourceFault(("options",), "no option has `right: true`")
    elif right == len(source.options):
        yield SourceFault(("options",), "every option has `right: true`, so that there is nothing to decide")


def _parse(values: Sequence[str], body: Body, order: Sequence[str]) -> Value:
    chosen = {choices.place(value, order) for value in values if value}
    return [i for i in choices.shown_order(body) if i in chosen] or None


def _sent(value: Value, _body: Body, order: Sequence[str]) -> list[str]:
    return choices.places(value or (), order)


def _mark(key: Key, value: Value) -> Fraction:
    wanted, chosen = set(key["right"]), set(value or ())
    earned = Fraction(len(chosen & wanted) - len(chosen - wanted), len(wanted))
    return max(Fraction(-1 if key.get("negative") else 0), earned)


def _best(key: Key) -> Value:
    return list(key["right"])


def _slip(key: Key, body: Body, random: Random) -> Value:
    return [random.choice(choices.wrong_ids(key, body))]


def _guess(body: Body, order: Sequence[str], weigh: Weigh) -> Value:
    """The heavier half: about as many as are mostly right."""
    ranked = choices.by_weight(body["prompt"], choices.option_texts(body), order, weigh)
    half = ranked[: max(1, len(ranked) // 2)]
    return [i for i in choices.shown_order(body) if i in half]


def _picks(value: Value) -> list[str]:
    return list(value or ())


TYPE = replace(
    single_choice.TYPE,
    name="multiple_response",
    check=_check,
    parse=_parse,
    sent=_sent,
    mark=_mark,
    best=_best,
    slip=_slip,
    guess=_guess,
    picks=_picks,
)
