"""What stands between the braces of a GIFT question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from lms.content.importers import shaping
from lms.content.importers.gift_text import Slice
from lms.content.importers.heads import ESSAY
from lms.content.importers.ledger import Foreign, Part
from lms.content.importers.numbers import Span, numeric, read_number
from lms.content.importers.shaping import NOTHING, Answer, Text

STARTS = "the answers begin with none of `=`, `~`, `#`, `T` and `F`"
_JUDGEMENT = re.compile(r"(T|TRUE|F|FALSE)\s*\Z", re.IGNORECASE)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,9})?)%")


@dataclass(frozen=True)
class _Given:
    """One answer: its sign, its percentage, its text and feedback, and the parts that these are."""

    is_right: bool
    weight: tuple[Fraction, Part] | None
    text: Slice
    feedback: Slice | None


def read(question: Foreign, prompt: Text, inner: Slice, format: str) -> None:
    """Give the question its type by its answers."""
    general, inner = _general(question, inner, format)
    bare = inner.stripped()
    first = bare.cut("#")
    if not bare.raw:
        question.refuse(ESSAY)
    elif bare.raw.startswith("#"):
        _numeric(question, prompt, bare.part(bare.begin + 1, bare.end), general)
    elif _JUDGEMENT.match(first[0].raw.strip()):
        _judgement(question, prompt, first, general, format)
    elif bare.raw[0] not in "=~":
        question.part(bare.line, "answers", bare.raw)
        question.refuse(STARTS)
    else:
        _listed(question, prompt, bare, general, format)


def _general(question: Foreign, inner: Slice, format: str) -> tuple[Text, Slice]:
    """The feedback of the whole question after `####`."""
    place = next((at for at in inner.find("#") if inner.chunk.text.startswith("####", at)), None)
    if place is None:
        return NOTHING, inner
    return _feedback(question, inner.part(place + 4, inner.end), format), inner.part(inner.begin, place)


def _feedback(question: Foreign, written: Slice | None, format: str) -> Text:
    if written is None:
        return NOTHING
    named, rest = written.format(format)
    return Text(question.part(rest.line, "feedback", rest.text), rest.text, named) if rest.text else NOTHING


def _judgement(question: Foreign, prompt: Text, parts: Sequence[Slice], general: Text, format: str) -> None:
    """GIFT gives first what is shown to who judged wrongly, then what is shown to who judged rightly."""
    right = parts[0].raw.strip()[0] in "Tt"
    question.part(parts[0].line, "answer", parts[0].raw.strip()).carry()
    texts = [_feedback(question, part, format) for part in parts[1:]]
    wrong, good = [*texts, NOTHING, NOTHING][:2]
    if_true, if_false = (good, wrong) if right else (wrong, good)
    shaping.true_false(question, prompt, right=right, if_true=if_true, if_false=if_false, general=general)


def _split(question: Foreign, inner: Slice) -> list[_Given]:
    """The answers at their signs."""
    places = [*inner.find("[=~]"), inner.end]
    return [_one(question, inner, place, end) for place, end in pairwise(places)]


def _one(question: Foreign, inner: Slice, place: int, end: int) -> _Given:
    written = inner.part(place + 1, end)
    found = _WEIGHT.match(written.raw)
    weight = None
    if found:
        part = question.part(written.line, "weight", f"{found[1]} %")
        weight = (Fraction(found[1]), part)
        written = written.part(written.begin + found.end(), end)
    text, *feedback = written.cut("#")
    return _Given(inner.chunk.text[place] == "=", weight, text, text.part(feedback[0].begin, end) if feedback else None)


def _answer(question: Foreign, given: _Given, format: str) -> Answer:
    named, rest = given.text.format(format)
    part = question.part(rest.line, "answer", rest.text or "=~"[not given.is_right])
    percent, weight = given.weight or (shaping.FULL if given.is_right else Fraction(0), part)
    return Answer(Text(part, rest.text, named), percent, weight, _feedback(question, given.feedback, format))


def _listed(question: Foreign, prompt: Text, inner: Slice, general: Text, format: str) -> None:
    given = _split(question, inner)
    arrows = [next(one.text.find("->"), None) for one in given]
    if all(one.is_right for one in given) and all(arrow is not None for arrow in arrows):
        _matching(question, prompt, given, general, format)
    elif all(one.is_right for one in given):
        answers = [_answer(question, one, "plain") for one in given]
        shaping.short_text(question, prompt, shaping.without_wildcards(answers), general)
    else:
        answers = [_answer(question, one, format) for one in given]
        single = any(one.is_right for one in given)
        shaping.choice(question, prompt, answers, general, single=single)


def _matching(question: Foreign, prompt: Text, given: Sequence[_Given], general: Text, format: str) -> None:
    pairs = []
    for one in given:
        arrow = next(one.text.find("->"))
        named, left = one.text.part(one.text.begin, arrow).format(format)
        right = one.text.part(arrow + 2, one.text.end)
        halves = [
            Text(question.part(half.line, "half of a pair", half.text), half.text, kind) if half.text else NOTHING
            for half, kind in ((left, named), (right, "plain"))
        ]
        pairs.append((halves[0], halves[1], _feedback(question, one.feedback, format)))
        if one.weight is not None:
            one.weight[1].drop("every pair counts the same")
    shaping.matching(question, prompt, pairs, general)


def _numeric(question: Foreign, prompt: Text, inner: Slice, general: Text) -> None:
    """Numbers after `#`; the sign of the first may be left out."""
    first = inner.first("[=~]")
    given = _split(question, inner)
    before = inner.part(inner.begin, inner.end if first is None else first)
    if before.text:
        text, *feedback = before.cut("#")
        found = _WEIGHT.match(text.raw)
        rest = text.part(text.begin + found.end(), text.end) if found else text
        weight = (Fraction(found[1]), question.part(text.line, "weight", f"{found[1]} %")) if found else None
        tail = before.part(feedback[0].begin, before.end) if feedback else None
        given.insert(0, _Given(True, weight, rest, tail))
    spans = []
    for one in given:
        answer = _answer(question, one, "plain")
        if not one.is_right or not answer.text.text:
            shaping.drop(answer, "what a wrong number is told has no place here")
            continue
        found_span = _span(answer.text.text)
        if found_span is None:
            question.refuse(f"'{answer.text.text[:40]}' is no number like 3, 3:0.5 or 2.5..3.5")
            continue
        spans.append(Span(answer, *found_span, answer.text.text.partition(":")[0].strip()))
    numeric(question, prompt, spans, general)


def _span(text: str) -> tuple[Fraction, Fraction] | None:
    """The number and its tolerance, of `3`, `3:0.5` or `2.5..3.5`."""
    low, dots, high = text.partition("..")
    target, _colon, tolerance = text.partition(":")
    if dots:
        least, most = read_number(low), read_number(high)
        return ((least + most) / 2, abs(most - least) / 2) if least is not None and most is not None else None
    number, far = read_number(target), read_number(tolerance or "0")
    return (number, abs(far)) if number is not None and far is not None else None
