"""Matching: to each of the parts on the left one of those on the right; each right pair earns 1/n.

A part on the left has the id "1", "2", ...; one on the right "a", "b", ..., the author's pairs first. The drawn order
is that of the right parts; the left ones stand as the author wrote them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random
from string import ascii_lowercase
from typing import Any

from lms.questions.base import STRICT, Body, Key, QuestionType, Render, SourceFault, Value, Weigh
from lms.questions.texts import check_same_feedback, check_same_length, check_texts, folded, halves


@dataclass(frozen=True)
class Pair:
    """Two parts that belong together, and what the match teaches."""

    left: str
    right: str
    feedback: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class MatchingSource:
    """A prompt with pairs; `distractors` are right parts that match nothing. The same shape is a translation."""

    prompt: str
    pairs: list[Pair]
    distractors: list[str] = field(default_factory=list)
    feedback: str = ""
    __pydantic_config__ = STRICT


def _check(source: MatchingSource) -> Iterable[SourceFault]:
    if not 2 <= len(source.pairs) <= 8:
        yield SourceFault(("pairs",), f"2 to 8 pairs are needed, {len(source.pairs)} are given")
    if len(source.distractors) > 4:
        yield SourceFault(("distractors",), f"at most 4 distractors, {len(source.distractors)} are given")
    seen: dict[tuple[str, str], int] = {}
    for place, pair in enumerate(source.pairs):
        for side in ("left", "right"):
            text = folded(getattr(pair, side), ("case",))
            if text and (side, text) in seen:
                yield SourceFault(("pairs", place, side), f"the same text as in pair {seen[side, text] + 1}")
            seen.setdefault((side, text), place)
        if not pair.feedback.strip():
            yield SourceFault(("pairs", place, "feedback"), "a pair needs feedback")
    yield from check_texts(source.distractors, ("distractors",))
    for place, text in enumerate(source.distractors):
        if ("right", folded(text, ("case",))) in seen:
            yield SourceFault(("distractors", place), "the same text as in a pair")


def _part_ids(source: MatchingSource) -> list[str]:
    return list(ascii_lowercase[: len(source.pairs) + len(source.distractors)])


def _body(source: MatchingSource, render: Render) -> Body:
    texts = [*(pair.right for pair in source.pairs), *source.distractors]
    return {
        "prompt": render(source.prompt),
        "lefts": [{"id": str(n), "html": render(pair.left)} for n, pair in enumerate(source.pairs, start=1)],
        "parts": [{"id": i, "html": render(text)} for i, text in zip(_part_ids(source), texts, strict=True)],
    }


def _right(source: MatchingSource, *_translated: MatchingSource) -> Key:
    return {"right": {str(n): i for n, i in enumerate(ascii_lowercase[: len(source.pairs)], start=1)}}


def _feedback(source: MatchingSource, render: Render) -> dict[str, Any]:
    pairs = {str(n): render(pair.feedback) for n, pair in enumerate(source.pairs, start=1)}
    return {"pairs": pairs, "general": render(source.feedback)}


def _translate(source: MatchingSource, other: MatchingSource) -> MatchingSource:
    return replace(source, **vars(other))


def _check_translation(source: MatchingSource, other: MatchingSource) -> Iterable[SourceFault]:
    yield from check_same_length(other.pairs, source.pairs, ("pairs",))
    yield from check_same_length(other.distractors, source.distractors, ("distractors",))
    yield from check_same_feedback(other, source)


def _order(body: Body, random: Random) -> list[str]:
    ids = [part["id"] for part in body["parts"]]
    random.shuffle(ids)
    return ids


def _parse(values: Sequence[str], body: Body, order: Sequence[str]) -> Value:
    found: dict[str, str] = {}
    for value in values:
        if value:
            left, place = halves(value, len(body["lefts"]), len(order))
            if found.setdefault(str(left), order[place - 1]) != order[place - 1]:
                raise ValueError("each part has one match, not several")
    return found or None


def _sent(value: Value, body: Body, order: Sequence[str]) -> list[str]:
    if value is None:
        return []
    names = [left["id"] for left in body["lefts"]]
    return [f"{name}={order.index(value[name]) + 1}" if name in value else "" for name in names]


def _mark(key: Key, value: Value) -> Fraction:
    right = key["right"]
    return Fraction(sum((value or {}).get(left) == part for left, part in right.items()), len(right))


def _best(key: Key) -> Value:
    return dict(key["right"])


def _slip(key: Key, body: Body, random: Random) -> Value:
    ids = [part["id"] for part in body["parts"]]
    return {left: random.choice([i for i in ids if i != part]) for left, part in key["right"].items()}


def _guess(body: Body, order: Sequence[str], weigh: Weigh) -> Value:
    """The heaviest pair first, then the heaviest of the parts that are left: nobody takes a part twice."""
    texts = {part["id"]: part["html"] for part in body["parts"]}
    shown = [texts[i] for i in order]
    pairs = [
        (weight, left["id"], part)
        for left in body["lefts"]
        for weight, part in zip(weigh(left["html"], shown), order, strict=True)
    ]
    found: dict[str, str] = {}
    for _, left_id, part in sorted(pairs, reverse=True):
        if left_id not in found and part not in found.values():
            found[left_id] = part
    return found


def _picks(value: Value) -> list[str]:
    return [f"{left}={part}" for left, part in (value or {}).items()]


def _pick_texts(body: Body) -> dict[str, str]:
    return {
        f"{left['id']}={part['id']}": f"{left['html']} → {part['html']}"
        for left in body["lefts"]
        for part in body["parts"]
    }


TYPE = QuestionType(
    name="matching",
    source=MatchingSource,
    translation=MatchingSource,
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
