"""XML as a tree that knows its lines: no DOCTYPE, so no entities and nothing fetched; and no recursion."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from lms.content.importers.bank_file import refused
from lms.errors import Fault

DEEPEST = 50
MOST_ELEMENTS = 200_000
_BUFFER = 1024 * 1024


@dataclass
class Element:
    """An element: its own text, its attributes, its children in order."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> list["Element"]:
        """The children of a name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in the order of the file."""
        waiting = [self]
        while waiting:
            here = waiting.pop()
            yield here
            waiting += reversed(here.children)


def read_xml(file: str, body: bytes) -> Element:
    """The root element, with comments as elements named `#comment`. Raises FaultyFile."""
    return _Reader(file).read(body)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.root = Element("#document", 1)
        self.open = [self.root]
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = _BUFFER
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.CommentHandler = self._comment
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartDoctypeDeclHandler = self._doctype

    def read(self, body: bytes) -> Element:
        try:
            self.parser.Parse(body, True)
        except expat.ExpatError as error:
            message = f"not well-formed XML: {expat.ErrorString(error.code)}"
            raise refused([Fault(self.file, error.lineno, error.offset + 1, message)]) from None
        except (ValueError, LookupError):
            message = "it names an encoding that is not known; save it as UTF-8"
            raise refused([Fault(self.file, 1, 1, message)]) from None
        return self.root

    def _refuse(self, message: str) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise refused([Fault(self.file, line, column, message)])

    def _add(self, name: str, attributes: dict[str, str], text: str = "") -> Element:
        self.count += 1
        if self.count > MOST_ELEMENTS:
            self._refuse(f"more than {MOST_ELEMENTS} elements; split the file")
        found = Element(name, self.parser.CurrentLineNumber, attributes, text)
        self.open[-1].children.append(found)
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) > DEEPEST:
            self._refuse(f"nested deeper than {DEEPEST} elements")
        self.open.append(self._add(name, attributes))

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _comment(self, text: str) -> None:
        self._add("#comment", {}, text)

    def _instruction(self, target: str, data: str) -> None:
        self._add("#instruction", {}, f"{target} {data}")

    def _doctype(self, *_given: object) -> None:
        self._refuse("a DOCTYPE is refused (it can hide text and fetch files); take the line out")
