"""Gap fill: a text with gaps, written `[[1]]`, `[[2]]`, ...; each is filled with a word or from a list, and earns 1/n.

A gap's id is its number. Where the text has them is each language's own business, so a form's strings are in the
order of the text, one for each gap.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html.parser import HTMLParser
from random import Random
from string import ascii_lowercase
from typing import Any

from lms.questions import texts
from lms.questions.base import STRICT, Body, Key, QuestionType, Render, SourceFault, Value, Weigh
from lms.questions.choices import by_weight, place

MOST_GAPS = 10
_MARKER = re.compile(r"\[\[(\d{1,3})\]\]")
_CLOSED_TO_GAPS = {"a", "code", "pre"}


@dataclass(frozen=True)
class Gap:
    """What fills a gap: one of the accepted forms, or the right one of the choices."""

    feedback: str
    accept: list[str] = field(default_factory=list)
    ignore: list[texts.Ignored] = field(default_factory=lambda: ["case"])
    choices: list[str] = field(default_factory=list)
    right: str = ""
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class GapTranslation:
    """A gap in another language; which of the choices is right, the source says."""

    feedback: str
    accept: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class GapFillSource:
    """What to do in `prompt`, the text, and its gaps."""

    prompt: str
    text: str
    gaps: list[Gap]
    feedback: str = ""
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class GapFillTranslation:
    """The same in another language."""

    prompt: str
    text: str
    gaps: list[GapTranslation]
    feedback: str = ""
    __pydantic_config__ = STRICT


def _check(source: GapFillSource) -> Iterable[SourceFault]:
    if not 1 <= len(source.gaps) <= MOST_GAPS:
        yield SourceFault(("gaps",), f"1 to {MOST_GAPS} gaps are needed, {len(source.gaps)} are given")
    for number, gap in enumerate(source.gaps):
        path = ("gaps", number)
        if not gap.feedback.strip():
            yield SourceFault((*path, "feedback"), "a gap needs feedback")
        if bool(gap.choices) == bool(gap.accept):
            yield SourceFault(path, "a gap has either `accept` or `choices`")
        elif gap.choices:
            yield from texts.check_list(gap.choices, (*path, "choices"), 2, 8, "choices")
            if gap.right not in gap.choices:
                yield SourceFault((*path, "right"), "`right` is one of the choices, written in the same way")
        else:
            yield from texts.check_forms(gap.accept, gap.ignore, (*path, "accept"))
            if gap.right:
                yield SourceFault((*path, "right"), "`right` belongs to `choices`; with `accept` every form is right")
    yield from _check_markers(source.text, len(source.gaps))


def _check_markers(text: str, gaps: int) -> Iterable[SourceFault]:
    """Each gap is in the text once."""
    found = [int(number) for number in _MARKER.findall(text)]
    for number in sorted({*found, *range(1, gaps + 1)}):
        if number not in range(1, gaps + 1):
            yield SourceFault(("text",), f"the text has [[{number}]], but there is no gap {number}")
        elif found.count(number) != 1:
            yield SourceFault(("text",), f"the text has [[{number}]] {found.count(number)} times; each gap stands once")


class _Gaps(HTMLParser):
    """Notes the gaps that a page can show, and those that stand inside something else."""

    def __init__(self) -> None:
        super().__init__()
        self.around: list[str] = []
        self.shown: list[str] = []
        self.inside: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.around += [tag] if tag in _CLOSED_TO_GAPS else []
        self.inside |= {number: tag for _, value in attrs for number in _MARKER.findall(value or "")}

    def handle_endtag(self, tag: str) -> None:
        if self.around and self.around[-1] == tag:
            self.around.pop()

    def handle_data(self, data: str) -> None:
        found = _MARKER.findall(data)
        self.shown += found
        self.inside |= {number: self.around[-1] for number in found if self.around}


def _check_body(body: Body) -> Iterable[SourceFault]:
    """No field can stand in a link or in code."""
    reader = _Gaps()
    reader.feed(body["text"])
    reader.close()
    for gap in body["gaps"]:
        number = gap["id"]
        if number in reader.inside:
            where = "a link" if reader.inside[number] == "a" else "code"
            yield SourceFault(("text",), f"the gap [[{number}]] stands in {where}; take it out of there")
        elif reader.shown.count(number) != 1:
            yield SourceFault(("text",), f"the gap [[{number}]] is not shown once; is it part of a link's name?")


def _body(source: GapFillSource, render: Render) -> Body:
    gaps: list[dict[str, Any]] = []
    for number, gap in enumerate(source.gaps, start=1):
        choices = [{"id": i, "html": render(text)} for i, text in zip(ascii_lowercase, gap.choices, strict=False)]
        gaps.append({"id": str(number), "choices": choices})
    found = _MARKER.findall(source.text)
    return {"prompt": render(source.prompt), "text": render(source.text), "gaps": gaps, "sequence": found}


def _right(source: GapFillSource, *translated: GapFillSource) -> Key:
    gaps: dict[str, Any] = {}
    for number, gap in enumerate(source.gaps):
        if gap.choices:
            gaps[str(number + 1)] = {"choice": ascii_lowercase[gap.choices.index(gap.right)]}
        else:
            forms = texts.all_forms(one.gaps[number].accept for one in (source, *translated))
            gaps[str(number + 1)] = {"accept": forms, "ignore": list(gap.ignore)}
    return {"gaps": gaps}


def _feedback(source: GapFillSource, render: Render) -> dict[str, Any]:
    gaps = {str(number): render(gap.feedback) for number, gap in enumerate(source.gaps, start=1)}
    return {"gaps": gaps, "general": render(source.feedback)}


def _translate(source: GapFillSource, other: GapFillTranslation) -> GapFillSource:
    gaps = [_translate_gap(gap, its) for gap, its in zip(source.gaps, other.gaps, strict=True)]
    return replace(source, prompt=other.prompt, text=other.text, feedback=other.feedback, gaps=gaps)


def _translate_gap(gap: Gap, other: GapTranslation) -> Gap:
    right = other.choices[gap.choices.index(gap.right)] if gap.choices else ""
    return replace(gap, feedback=other.feedback, accept=other.accept, choices=other.choices, right=right)


def _check_translation(source: GapFillSource, other: GapFillTranslation) -> Iterable[SourceFault]:
    yield from texts.check_same_length(other.gaps, source.gaps, ("gaps",))
    for number, (gap, its) in enumerate(zip(source.gaps, other.gaps, strict=False)):
        yield from texts.check_same_length(its.choices, gap.choices, ("gaps", number, "choices"))
    yield from texts.check_same_feedback(other, source)


def _order(_body: Body, _random: Random) -> list[str]:
    return []


def _choice_ids(body: Body) -> dict[str, list[str]]:
    """By gap the ids of its choices; none where it is written."""
    return {gap["id"]: [choice["id"] for choice in gap["choices"]] for gap in body["gaps"]}


def _parse(values: Sequence[str], body: Body, _order: Sequence[str]) -> Value:
    """What was written and what was chosen, apart: only the second is counted for the author."""
    if not any(value.strip() for value in values):
        return None
    if len(values) != len(body["sequence"]):
        raise ValueError("each gap sends one text")
    ids = _choice_ids(body)
    found: dict[str, dict[str, str]] = {"written": {}, "chosen": {}}
    for number, value in zip(body["sequence"], values, strict=True):
        text = texts.written(value)
        if text and ids[number]:
            found["chosen"][number] = place(text, ids[number])
        elif text:
            found["written"][number] = text
    return found


def _sent(value: Value, body: Body, _order: Sequence[str]) -> list[str]:
    if value is None:
        return []
    ids, chosen = _choice_ids(body), value["chosen"]
    return [
        str(ids[number].index(chosen[number]) + 1) if number in chosen else value["written"].get(number, "")
        for number in body["sequence"]
    ]


def _is_right(gap: dict[str, Any], number: str, value: Value) -> bool:
    if "choice" in gap:
        return bool(value["chosen"].get(number) == gap["choice"])
    text = value["written"].get(number)
    return text is not None and texts.is_accepted(text, gap["accept"], gap["ignore"])


def _mark(key: Key, value: Value) -> Fraction:
    gaps = key["gaps"]
    return Fraction(sum(_is_right(gap, number, value) for number, gap in gaps.items()) if value else 0, len(gaps))


def _best(key: Key) -> Value:
    gaps = key["gaps"].items()
    return {
        "written": {number: gap["accept"][0] for number, gap in gaps if "accept" in gap},
        "chosen": {number: gap["choice"] for number, gap in gaps if "choice" in gap},
    }


def _slip(key: Key, body: Body, random: Random) -> Value:
    gaps, ids = key["gaps"].items(), _choice_ids(body)
    wrong = {number: [i for i in ids[number] if i != gap["choice"]] for number, gap in gaps if "choice" in gap}
    return {
        "written": {number: texts.other_than(gap["accept"], gap["ignore"]) for number, gap in gaps if "accept" in gap},
        "chosen": {number: random.choice(others) for number, others in wrong.items()},
    }


def _guess(body: Body, _order: Sequence[str], weigh: Weigh) -> Value:
    """The heaviest of each list; what has to be written stays empty."""
    lists = {gap["id"]: {one["id"]: one["html"] for one in gap["choices"]} for gap in body["gaps"] if gap["choices"]}
    chosen = {number: by_weight(body["text"], texts, list(texts), weigh)[0] for number, texts in lists.items()}
    return {"written": {}, "chosen": chosen} if chosen else None


def _picks(value: Value) -> list[str]:
    return [f"{number}={i}" for number, i in value["chosen"].items()] if value else []


def _pick_texts(body: Body) -> dict[str, str]:
    return {
        f"{gap['id']}={choice['id']}": f"{gap['id']} → {choice['html']}"
        for gap in body["gaps"]
        for choice in gap["choices"]
    }


TYPE = QuestionType(
    name="gap_fill",
    source=GapFillSource,
    translation=GapFillTranslation,
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
    check_body=_check_body,
)
