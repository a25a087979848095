"""Confidence-rated: one option, and how sure the learner is.

The mark is that of the option, full or none, and the sureness is there to think about. With `negative: true` it counts,
so that saying what one believes pays best: right earns 1/3, 2/3 or 1, wrong costs 0, 2/3 or 2 (certainty-based marking:
Gardner-Medwin, "Confidence assessment in the teaching of basic science", ALT-J 3, 1995; here divided by three).
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from lms.questions import choices, single_choice
from lms.questions.base import Body, Key, Value, Weigh

SURENESS = ("1", "2", "3")  # a guess, fairly sure, sure
_EARNED = {"1": Fraction(1, 3), "2": Fraction(2, 3), "3": Fraction(1)}
_COST = {"1": Fraction(0), "2": Fraction(2, 3), "3": Fraction(2)}


def _parse(values: Sequence[str], body: Body, order: Sequence[str]) -> Value:
    sure = [value.removeprefix("sure=") for value in values if value.startswith("sure=")]
    if len(set(sure)) > 1 or not set(sure) <= set(SURENESS):
        raise ValueError("how sure you are is one of three")
    chosen = choices.parse_one([value for value in values if not value.startswith("sure=")], body, order)
    return {"option": chosen, "sure": sure[0] if sure else ""} if chosen or sure else None


def _sent(value: Value, _body: Body, order: Sequence[str]) -> list[str]:
    if value is None:
        return []
    return [*choices.places([value["option"]], order), *([f"sure={value['sure']}"] if value["sure"] else [])]


def _mark(key: Key, value: Value) -> Fraction:
    """Without a word on how sure they are, people are taken to guess."""
    if value is None or value["option"] is None:
        return Fraction(0)
    is_right, sure = value["option"] in key["right"], value["sure"] or SURENESS[0]
    if key.get("negative"):
        return _EARNED[sure] if is_right else -_COST[sure]
    return Fraction(int(is_right))


def _best(key: Key) -> Value:
    return {"option": single_choice.best(key), "sure": SURENESS[-1]}


def _slip(key: Key, body: Body, random: Random) -> Value:
    return {"option": single_choice.slip(key, body, random), "sure": SURENESS[0]}


def _guess(body: Body, order: Sequence[str], weigh: Weigh) -> Value:
    return {"option": choices.guess_one(body, order, weigh), "sure": SURENESS[0]}


TYPE = replace(
    single_choice.TYPE,
    name="confidence",
    parse=_parse,
    sent=_sent,
    mark=_mark,
    best=_best,
    slip=_slip,
    guess=_guess,
    picks=choices.picked_option,
)
