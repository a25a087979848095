"""Ordering: each item gets its place. Points come from pairs: of every two items, are they the right way round?

The share of pairs in order is scaled so that half of them, which chance gives, earns nothing (Kendall's tau, never
below zero). A pair of which an item has no place, or both have the same, is not in order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from random import Random
from string import ascii_lowercase
from typing import Any

from lms.questions.base import STRICT, Body, Key, QuestionType, Render, SourceFault, Value, Weigh
from lms.questions.choices import by_weight
from lms.questions.texts import check_parts, check_same_feedback, check_same_length, halves


@dataclass(frozen=True)
class Item:
    """One thing to put in its place, and why it stands there."""

    text: str
    feedback: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class OrderingSource:
    """A prompt with items in the right order. The same shape is a translation."""

    prompt: str
    items: list[Item]
    feedback: str = ""
    __pydantic_config__ = STRICT


def _check(source: OrderingSource) -> Iterable[SourceFault]:
    yield from check_parts(source.items, "item", 3, 8)


def _body(source: OrderingSource, render: Render) -> Body:
    pairs = zip(ascii_lowercase, source.items, strict=False)
    return {"prompt": render(source.prompt), "items": [{"id": i, "html": render(item.text)} for i, item in pairs]}


def _right(source: OrderingSource, *_translated: OrderingSource) -> Key:
    return {"right": list(ascii_lowercase[: len(source.items)])}


def _feedback(source: OrderingSource, render: Render) -> dict[str, Any]:
    items = {i: render(item.feedback) for i, item in zip(ascii_lowercase, source.items, strict=False)}
    return {"items": items, "general": render(source.feedback)}


def _translate(source: OrderingSource, other: OrderingSource) -> OrderingSource:
    return replace(source, **vars(other))


def _check_translation(source: OrderingSource, other: OrderingSource) -> Iterable[SourceFault]:
    yield from check_same_length(other.items, source.items, ("items",))
    yield from check_same_feedback(other, source)


def _order(body: Body, random: Random) -> list[str]:
    """Never the right one, which would be an answer given away."""
    right = [item["id"] for item in body["items"]]
    drawn = list(right)
    while drawn == right:
        random.shuffle(drawn)
    return drawn


def _parse(values: Sequence[str], _body: Body, order: Sequence[str]) -> Value:
    ranks: dict[str, int] = {}
    for value in values:
        if value:
            place, rank = halves(value, len(order), len(order))
            if ranks.setdefault(order[place - 1], rank) != rank:
                raise ValueError("each item has one place, not several")
    return ranks or None


def _sent(value: Value, _body: Body, order: Sequence[str]) -> list[str]:
    if value is None:
        return []
    return [f"{place}={value[i]}" if i in value else "" for place, i in enumerate(order, start=1)]


def _mark(key: Key, value: Value) -> Fraction:
    ranks = value or {}
    pairs = list(combinations(key["right"], 2))
    in_order = sum(first in ranks and second in ranks and ranks[first] < ranks[second] for first, second in pairs)
    return max(Fraction(0), 2 * Fraction(in_order, len(pairs)) - 1)


def _best(key: Key) -> Value:
    return {i: rank for rank, i in enumerate(key["right"], start=1)}


def _slip(key: Key, _body: Body, random: Random) -> Value:
    """Any order, or that order backwards: one of the two has at most half of the pairs in order."""
    drawn = list(key["right"])
    random.shuffle(drawn)
    ranks = {i: rank for rank, i in enumerate(drawn, start=1)}
    return {i: len(drawn) + 1 - rank for i, rank in ranks.items()} if _mark(key, ranks) else ranks


def _guess(body: Body, order: Sequence[str], weigh: Weigh) -> Value:
    """The heaviest first."""
    texts = {item["id"]: item["html"] for item in body["items"]}
    return {i: rank for rank, i in enumerate(by_weight(body["prompt"], texts, order, weigh), start=1)}


def _picks(value: Value) -> list[str]:
    return [f"{i}={rank}" for i, rank in (value or {}).items()]


def _pick_texts(body: Body) -> dict[str, str]:
    items = body["items"]
    return {f"{item['id']}={rank}": f"{item['html']} → {rank}" for item in items for rank in range(1, len(items) + 1)}


TYPE = QuestionType(
    name="ordering",
    source=OrderingSource,
    translation=OrderingSource,
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
    picks=_picks,
    pick_texts=_pick_texts,
)
