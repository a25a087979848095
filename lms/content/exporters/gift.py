"""Writes GIFT: texts as Markdown, what GIFT has no word for as tags in a comment."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lms.content.exporters.written import CannotWrite, Format, Written, number_and_tolerance, plain, share_of_each, tags
from lms.content.schema import QuestionHead

_SPECIAL = re.compile(r"[\\~=#{}:]")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text.strip("\n ")).replace("\n", "\\n")


def _marked(text: str) -> str:
    """A text where a format or a percentage could stand: what looks like one is none."""
    return f"[markdown]{_escaped(text)}" if text.lstrip().startswith(("%", "[")) else _escaped(text)


def _answer(sign: str, text: str, feedback: str = "") -> str:
    return f"\t{sign}{_marked(text)}{f'#{_marked(feedback)}' if feedback.strip() else ''}"


def _question(
    head: QuestionHead, source: Any, answers: Sequence[str], kept: Any = None, notes: tuple[str, ...] = ()
) -> Written:
    words, told = tags(head, source, flags=("pinned", "negative", "ignore", "figures"))
    general = [f"\t####{_marked(source.feedback)}"] if source.feedback.strip() else []
    named = " ".join([f"[id:{head.id}]", *(f"[tag:{word}]" for word in words)])
    lines = [f"// {named}", f"::{head.id}::[markdown]{_escaped(source.prompt)} {{", *answers, *general, "}", "", ""]
    return Written("\n".join(lines), kept or source, (*told, *notes))


def _single(head: QuestionHead, source: Any) -> Written:
    return _question(
        head, source, [_answer("=" if one.right else "~", one.text, one.feedback) for one in source.options]
    )


def _several(head: QuestionHead, source: Any) -> Written:
    each = share_of_each(source)
    answers = [_answer(f"~%{'' if one.right else '-'}{each}%", one.text, one.feedback) for one in source.options]
    return _question(head, source, answers)


def _judgement(head: QuestionHead, source: Any) -> Written:
    """First comes what is shown to who judged wrongly."""
    wrong, right = (source.if_false, source.if_true) if source.right else (source.if_true, source.if_false)
    return _question(head, source, [f"\t{'T' if source.right else 'F'}#{_marked(wrong)}#{_marked(right)}"])


def _matching(head: QuestionHead, source: Any) -> Written:
    pairs = [f"\t={_marked(pair.left)} -> {_escaped(plain(pair.right))}" for pair in source.pairs]
    pairs += [f"\t= -> {_escaped(plain(text))}" for text in source.distractors]
    kept = replace(source, pairs=[replace(pair, feedback="") for pair in source.pairs])
    return _question(head, source, pairs, kept, ("the feedback of its pairs is left out: GIFT has no place for it",))


def _numeric(head: QuestionHead, source: Any) -> Written:
    if source.units:
        raise CannotWrite("GIFT knows no units")
    target, tolerance = number_and_tolerance(source)
    return _question(head, source, [f"\t#{target}:{tolerance}"])


def _short_text(head: QuestionHead, source: Any) -> Written:
    forms = [form.strip().replace("*", "\\*") for form in source.accept]
    return _question(head, source, [f"\t={'%100%' if form.startswith('%') else ''}{_escaped(form)}" for form in forms])


FORMAT = Format(
    name="GIFT",
    begin="",
    end="",
    writers={
        "single_choice": _single,
        "multiple_response": _several,
        "true_false": _judgement,
        "matching": _matching,
        "numeric": _numeric,
        "short_text": _short_text,
    },
)
