"""Adds questions to quiz.yaml: every byte that stood there stays, and what was added is read back and compared."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from lms.content.folder_files import LARGEST_TEXT, decode
from lms.content.importers.bank_file import refused
from lms.content.importers.quiz_lines import item_lines
from lms.content.yaml_files import Document, read_yaml
from lms.errors import Fault, FaultyFile

Source = dict[str, Any]
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


@dataclass(frozen=True)
class _Place:
    """Where lines are added: before this line (from 0), as items whose dashes stand in this column."""

    line: int
    column: int


def add_questions(file: str, body: bytes, pool: str, questions: Sequence[Source]) -> bytes:
    """The bytes of quiz.yaml with questions at the end of a pool, or of a new one. Raises FaultyFile.

    `body` is empty where there is no file yet.
    """
    if not body.strip():
        new = {"id": pool, "draw": 1, "questions": list(questions)}
        added = body + "\n".join(["pools:", *item_lines(new, 2), ""]).encode()
        return _compared(file, added, {"pools": [new]})
    document = _read(file, body)
    pools = _pools(file, document)
    names = [one.get("id") if isinstance(one, dict) else None for one in document.data["pools"]]
    wanted = copy.deepcopy(document.data)
    if pool in names:
        number = names.index(pool)
        place = _end(document, _questions(file, document, pools.value[number], pool))
        lines = [line for question in questions for line in item_lines(question, place.column)]
        wanted["pools"][number]["questions"] += questions
    else:
        place = _end(document, pools)
        new = {"id": pool, "draw": 1, "questions": list(questions)}
        lines = item_lines(new, place.column)
        wanted["pools"].append(new)
    return _compared(file, _with_lines(body, place.line, lines), wanted)


def _read(file: str, body: bytes) -> Document:
    text, faults = decode(file, body)
    document, found = read_yaml(file, text) if text is not None else (None, [])
    if document is None or faults or found:
        raise refused([*faults, *found])
    return document


def _unfit(document: Document, path: tuple[str | int, ...], message: str) -> FaultyFile:
    return refused([document.fault(path, message)])


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _pools(file: str, document: Document) -> yaml.SequenceNode:
    root = yaml.compose("\n".join(document.lines), Loader=yaml.SafeLoader)
    found = _value(root, "pools")
    if not isinstance(found, yaml.SequenceNode) or found.flow_style or not found.value:
        message = "no list `pools` of which each pool begins on a line of its own with `- `; write it so"
        raise _unfit(document, ("pools",), message)
    return found


def _questions(file: str, document: Document, pool: yaml.Node, name: str) -> yaml.SequenceNode:
    found = _value(pool, "questions")
    is_block = isinstance(pool, yaml.MappingNode) and not pool.flow_style
    if not is_block or not isinstance(found, yaml.SequenceNode) or found.flow_style or not found.value:
        message = f"the pool '{name}' has no list `questions` of which each begins with `- `; write it so"
        raise refused([Fault(file, pool.start_mark.line + 1, pool.start_mark.column + 1, message)])
    return found


def _end(document: Document, node: yaml.SequenceNode) -> _Place:
    """Behind a list, and behind the comments that are indented deeper than its dashes."""
    column = node.start_mark.column
    last: yaml.Node = node
    while isinstance(last, yaml.CollectionNode) and not last.flow_style and last.value:
        inner = last.value[-1]
        last = inner[1] if isinstance(last, yaml.MappingNode) else inner
    mark = last.end_mark
    line = mark.line + (mark.column > 0 or mark.line == last.start_mark.line)
    for number in range(line, len(document.lines)):
        bare = document.lines[number].lstrip(" ")
        if bare.startswith("#") and len(document.lines[number]) - len(bare) > column:
            line = number + 1
        elif bare:
            break
    return _Place(line, column)


def _with_lines(body: bytes, line: int, lines: Sequence[str]) -> bytes:
    """The bytes with lines before a line, ended as the file ends its lines."""
    written = _LINES.findall(body.decode())
    ending = re.search(r"\r\n|\n|\r", body.decode())
    end = ending.group() if ending else "\n"
    before, after = "".join(written[:line]), "".join(written[line:])
    if before and not before.endswith(("\n", "\r")):
        before += end
    return (before + "".join(f"{added}{end}" for added in lines) + after).encode()


def _compared(file: str, body: bytes, wanted: Any) -> bytes:
    """The bytes, if they say what they should and are not too many."""
    if len(body) > LARGEST_TEXT:
        size, most = -(-len(body) // 1024), LARGEST_TEXT // 1024
        message = f"would have {size} KB with these questions; at most {most} KB are allowed: split the bank"
        raise refused([Fault(file, 1, 1, message)])
    if _read(file, body).data != wanted:
        message = "nothing can be added without changing what stands here; end the file with a line end"
        raise refused([Fault(file, 1, 1, message)])
    return body
