"""Reads our own table of questions: CSV in UTF-8, one row a question; docs/authors.md shows the columns."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from lms.content.importers import numbers, shaping
from lms.content.importers.bank_file import refused, text_of
from lms.content.importers.heads import take_tag
from lms.content.importers.ledger import Foreign, Ledger, Part
from lms.content.importers.shaping import FULL, NOTHING, Answer, Text
from lms.content.validation import suggestion
from lms.errors import Fault

# column -> what it holds; docs/authors.md shows this table.
COLUMNS = {
    "id": "the question's id; empty: made of the prompt's first words",
    "type": "`single_choice`, `multiple_response`, `true_false`, `short_text`, `numeric` or `ordering`",
    "prompt": "Markdown: the question",
    "option_1": "the first option, accepted spelling, or item in the right order; `option_2` and so on follow",
    "feedback_1": "what the first option or item teaches; `feedback_2` and so on follow",
    "right": "the number of the right option; of several `1;3`; `true` or `false`; the number of `numeric`",
    "tolerance": "of `numeric`: how far from it is still right, a number",
    "feedback": "Markdown, for the whole question",
    "if_true": "of `true_false`: what it teaches who judged it true",
    "if_false": "of `true_false`: what it teaches who judged it false",
    "competency": "one of the course's competencies",
    "section": "key of the section to read again",
    "scenario": "`true`: a case that happens at work",
    "critical": "`true`: must be right to pass",
    "difficulty": "`easy`, `medium` or `hard`",
    "tags": "separated by `;`",
}
_NUMBERED = re.compile(r"(?:option|feedback)_[1-9]\d?\Z", re.ASCII)
_HEAD = ("competency", "section", "scenario", "critical", "difficulty")
LONGEST_CELL = 20_000


@dataclass
class _Row:
    """A row's cells by column, each with its part; a cell that is asked for is used."""

    question: Foreign
    parts: dict[str, Part] = field(default_factory=dict)

    def text(self, column: str) -> Text:
        """A cell as text; nothing where it is empty."""
        part = self.parts.get(column)
        return Text(part, part.text) if part is not None else NOTHING

    def numbered(self, name: str) -> list[tuple[int, Text]]:
        """The cells `name_1`, `name_2` and so on that are filled, by number."""
        found = [(int(column.rpartition("_")[2]), column) for column in self.parts if column.startswith(f"{name}_")]
        return [(number, self.text(column)) for number, column in sorted(found)]

    def right(self) -> tuple[str, Part | None]:
        """What `right` says."""
        part = self.parts.get("right")
        if part is not None:
            part.carry()
        return (part.text if part is not None else "", part)


def read_csv_bank(file: str, body: bytes, ledger: Ledger) -> None:
    """Fill the ledger from a table; raises FaultyFile where it is no CSV or has other columns."""
    previous = csv.field_size_limit(len(body) + 1)
    try:
        _read(file, text_of(file, body), ledger)
    finally:
        csv.field_size_limit(previous)


def _read(file: str, text: str, ledger: Ledger) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        if faults := list(_header_faults(file, columns)):
            raise refused(faults)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _read_row(ledger.question(line), line, columns, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused([Fault(file, max(reader.line_num, 1), 1, f"not CSV: {error}")]) from None


def _header_faults(file: str, columns: Sequence[str]) -> Iterator[Fault]:
    for number, name in enumerate(columns, start=1):
        if name not in COLUMNS and not _NUMBERED.match(name):
            yield Fault(file, 1, number, f"unknown column '{name[:40]}'{suggestion(name, COLUMNS)}")
        elif name in columns[: number - 1]:
            yield Fault(file, 1, number, f"column '{name}' twice; keep one")
    for name in ("type", "prompt"):
        if name not in columns:
            yield Fault(file, 1, 1, f"the column '{name}' is missing; the first line names the columns")


def _read_row(question: Foreign, line: int, columns: Sequence[str], cells: Sequence[str]) -> None:
    row = _Row(question)
    for number, cell in enumerate(cells):
        name = columns[number] if number < len(columns) else f"cell {number + 1}"
        if cell.strip():
            row.parts[name] = question.part(line, name, cell.strip())
    if len(cells) > len(columns):
        question.refuse(f"{len(cells)} cells, but the header has {len(columns)}")
    kind = row.parts.get("type")
    if kind is None or kind.text not in _KINDS:
        known = suggestion(kind.text if kind is not None else "", _KINDS)
        question.refuse(f"not a type that a table can hold{known}")
        return
    kind.carry()
    _head(row)
    _KINDS[kind.text](row)


def _head(row: _Row) -> None:
    question, named = row.question, row.parts.get("id")
    question.naming, question.id = named, named.text if named is not None else ""
    for name in _HEAD:
        if part := row.parts.get(name):
            take_tag(question, part, f"{name}:{part.text}")
            if name not in question.head:
                question.refuse(f"'{part.text[:40]}' is no {name}")
    if part := row.parts.get("tags"):
        for tag in part.text.split(";"):
            if tag.strip():
                take_tag(question, part, tag.strip())


def _numbers(row: _Row, there: set[int]) -> set[int]:
    """The numbers of the right options."""
    text, _part = row.right()
    found = {int(number) if number.strip().isascii() and number.strip().isdigit() else 0 for number in text.split(";")}
    if not found <= there:
        row.question.refuse(f"`right` is '{text[:40]}', not the number of an option")
    return found


def _choice(row: _Row) -> None:
    options, feedback = row.numbered("option"), dict(row.numbered("feedback"))
    right = _numbers(row, {number for number, _text in options})
    one = row.parts["type"].text == "single_choice"
    if one and len(right) != 1:
        row.question.refuse("`right` names more than one option")
        return
    each = FULL / max(len(right), 1)
    answers = [
        Answer(
            text,
            each if number in right else Fraction(0) if one else -each,
            text.part or row.parts["type"],
            feedback.get(number, NOTHING),
        )
        for number, text in options
    ]
    shaping.choice(row.question, row.text("prompt"), answers, row.text("feedback"), single=one)


def _true_false(row: _Row) -> None:
    text, _part = row.right()
    if text.lower() not in ("true", "false"):
        row.question.refuse(f"`right` is '{text[:40]}', not true or false")
    shaping.true_false(
        row.question,
        row.text("prompt"),
        right=text.lower() == "true",
        if_true=row.text("if_true"),
        if_false=row.text("if_false"),
        general=row.text("feedback"),
    )


def _short_text(row: _Row) -> None:
    answers = [Answer(text, FULL, text.part) for _number, text in row.numbered("option") if text.part is not None]
    shaping.short_text(row.question, row.text("prompt"), answers, row.text("feedback"))


def _numeric(row: _Row) -> None:
    text, part = row.right()
    far = row.parts.get("tolerance")
    target, tolerance = numbers.read_number(text), numbers.read_number(far.text if far is not None else "0")
    if target is None or tolerance is None or part is None:
        row.question.refuse("`right` or `tolerance` is no number like 12.5")
        return
    answer = Answer(Text(part, text), FULL, part)
    span = numbers.Span(answer, target, tolerance, text, far)
    numbers.numeric(row.question, row.text("prompt"), [span], row.text("feedback"))


def _ordering(row: _Row) -> None:
    feedback = dict(row.numbered("feedback"))
    items = [(text, feedback.get(number, NOTHING)) for number, text in row.numbered("option")]
    shaping.ordering(row.question, row.text("prompt"), items, row.text("feedback"))


_KINDS: dict[str, Callable[[_Row], None]] = {
    "single_choice": _choice,
    "multiple_response": _choice,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "ordering": _ordering,
}
