"""GIFT as text: where questions end, what is escaped, and on which line everything stands."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)


@dataclass
class Chunk:
    """The lines of one question, joined by line ends, without its comments; or a category alone."""

    comments: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = ""
        self.starts: list[int] = []

    def close(self) -> "Chunk":
        """No line comes any more."""
        self.text = "\n".join(self.lines)
        at = 0
        for line in self.lines:
            self.starts.append(at)
            at += len(line) + 1
        return self

    def line_at(self, offset: int) -> int:
        """The line of the file at an offset of the text."""
        return self.numbers[max(bisect_right(self.starts, offset) - 1, 0)] if self.numbers else self.comments[0][0]


@dataclass(frozen=True)
class Slice:
    """A part of a chunk's text."""

    chunk: Chunk
    begin: int
    end: int

    @property
    def raw(self) -> str:
        """As it is written."""
        return self.chunk.text[self.begin : self.end]

    @property
    def text(self) -> str:
        """With its escapes resolved, without the spaces around it."""
        return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], self.raw).strip()

    @property
    def line(self) -> int:
        """Where its first word stands."""
        return self.chunk.line_at(self.begin + len(self.raw) - len(self.raw.lstrip()))

    def part(self, begin: int, end: int) -> "Slice":
        """A part of it, by offsets of the chunk."""
        return Slice(self.chunk, begin, end)

    def stripped(self) -> "Slice":
        """Without the spaces around it."""
        begin = self.begin + len(self.raw) - len(self.raw.lstrip())
        return self.part(begin, max(begin, self.begin + len(self.raw.rstrip())))

    def format(self, otherwise: str) -> tuple[str, "Slice"]:
        """The format that it names at its beginning, and the rest."""
        found = _FORMAT.match(self.raw)
        return (found[1].lower(), self.part(self.begin + found.end(), self.end)) if found else (otherwise, self)

    def find(self, signs: str) -> Iterator[int]:
        """The offsets of signs (as a regular expression) that no backslash escapes."""
        for found in re.finditer(rf"\\.|({signs})", self.raw, re.DOTALL):
            if found[1]:
                yield self.begin + found.start()

    def first(self, signs: str) -> int | None:
        """The first of these offsets."""
        return next(self.find(signs), None)

    def cut(self, signs: str) -> list["Slice"]:
        """The parts before, between and behind signs of one character."""
        places = list(self.find(signs))
        return [
            self.part(begin, end)
            for begin, end in zip([self.begin, *(place + 1 for place in places)], [*places, self.end], strict=True)
        ]


def chunks(text: str) -> Iterator[Chunk]:
    """The questions and categories of a file: an empty line ends a question, a comment does not."""
    found = Chunk()
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare.startswith("//"):
            found.comments += [(number, bare[2:].strip())] if bare[2:].strip() else []
        elif bare.startswith("$CATEGORY:"):
            yield found.close()
            yield Chunk(numbers=[number], lines=[bare]).close()
            found = Chunk()
        elif bare:
            found.numbers.append(number)
            found.lines.append(line)
        elif found.lines:
            yield found.close()
            found = Chunk()
    yield found.close()
