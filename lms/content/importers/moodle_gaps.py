"""Moodle's three kinds of text with gaps: gaps with their answers inside (cloze), lists, and words to drag."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lms.content.importers.cloze import Gap, GapAnswer, Kind, gaps
from lms.content.importers.ledger import Part
from lms.content.importers.moodle_item import Item
from lms.content.importers.numbers import read_number
from lms.content.importers.shaping import FULL, Answer, Text, without_wildcards
from lms.content.importers.xml_tree import Element
from lms.questions.gap_fill import MOST_GAPS

_MARKER = re.compile(r"\[\[(\d{1,3})\]\]")
_OPEN, _CLOSE = "\ue000", "\ue001"  # around a gap's number while the text becomes Markdown
_HELD = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
# Above a line across the page stands what to do, below it the text with the gaps.
_RULE = re.compile(r"\n\n(?:---|\*\*\*|___)\n\n")


def _fill(item: Item, pieces: Sequence[str], found: list[dict[str, Any]]) -> None:
    """The question of a text in pieces, with a gap between each two."""
    question, text = item.question, item.text("questiontext")
    if not found:
        question.refuse("the text has no gap")
        return
    held = "".join(f"{piece}{_OPEN}{n}{_CLOSE}" for n, piece in enumerate(pieces[:-1], 1)) + pieces[-1]
    written = _HELD.sub(r"[[\1]]", replace(text, text=held).markdown())
    rule = _RULE.search(written)
    prompt, rest = (written[: rule.start()], written[rule.end() :]) if rule else ("", written)
    if _MARKER.search(prompt):
        prompt, rest = "", written
    question.type = "gap_fill"
    question.body |= {"prompt": prompt, "text": rest, "gaps": found}
    if feedback := item.text("generalfeedback").markdown():
        question.body["feedback"] = feedback


def _are_too_many(item: Item, count: int) -> bool:
    if count > MOST_GAPS:
        item.question.refuse(f"the text has {count} gaps; at most {MOST_GAPS} can be filled")
    return count > MOST_GAPS


def _cloze(item: Item) -> None:
    text = item.text("questiontext")
    pieces, found, at = [], [], 0
    whole = list(gaps(text.text))
    if _are_too_many(item, len(whole)):
        return
    for gap in whole:
        pieces.append(text.text[at : gap.begin])
        found.append(_gap(item, gap, text))
        at = gap.end
    _fill(item, [*pieces, text.text[at:]], found)


def _gap(item: Item, gap: Gap, text: Text) -> dict[str, Any]:
    line = (text.part.line if text.part is not None else item.element.line) + text.text.count("\n", 0, gap.begin)
    if gap.weight:
        weight = item.question.part(line, "weight of a gap", gap.weight)
        weight.carry()
        if gap.weight.lstrip("0") != "1":
            weight.change("every gap earns the same here")
    answers = [_answer(item, line, answer, text.format) for answer in gap.answers]
    if gap.kind is Kind.SEVERAL:
        item.question.refuse("a gap that asks for several of a list; here a gap takes one")
    if gap.kind is Kind.CHOICE:
        return _listed(item, answers)
    return _written(item, answers, gap.kind)


def _answer(item: Item, line: int, answer: GapAnswer, format: str) -> Answer:
    part = item.question.part(line, "answer of a gap", answer.text)
    feedback = item.question.part(line, "feedback of a gap", answer.feedback) if answer.feedback else None
    return Answer(Text(part, answer.text, format), answer.percent, part, Text(feedback, answer.feedback, format))


def _feedback(answers: Sequence[Answer], right: Sequence[Answer]) -> str:
    """What a gap teaches: the feedback of the first right answer that has one."""
    found = next((written for answer in right if (written := answer.feedback.markdown())), "")
    for answer in answers:
        if answer.feedback.part is not None and answer.feedback.markdown() != found:
            answer.feedback.part.drop("a gap has one feedback, that of its right answer")
    return found


def _listed(item: Item, answers: Sequence[Answer]) -> dict[str, Any]:
    right = [answer for answer in answers if answer.percent == FULL]
    if len(right) != 1:
        item.question.refuse("a gap whose list has not one right answer")
        return {}
    choices = [answer.text.markdown() for answer in answers]
    for answer in answers:
        if answer.percent not in (0, FULL):
            answer.weight.change(f"it counted {float(answer.percent):.5g} %; here a gap is right or wrong")
    place = answers.index(right[0])
    return {"choices": choices, "right": choices[place], "feedback": _feedback(answers, right)}


def _written(item: Item, answers: Sequence[Answer], kind: Kind) -> dict[str, Any]:
    right = without_wildcards([answer for answer in answers if answer.percent == FULL])
    forms = [_number(answer) if kind is Kind.NUMBER else answer.text.words() for answer in right]
    for answer in answers:
        if answer.percent != FULL and answer.text.part is not None:
            answer.text.part.drop("a gap is right or wrong, and wrong words need no list")
    if not forms:
        item.question.refuse("a gap for which nothing is right")
    found: dict[str, Any] = {"accept": list(dict.fromkeys(forms))}
    if kind is Kind.EXACT_WORDS:
        found["ignore"] = []
    return found | {"feedback": _feedback(answers, right)}


def _number(answer: Answer) -> str:
    number, _colon, tolerance = answer.text.text.partition(":")
    if answer.text.part is not None:
        answer.text.part.carry()
        if read_number(tolerance or "0") != 0:
            answer.text.part.change("what is written in a gap is compared as text, without a tolerance")
    return number.strip()


def _from_list(kind: str) -> Callable[[Item], None]:
    """Gaps that name an option of a list by its number; options of one group can stand in each other's place."""

    def read(item: Item) -> None:
        options = item.element.all(kind)
        texts = [item.text_of(option, "plain" if kind == "selectoption" else "html") for option in options]
        groups = [_group(item, option) for option in options]
        shuffled = item.yes("shuffleanswers")
        part = item.part(item.element.first("shuffleanswers"))
        if shuffled and part is not None:
            part.change("a list keeps the author's order")
        pieces = _MARKER.split(item.text("questiontext").text)
        if _are_too_many(item, len(pieces) // 2):
            return
        found = []
        for number in map(int, pieces[1::2]):
            if not 1 <= number <= len(options):
                item.question.refuse(f"the gap [[{number}]] names no option")
                return
            mine = [text.markdown() for text, group in zip(texts, groups, strict=True) if group == groups[number - 1]]
            found.append({"choices": mine, "right": texts[number - 1].markdown(), "feedback": ""})
        _fill(item, pieces[::2], found)

    return read


def _group(item: Item, option: Element) -> str:
    part: Part | None = item.part(option.first("group"))
    if part is None:
        return "1"
    part.carry()
    return part.text


KINDS: dict[str, Callable[[Item], None]] = {
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _from_list("selectoption"),
    "ddwtos": _from_list("dragbox"),
}
