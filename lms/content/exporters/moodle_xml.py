"""Writes Moodle XML: texts as Markdown, what Moodle has no word for as tags."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lms.content.exporters.written import CannotWrite, Format, Written, number_and_tolerance, plain, share_of_each, tags
from lms.content.importers.numbers import written_number
from lms.content.schema import QuestionHead
from lms.questions import TYPES

_MARKER = re.compile(r"\[\[(\d{1,3})\]\]")
_IN_A_GAP = re.compile(r"[\\}#~/\"]")
_BEHIND_A_BACKSLASH = r"\\\g<0>"
_EDGES = "\n "


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _text(name: str, text: str, *inner: str, **attributes: str) -> str:
    """An element that holds Markdown."""
    given = "".join(f" {key}={quoteattr(value)}" for key, value in {**attributes, "format": "markdown"}.items())
    return f"<{name}{given}>{_leaf('text', text.strip(_EDGES))}{''.join(inner)}</{name}>"


def _question(
    head: QuestionHead,
    source: Any,
    kind: str,
    parts: Sequence[str],
    *,
    flags: Sequence[str] = (),
    text: str | None = None,
    kept: Any = None,
) -> Written:
    words, told = tags(head, source, flags=flags)
    lines = [
        f"<name>{_leaf('text', head.id)}</name>",
        _text("questiontext", source.prompt if text is None else text),
        *([_text("generalfeedback", source.feedback)] if source.feedback.strip() else []),
        "<defaultgrade>1</defaultgrade>",
        "<penalty>0</penalty>",
        "<hidden>0</hidden>",
        _leaf("idnumber", head.id),
        *parts,
        "<tags>",
        *(f"  <tag>{_leaf('text', word)}</tag>" for word in words),
        "</tags>",
    ]
    body = "\n".join(f"    {line}" for line in lines)
    return Written(f'  <question type="{kind}">\n{body}\n  </question>\n', kept or source, told)


def _answer(fraction: str, text: str, feedback: str) -> str:
    return _text("answer", text, *_feedback(feedback), fraction=fraction)


def _feedback(text: str) -> list[str]:
    return [_text("feedback", text)] if text.strip() else []


def _choice(head: QuestionHead, source: Any, weights: tuple[str, str], single: str) -> Written:
    parts = [
        f"<single>{single}</single>",
        f"<shuffleanswers>{str(not source.pinned).lower()}</shuffleanswers>",
        "<answernumbering>none</answernumbering>",
        *(_answer(weights[0 if one.right else 1], one.text, one.feedback) for one in source.options),
    ]
    return _question(head, source, "multichoice", parts, flags=("negative",))


def _single(head: QuestionHead, source: Any) -> Written:
    return _choice(head, source, ("100", "0"), "true")


def _several(head: QuestionHead, source: Any) -> Written:
    each = share_of_each(source)
    return _choice(head, source, (each, f"-{each}"), "false")


def _judgement(head: QuestionHead, source: Any) -> Written:
    parts = [
        f'<answer fraction="{100 if right == source.right else 0}" format="plain_text">'
        f"{_leaf('text', str(right).lower())}{''.join(_feedback(feedback))}</answer>"
        for right, feedback in ((True, source.if_true), (False, source.if_false))
    ]
    return _question(head, source, "truefalse", parts, flags=("negative",))


def _short_text(head: QuestionHead, source: Any) -> Written:
    answers = [
        f'<answer fraction="100" format="plain_text">{_leaf("text", _starred(form))}</answer>' for form in source.accept
    ]
    usecase = str(int("case" not in source.ignore))
    return _question(head, source, "shortanswer", [_leaf("usecase", usecase), *answers], flags=("ignore",))


def _matching(head: QuestionHead, source: Any) -> Written:
    parts = ["<shuffleanswers>true</shuffleanswers>"]
    for pair in source.pairs:
        parts.append(_text("subquestion", pair.left, _right_half(pair.right), *_feedback(pair.feedback)))
    parts += [_text("subquestion", "", _right_half(text)) for text in source.distractors]
    return _question(head, source, "matching", parts)


def _right_half(text: str) -> str:
    return f"<answer>{_leaf('text', plain(text))}</answer>"


def _ordering(head: QuestionHead, source: Any) -> Written:
    parts = ["<layouttype>VERTICAL</layouttype>", "<selecttype>ALL</selecttype>", "<selectcount>0</selectcount>"]
    parts += [_answer(str(place), item.text, item.feedback) for place, item in enumerate(source.items, 1)]
    return _question(head, source, "ordering", parts)


def _numeric(head: QuestionHead, source: Any) -> Written:
    target, tolerance = number_and_tolerance(source)
    multipliers = [written_number(1 / Fraction(factor)) for factor in TYPES["numeric"].right(source)["factors"]]
    if None in multipliers:
        raise CannotWrite("one divided by a unit's factor has too many digits")
    number = f"{_leaf('text', target)}{_leaf('tolerance', tolerance)}"
    answer = f'<answer fraction="100" format="plain_text">{number}</answer>'
    units = [
        f"<unit>{_leaf('multiplier', str(times))}{_leaf('unit_name', plain(unit.text))}</unit>"
        for times, unit in zip(multipliers, source.units, strict=True)
    ]
    shown = [f"<units>{''.join(units)}</units>", "<unitgradingtype>1</unitgradingtype>",
             "<unitpenalty>1</unitpenalty>", "<showunits>2</showunits>", "<unitsleft>0</unitsleft>"]  # fmt: skip
    return _question(head, source, "numerical", [answer, *(shown if units else [])], flags=("figures",))


def _gap_fill(head: QuestionHead, source: Any) -> Written:
    """The prompt above a line, below it the text with its answers inside."""
    inside = _MARKER.sub(lambda found: _gap(source.gaps[int(found[1]) - 1]), source.text.strip(_EDGES))
    text = f"{source.prompt.strip()}\n\n---\n\n{inside}"
    return _question(head, source, "cloze", [], text=text, kept=_in_order(source))


def _gap(gap: Any) -> str:
    if gap.choices:
        answers = [_one(text, gap.feedback, is_right=text == gap.right) for text in gap.choices]
        return f"{{1:MULTICHOICE:{'~'.join(answers)}}}"
    if gap.ignore not in ([], ["case"]):
        raise CannotWrite("a gap in which accents may differ")
    first, *others = (_starred(form) for form in gap.accept)
    answers = [_one(first, gap.feedback, is_right=True), *(_one(form, "", is_right=True) for form in others)]
    return f"{{1:SHORTANSWER{'' if gap.ignore else '_C'}:{'~'.join(answers)}}}"


def _one(text: str, feedback: str, *, is_right: bool) -> str:
    """An answer of a gap; the feedback stands with the right one."""
    shown = _IN_A_GAP.sub(_BEHIND_A_BACKSLASH, text.strip())
    taught = _IN_A_GAP.sub(_BEHIND_A_BACKSLASH, feedback.strip())
    return f"={shown}{f'#{taught}' if taught else ''}" if is_right else shown


def _starred(form: str) -> str:
    """A spelling in which a star stands for itself."""
    return form.strip().replace("*", "\\*")


def _in_order(source: Any) -> Any:
    """The same with its gaps numbered in the order of the text, as they come back."""
    order = [int(number) for number in _MARKER.findall(source.text)]
    numbers = {number: place for place, number in enumerate(order, 1)}
    text = _MARKER.sub(lambda found: f"[[{numbers[int(found[1])]}]]", source.text)
    return replace(source, text=text, gaps=[source.gaps[number - 1] for number in order])


FORMAT = Format(
    name="Moodle XML",
    begin='<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n',
    end="</quiz>\n",
    writers={
        "single_choice": _single,
        "multiple_response": _several,
        "true_false": _judgement,
        "matching": _matching,
        "numeric": _numeric,
        "short_text": _short_text,
        "ordering": _ordering,
        "gap_fill": _gap_fill,
    },
)
