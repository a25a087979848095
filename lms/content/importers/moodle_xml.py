"""Reads Moodle XML, the richest of Moodle's own formats (docs.moodle.org, "Moodle XML format")."""

from collections.abc import Callable
from fractions import Fraction

from lms.content.importers import moodle_gaps, shaping
from lms.content.importers.bank_file import refused
from lms.content.importers.heads import DESCRIPTION, ESSAY, Category, take_tag
from lms.content.importers.ledger import Ledger
from lms.content.importers.moodle_item import Item, noted
from lms.content.importers.numbers import Span, Unit, numeric, read_number
from lms.content.importers.xml_tree import Element, read_xml
from lms.errors import Fault

_CALCULATED = "its numbers are drawn anew for everybody; here every question has its own"
_ON_PICTURE = "it is answered on a picture; questions here show none"
_REFUSED = {
    "essay": ESSAY,
    "description": DESCRIPTION,
    **dict.fromkeys(("calculated", "calculatedsimple", "calculatedmulti"), _CALCULATED),
    **dict.fromkeys(("ddmarker", "ddimageortext"), _ON_PICTURE),
    "randomsamatch": "it is made of other questions by chance; write a matching question",
    "random": "it draws another question; here the pool draws",
}
_PER_OPTION = "feedback is given for each option and for the question, not by the mark"


def read_moodle_xml(file: str, body: bytes, ledger: Ledger) -> None:
    """Fill the ledger from a Moodle XML file; raises FaultyFile where it is none."""
    document = read_xml(file, body)
    root = next(child for child in document.children if not child.name.startswith("#"))
    if root.name != "quiz":
        raise refused([Fault(file, root.line, 1, f"the first element is <{root.name}>, not <quiz>: no Moodle XML")])
    category: Category | None = None
    for outer in (child for child in document.children if child is not root):
        _loose(ledger, outer)
    for element in root.children:
        if element.name != "question":
            _loose(ledger, element)
        elif element.attributes.get("type") == "category":
            category = _category(ledger, element)
        else:
            item = Item(element, ledger)
            _read(item)
            if category is not None and not item.question.refusal:
                category.give(item.question)
    alone = Element(root.name, root.line, root.attributes, root.text)
    _loose(ledger, alone)


def _loose(ledger: Ledger, element: Element) -> None:
    for _key, part in noted(element, ledger.part):
        if part.what == "#comment":
            part.drop("comments are not taken")


def _category(ledger: Ledger, element: Element) -> Category | None:
    parts = dict(noted(element, ledger.part))
    if kind := parts.get((id(element), "type")):
        kind.carry()
    holder = element.first("category")
    path = parts.get((id(holder.first("text") or holder), "")) if holder is not None else None
    return Category.of(path) if path is not None else None


def _read(item: Item) -> None:
    question, name = item.question, item.element.attributes.get("type", "")
    _head(item)
    if kind := item.part(item.element, "type"):
        kind.carry()
    if name in _KINDS:
        _KINDS[name](item)
    else:
        question.refuse(_REFUSED.get(name, f"questions of the type '{name[:40]}' have no counterpart here"))
    if not question.parts:
        question.part(item.element.line, "question", f'<question type="{name}">')


def _head(item: Item) -> None:
    question = item.question
    title, named = item.text("name"), item.element.first("idnumber")
    question.name, question.title = title.text, title.part
    question.naming = item.part(named)
    question.id = question.naming.text if question.naming is not None else ""
    for holder in item.element.all("tags"):
        for tag in holder.all("tag"):
            text = item.text_of(tag)
            if text.part is not None:
                take_tag(question, text.part, text.text)
    item.expect("defaultgrade", {"1"}, "every question counts the same here")
    item.expect("penalty", {"0"}, "a question is not tried twice within an attempt")
    item.expect("hidden", {"0"}, "it was hidden in its bank; take it out if it is not wanted")
    item.expect("answernumbering", {"none"}, "options have no numbers of the author's")
    item.expect("showstandardinstruction", {"0"}, "the page says itself what to do")
    for feedback in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        item.drop(feedback, _PER_OPTION)
    item.drop("hint", "there are no hints: a question is not tried twice within an attempt")
    for below in item.element.walk():
        if below.name == "file" and (part := item.part(below)):
            part.drop("files do not come along: questions show no pictures")
        elif below.name == "#comment" and (part := item.part(below)):
            part.drop("comments are not taken")


def _multichoice(item: Item) -> None:
    single = item.yes("single", otherwise=True)
    pinned = not item.yes("shuffleanswers", otherwise=True)
    prompt, general = item.text("questiontext"), item.text("generalfeedback")
    shaping.choice(item.question, prompt, item.answers(), general, single=single, pinned=pinned)


def _true_false(item: Item) -> None:
    answers = {answer.text.text.strip().lower(): answer for answer in item.answers()}
    if set(answers) != {"true", "false"}:
        item.question.refuse("it needs the two answers 'true' and 'false'")
        return
    if answers["true"].percent == answers["false"].percent:
        item.question.refuse("neither answer is right, or both are")
    for answer in answers.values():
        answer.weight.carry()
        if answer.percent not in (0, shaping.FULL):
            answer.weight.change("a judgement is right or wrong here")
        if answer.text.part is not None:
            answer.text.part.carry()
    shaping.true_false(
        item.question,
        item.text("questiontext"),
        right=answers["true"].percent > answers["false"].percent,
        if_true=answers["true"].feedback,
        if_false=answers["false"].feedback,
        general=item.text("generalfeedback"),
    )


def _short_answer(item: Item) -> None:
    case = item.yes("usecase")
    answers = shaping.without_wildcards(item.answers())
    prompt, general = item.text("questiontext"), item.text("generalfeedback")
    shaping.short_text(item.question, prompt, answers, general, case=case)


def _numerical(item: Item) -> None:
    spans = []
    for element, answer in zip(item.element.all("answer"), item.answers(), strict=True):
        tolerance = element.first("tolerance")
        part = item.part(tolerance)
        target, far = read_number(answer.text.text), read_number(part.text if part is not None else "0")
        if target is None or far is None:
            shaping.drop(answer, f"'{answer.text.text[:40]}' with this tolerance is no number")
            if part is not None:
                part.drop("it belongs to an answer that was dropped")
        else:
            spans.append(Span(answer, target, far, answer.text.text, part))
    units = _units(item)
    numeric(item.question, item.text("questiontext"), spans, item.text("generalfeedback"), units)


def _units(item: Item) -> list[Unit]:
    found = []
    for holder in item.element.all("units"):
        for unit in holder.all("unit"):
            name, multiplier = unit.first("unit_name"), unit.first("multiplier")
            part = item.part(multiplier)
            times = read_number(part.text) if part is not None else Fraction(1)
            if not times:
                item.question.refuse("a unit whose multiplier is no number")
                return []
            found.append(Unit(item.text_of(name, "plain"), 1 / times, part))
    item.expect("unitgradingtype", {"0"} if not found else {"1", "2"}, "a number without its unit earns nothing here")
    item.expect("unitpenalty", {"1"} if found else {"0", "0.1", "1"}, "a number in a wrong unit earns nothing here")
    shown = {"1", "2"} if found else {"0", "1", "2", "3"}
    item.expect("showunits", shown, "one unit is shown, several are chosen from")
    item.expect("unitsleft", {"0"}, "units stand behind the number")
    found.sort(key=lambda unit: unit.factor != 1)
    if found and found[0].factor != 1:
        item.question.refuse("no unit is the answer's own, with the multiplier 1")
    return found


def _matching(item: Item) -> None:
    pairs = []
    for element in item.element.all("subquestion"):
        right = item.text_of(element.first("answer"), "plain")
        pairs.append((item.text_of(element), right, item.text_of(element.first("feedback"))))
    item.expect("shuffleanswers", {"1", "true"}, "the right halves are always shuffled")
    shaping.matching(item.question, item.text("questiontext"), pairs, item.text("generalfeedback"))


def _ordering(item: Item) -> None:
    answers = sorted(item.answers(), key=lambda answer: answer.percent)
    for answer in answers:
        answer.weight.carry()
    item.expect("layouttype", {"vertical", "0"}, "items stand below each other")
    item.expect("selecttype", {"all", "0"}, "all items are shown")
    item.expect("selectcount", {"0"}, "all items are shown")
    item.expect("gradingtype", {"pairs"}, "marked by pairs of items in the right order")
    item.expect("showgrading", {"hide", "0"}, "how it is marked stands on the page")
    item.expect("numberingstyle", {"none"}, "items have no numbers of the author's")
    items = [(answer.text, answer.feedback) for answer in answers]
    shaping.ordering(item.question, item.text("questiontext"), items, item.text("generalfeedback"))


_KINDS: dict[str, Callable[[Item], None]] = {
    "multichoice": _multichoice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    **moodle_gaps.KINDS,
}
