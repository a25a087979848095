"""Questions as the lines of quiz.yaml: every text comes back just as it was, and what is to be written is marked."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lms.content.importers.ledger import Foreign

# What stands behind an empty text, which `flask lms check` faults.
MARKERS = {
    "competency": "name one of the course's competencies",
    "section": "name the section to read again, by its key",
    "prompt": "say what to do",
    "feedback": "say what this teaches",
    "if_true": "say what it teaches who judged it true",
    "if_false": "say what it teaches who judged it false",
}
_HEAD = ("competency", "section", "scenario", "critical", "tags", "difficulty")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}  # also where other programs read the file
# What a block text would lose or refuse: tabs, spaces at the beginning or at a line's end.
_NO_BLOCK = re.compile(r"\A[\s]|\t|[ ]$|\n\Z", re.MULTILINE)
_LONGEST_LIST = 100


def as_source(question: Foreign) -> dict[str, Any]:
    """All keys of a question in their order, with empty texts where an author has to write."""
    head = {"competency": "", "section": "", **question.head}
    return {
        "id": head["id"],
        "type": question.type,
        **{name: head[name] for name in _HEAD if name in head},
        **question.body,
    }


def item_lines(source: Mapping[str, Any], column: int) -> list[str]:
    """An item of a list whose dashes stand in a column (from 0)."""
    lines = list(_mapping(source, column + 2))
    return [f"{' ' * column}- {lines[0][column + 2 :]}", *lines[1:]]


def _mapping(values: Mapping[str, Any], column: int) -> Iterator[str]:
    for key, value in values.items():
        begin = f"{' ' * column}{key}:"
        if isinstance(value, list):
            yield from _list(begin, value, column)
        elif isinstance(value, str) and "\n" in value and not _NO_BLOCK.search(value):
            yield f"{begin} |-"
            yield from (f"{' ' * (column + 2)}{line}" if line else "" for line in value.split("\n"))
        else:
            marker = f"  # {MARKERS[key]}" if value == "" and key in MARKERS else ""
            yield f"{begin} {_scalar(value)}{marker}"


def _list(begin: str, values: list[Any], column: int) -> Iterator[str]:
    if any(isinstance(value, dict) for value in values):
        yield begin
        for value in values:
            yield from item_lines(value, column + 2)
        return
    flow = f"{begin} [{', '.join(map(_scalar, values))}]"
    if len(flow) <= _LONGEST_LIST:
        yield flow
        return
    yield begin
    yield from (f"{' ' * (column + 2)}- {_scalar(value)}" for value in values)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _WORD.match(value) and value.lower() not in _RESERVED:
        return value
    return "''" if value == "" else json.dumps(value, ensure_ascii=False)
