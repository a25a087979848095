"""One question of a Moodle XML file: its element, and a part of the ledger for everything that it says."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from lms.content.importers.ledger import Foreign, Ledger, Part
from lms.content.importers.markup import NAMES
from lms.content.importers.numbers import read_number
from lms.content.importers.shaping import NOTHING, Answer, Text
from lms.content.importers.xml_tree import Element

# Told with the text or file that they describe.
_DESCRIBING = {"format", "encoding", "path", "name"}
_YES = {"1", "true", "yes"}


def noted(element: Element, note: Callable[[int, str, str], Part]) -> Iterator[tuple[tuple[int, str], Part]]:
    """A part for each text and attribute at and below an element, keyed by the element and the attribute's name."""
    waiting = [(element, element.name)]
    while waiting:
        here, label = waiting.pop()
        if here.text.strip():
            yield (id(here), ""), note(here.line, label, here.text.strip())
        for name, value in here.attributes.items():
            if name not in _DESCRIBING and value.strip():
                yield (id(here), name), note(here.line, f"{label} {name}", value.strip())
        for child in reversed(here.children):
            waiting.append((child, label if child.name == "text" else child.name))


class Item:
    """A question's element; what is asked of it is at the same time what becomes of its parts."""

    def __init__(self, element: Element, ledger: Ledger) -> None:
        self.element = element
        self.question: Foreign = ledger.question(element.line)
        self.parts = dict(noted(element, self.question.part))

    def part(self, element: Element | None, attribute: str = "") -> Part | None:
        """The part that an element's text (or attribute) is; None where it says nothing."""
        return self.parts.get((id(element), attribute)) if element is not None else None

    def text_of(self, element: Element | None, otherwise: str = "html") -> Text:
        """The text of an element that holds one, with its format."""
        if element is None:
            return NOTHING
        holder = element.first("text") or element
        part = self.part(holder)
        named = element.attributes.get("format", otherwise)
        return Text(part, holder.text.strip(), NAMES.get(named, otherwise)) if part is not None else NOTHING

    def text(self, name: str) -> Text:
        """The text of a child."""
        return self.text_of(self.element.first(name))

    def value(self, name: str, otherwise: str = "") -> str:
        """What a child says, which is carried with it."""
        part = self.part(self.element.first(name))
        if part is None:
            return otherwise
        part.carry()
        return part.text

    def yes(self, name: str, otherwise: bool = False) -> bool:
        """Whether a child says yes."""
        return self.value(name, "1" if otherwise else "0").lower() in _YES

    def expect(self, name: str, values: set[str], reason: str) -> None:
        """A child that may say one of these, and else is dropped; numbers compare as numbers."""
        for child in self.element.all(name):
            part = self.part(child) or self.part(child.first("text"))
            if part is None:
                continue
            number = read_number(part.text)
            if part.text.lower() in values or (number is not None and number in map(read_number, values)):
                part.carry()
            else:
                part.drop(reason)

    def drop(self, name: str, reason: str) -> None:
        """Everything at and below the children of a name."""
        inner = {id(below) for child in self.element.all(name) for below in child.walk()}
        for (key, _attribute), part in self.parts.items() if inner else ():
            if key in inner:
                part.drop(reason)

    def answers(self) -> list[Answer]:
        """The answers with their percentages."""
        return [self._answer(element) for element in self.element.all("answer")]

    def _answer(self, element: Element) -> Answer:
        weight = self.part(element, "fraction")
        percent = read_number(weight.text) if weight is not None else Fraction(0)
        text = self.text_of(element)
        if percent is None or text.part is None:
            self.question.refuse("an answer without a text" if text.part is None else "a fraction that is no number")
        part = weight or text.part or Part(element.line, "answer", "")
        return Answer(text, percent or Fraction(0), part, self.text_of(element.first("feedback")))
