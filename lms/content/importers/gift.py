"""Reads GIFT, the text format of Moodle's question banks (docs.moodle.org, "GIFT format")."""

import re

from lms.content.importers import gift_answers, shaping
from lms.content.importers.bank_file import text_of
from lms.content.importers.gift_text import Slice, chunks
from lms.content.importers.heads import DESCRIPTION, Category, take_tag
from lms.content.importers.ledger import Foreign, Ledger

_NAMED = re.compile(r"\[(id|tag):((?:\\\]|[^\]])*)\]")
_BLANK = "_____"


def read_gift(file: str, body: bytes, ledger: Ledger) -> None:
    """Fill the ledger from a GIFT file; raises FaultyFile where it is no text."""
    category: Category | None = None
    for chunk in chunks(text_of(file, body)):
        if chunk.lines and chunk.lines[0].startswith("$CATEGORY:"):
            path = chunk.lines[0].removeprefix("$CATEGORY:").strip()
            category = Category.of(ledger.part(chunk.numbers[0], "category", path or "/"))
        elif chunk.lines:
            question = ledger.question(chunk.numbers[0])
            for number, comment in chunk.comments:
                _read_comment(question, number, comment)
            _read_question(question, Slice(chunk, 0, len(chunk.text)))
            if not question.parts:
                question.part(chunk.numbers[0], "question", chunk.text)
            if category is not None and not question.refusal:
                category.give(question)
        else:
            for number, comment in chunk.comments:
                ledger.part(number, "comment", comment).drop("a comment that belongs to no question")


def _read_comment(question: Foreign, line: int, comment: str) -> None:
    """Tags and the id stand in comments; what else a comment says is for its author alone."""
    for name, text in _NAMED.findall(comment):
        said = text.replace("\\]", "]").strip()
        if not said:
            continue
        part = question.part(line, name, said)
        if name == "tag":
            take_tag(question, part, said)
        elif question.naming is None:
            question.id, question.naming = said, part
        else:
            part.drop("a question has one id")
    if rest := _NAMED.sub("", comment).strip():
        question.part(line, "comment", rest).drop("comments are not taken; write one into quiz.yaml")


def _read_question(question: Foreign, whole: Slice) -> None:
    whole = _read_title(question, whole)
    opening = whole.first("[{}]")
    if opening is None:
        if whole.text:
            question.part(whole.line, "text", whole.text)
        question.refuse(DESCRIPTION if whole.text else "a name without a question")
        return
    closing = next((place for place in whole.find("[{}]") if place > opening), None)
    last = list(whole.find("[{}]"))
    if whole.chunk.text[opening] == "}" or closing is None or whole.chunk.text[closing] == "{" or len(last) > 2:
        question.part(whole.line, "text", whole.raw.strip())
        question.refuse(_unbalanced(whole, last))
        return
    before, inner = whole.part(whole.begin, opening), whole.part(opening + 1, closing)
    after = whole.part(closing + 1, whole.end)
    format, before = before.format("moodle")
    prompt = _prompt(question, before, after, format)
    gift_answers.read(question, prompt, inner, format)


def _unbalanced(whole: Slice, places: list[int]) -> str:
    """What is wrong with the braces of a question."""
    depth = 0
    for place in places:
        depth += 1 if whole.chunk.text[place] == "{" else -1
        if depth not in (0, 1):
            sign, line = whole.chunk.text[place], whole.chunk.line_at(place)
            return f"a `{sign}` on line {line} that fits no other; where it is text, write `\\{sign}`"
    if depth:
        return f"the `{{` on line {whole.chunk.line_at(places[-1])} is not closed before the question ends"
    return "it has several answers in `{…}`; one is known"


def _read_title(question: Foreign, whole: Slice) -> Slice:
    """What follows the name between two pairs of colons, where there is one."""
    start = whole.stripped()
    if not start.raw.startswith("::"):
        return start
    end = next((place for place in start.find("::") if place >= start.begin + 2), None)
    if end is None:
        return start
    title = start.part(start.begin + 2, end)
    question.name = title.text
    if question.name:
        question.title = question.part(title.line, "name", title.text)
    return start.part(end + 2, start.end).stripped()


def _prompt(question: Foreign, before: Slice, after: Slice, format: str) -> shaping.Text:
    """The text before the answers, and what follows them after a blank."""
    begin, end = before.text, after.text
    if not begin and not end:
        return shaping.NOTHING
    if not end:
        return shaping.Text(question.part(before.line, "text", begin), begin, format)
    blank = "\\_" * len(_BLANK) if format == "markdown" else _BLANK
    part = question.part((before if begin else after).line, "text", f"{begin} {{…}} {end}".strip())
    return shaping.Text(part, f"{begin} {blank} {end}".strip(), format)
