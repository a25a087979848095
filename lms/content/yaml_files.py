"""YAML with the place of every key and value: the YAML 1.2 core rules, and nothing that can surprise.

Mappings, lists and scalars only: no aliases, tags, tabs, second documents or duplicate keys. `yes`, `no` and dates
stay text. Keys are always text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from lms.errors import Fault

DEEPEST = 20
Path = tuple[str, ...]

_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}\Z")
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Place:
    """Where something begins, counted from 1."""

    line: int
    column: int


@dataclass
class Document:
    """What a YAML file says, and where it says it. Paths are keys and positions as text: `("pools", "0", "id")`."""

    file: str
    lines: list[str]
    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    literals: set[Path] = field(default_factory=set)
    first_line: int = 1

    def fault(self, path: Iterable[str | int], message: str, *, at_key: bool = False) -> Fault:
        """A fault at the value (or key) of a path, or at the nearest thing around it that exists."""
        wanted = tuple(str(part) for part in path)
        place = self.keys.get(wanted) if at_key else None
        while place is None and wanted:
            place = self.values.get(wanted)
            wanted = wanted[:-1]
        place = place or self.values.get((), Place(self.first_line, 1))
        return Fault(self.file, place.line, place.column, message)

    def fault_inside(self, path: Iterable[str | int], line: int, column: int, message: str) -> Fault:
        """A fault at a line and column inside a text: exact for block texts (`|`), else the text's beginning."""
        wanted = tuple(str(part) for part in path)
        if wanted not in self.literals:
            return self.fault(wanted, message)
        number = self.values[wanted].line + line
        source = self.lines[min(number, len(self.lines) + self.first_line - 1) - self.first_line]
        written = str(self.at(wanted)).split("\n")
        shift = len(source) - len(written[line - 1]) if line <= len(written) else 0
        return Fault(self.file, number, max(shift, 0) + column, message)

    def at(self, path: Iterable[str | int]) -> Any:
        """The value at a path."""
        value = self.data
        for part in path:
            value = value[int(part)] if isinstance(value, list) else value[str(part)]
        return value

    def texts(self, path: Iterable[str | int] = ()) -> Iterable[tuple[Path, str]]:
        """All texts at and below a path, in the file's order."""
        start = tuple(str(part) for part in path)
        waiting: list[tuple[Path, Any]] = [(start, self.at(start))]
        while waiting:
            here, value = waiting.pop()
            if isinstance(value, str):
                yield here, value
            parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            waiting += [((*here, str(key)), part) for key, part in reversed(list(parts))]


class _Refused(Exception):
    """Reading cannot go on; the fault says why."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


def read_yaml(file: str, text: str, first_line: int = 1) -> tuple[Document | None, list[Fault]]:
    """The document and its faults; no document where a fault stops the reading.

    `first_line` is the number of the text's first line in the file, for YAML inside another file.
    """
    document = Document(file, text.split("\n"), first_line=first_line)
    faults = [
        Fault(file, number, line.index("\t") + 1, "a tab; YAML is indented with spaces")
        for number, line in enumerate(document.lines, first_line)
        if "\t" in line
    ]
    if faults:
        return None, faults
    try:
        _Builder(document, faults, text).read()
    except _Refused as refused:
        return None, [*faults, Fault(file, refused.line, refused.column, refused.message)]
    return document, faults


class _Builder:
    """Builds the data from the parser's events; recursion ends at DEEPEST."""

    def __init__(self, document: Document, faults: list[Fault], text: str) -> None:
        self.document, self.faults, self.text = document, faults, text

    def read(self) -> None:
        try:
            self.loader = yaml.SafeLoader(self.text)
        except yaml.reader.ReaderError as error:
            before = self.text[: error.position]
            line, column = before.count("\n") + self.document.first_line, error.position - before.rfind("\n")
            raise _Refused(line, column, "a control character is not text; take it out") from None
        try:
            self._next()  # the stream begins
            if isinstance(self._next(), yaml.StreamEndEvent):
                raise _Refused(self.document.first_line, 1, "the file is empty")
            self.document.data = self._value((), self._next())
            self._next()  # the document ends
            event = self._next()
            if not isinstance(event, yaml.StreamEndEvent):
                raise self._refused(event, "a second document (`---`); one file holds one")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line, mark.column) if mark else (0, 0)
            message = f"not YAML: {error.problem or error.context}"
            raise _Refused(line + self.document.first_line, column + 1, message) from None
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            mark = self.loader.get_mark()
            reason = str(error).splitlines()[0]
            raise _Refused(mark.line + self.document.first_line, mark.column + 1, f"not YAML: {reason}") from None

    def _next(self) -> Any:
        event = self.loader.get_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refused(event, "an anchor or alias (`&`, `*`) is refused; write the text again, or in quotes")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None):
            raise self._refused(event, "a tag (`!`) is refused; write the text in quotes")
        return event

    def _refused(self, event: Any, message: str) -> _Refused:
        mark = event.start_mark
        return _Refused(mark.line + self.document.first_line, mark.column + 1, message)

    def _value(self, path: Path, event: Any) -> Any:
        if len(path) > DEEPEST:
            raise self._refused(event, f"nested deeper than {DEEPEST} levels")
        mark = event.start_mark
        self.document.values[path] = Place(mark.line + self.document.first_line, mark.column + 1)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(path, event)

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "a key must be a word, not a list or a mapping")
            key = event.value
            here = (*path, key)
            if key in found:
                message = f"key '{key}' twice (first on line {self.document.keys[here].line}); keep one"
                self.faults.append(Fault(self.document.file, *self._place(event), message))
                here = (*path, f"{key} (again)")
            mark = self._place(event)
            self.document.keys[here] = Place(*mark)
            value = self._value(here, self._next())
            found.setdefault(key, value)
        return found

    def _place(self, event: Any) -> tuple[int, int]:
        return event.start_mark.line + self.document.first_line, event.start_mark.column + 1

    def _sequence(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value((*path, str(len(found))), event))
        return found

    def _scalar(self, path: Path, event: Any) -> Any:
        text: str = event.value
        if _NOT_TEXT.search(text):
            raise self._refused(event, "an escaped control character is not text; take it out")
        if event.style == "|":
            self.document.literals.add(path)
        return _resolve(text) if event.style is None else text


def _resolve(text: str) -> Any:
    if _NULL.match(text):
        return None
    if _TRUE.match(text) or _FALSE.match(text):
        return bool(_TRUE.match(text))
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text
