"""What is wrong in a Markdown text, each with its line and column in that text, counted from 1."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lms.content.markdown import BOXES, MEDIA_NAME, OUTSIDE, SECTION_FILE, box_title, parser
from lms.content.validation import suggestion

Spot = tuple[int, int]
_DANGEROUS = re.compile(r"\s*(?:javascript|data|vbscript|file|blob)\s*:", re.IGNORECASE)


@dataclass
class Reading:
    """What a check found: faults, and what the text refers to and says."""

    faults: list[tuple[int, int, str]] = field(default_factory=list)
    media: list[tuple[str, int, int]] = field(default_factory=list)
    sections: list[tuple[str, int, int]] = field(default_factory=list)
    head: str | None = None
    blocks: list[tuple[int, str]] = field(default_factory=list)

    def add(self, spot: Spot, message: str) -> None:
        """Note a fault."""
        self.faults.append((*spot, message))


def check_section(text: str, language: str = "en") -> Reading:
    """Read a section with its front matter; headings begin at level 2."""
    return _Check(text, language, section=True, headings_from=2).run()


def check_phrase(text: str, headings_from: int | None = None) -> Reading:
    """Read a prompt, an option, feedback, or with `headings_from=3` a task's brief."""
    return _Check(text, "", section=False, headings_from=headings_from).run()


@lru_cache(maxsize=2)
def _parser(section: bool) -> MarkdownIt:
    found = parser(html=True, section=section)
    # Every address is taken as a link here, so that a dangerous one is seen instead of shown as text.
    found.validateLink = lambda url: True  # type: ignore[method-assign]
    return found


class _Cursor:
    """Finds what inline tokens stand for in the lines of their block, from left to right."""

    def __init__(self, lines: list[str], start: int, end: int) -> None:
        self.lines, self.line, self.column, self.end = lines, start, 0, max(end, start + 1)

    def find(self, *needles: str) -> Spot:
        """The place of the first needle that occurs, and the cursor behind it; else where the cursor is."""
        for needle in needles:
            for number in range(self.line, min(self.end, len(self.lines))):
                at = self.lines[number].find(needle, self.column if number == self.line else 0)
                if needle and at >= 0:
                    self.line, self.column = number, at + len(needle)
                    return number + 1, at + 1
        return self.line + 1, self.column + 1


class _Check:
    """One reading of one text."""

    def __init__(self, text: str, language: str, *, section: bool, headings_from: int | None) -> None:
        self.text, self.language, self.section, self.headings_from = text, language, section, headings_from
        self.lines = text.split("\n")
        self.found = Reading()
        self.cursors: dict[tuple[int, int], _Cursor] = {}
        self.block = (0, 1)
        self.heading = (headings_from or 2) - 1
        self.around: list[int] = []
        self.unknown_boxes = 0

    def run(self) -> Reading:
        try:
            tokens = _parser(self.section).parse(self.text)
        except RecursionError:
            self.found.add((1, 1), "nested too deeply")
            return self.found
        for token in tokens:
            if token.map:
                self.block = (token.map[0], token.map[1])
            self._block(token)
        return self.found

    def _block(self, token: Token) -> None:
        spot = (self.block[0] + 1, self._indent(self.block[0]) + 1)
        if token.type == "front_matter":
            self.found.head = token.content
        elif token.type == "html_block":
            self._html(token.content, spot)
        elif token.type == "heading_open":
            self._heading(int(token.tag[1]), spot)
        elif token.type.startswith("container_"):
            self._box(token, spot)
        elif token.type in ("fence", "code_block"):
            self.found.blocks.append((spot[0], token.content))
        elif token.type == "inline":
            self.found.blocks.append((spot[0], _plain(token)))
            cursor = self.cursors.setdefault(self.block, _Cursor(self.lines, *self.block))
            for child in token.children or ():
                self._inline(child, cursor)

    def _indent(self, line: int) -> int:
        written = self.lines[line] if line < len(self.lines) else ""
        return len(written) - len(written.lstrip(" >"))

    def _html(self, content: str, spot: Spot) -> None:
        if content.lstrip().startswith("<!--"):
            self.found.add(spot, "an HTML comment: learners could read it in the page; take it out")
        else:
            first = content.strip().split("\n")[0][:40]
            self.found.add(spot, f"raw HTML `{first}`: it is not shown; write it in Markdown")

    def _heading(self, level: int, spot: Spot) -> None:
        first = self.headings_from
        if first is None:
            self.found.add(spot, "a heading cannot stand here; headings belong in sections")
        elif level < first:
            self.found.add(spot, f"a heading of level {level}: the title is above it; begin with `{'#' * first}`")
        elif level > self.heading + 1:
            wanted = "#" * (self.heading + 1)
            self.found.add(spot, f"heading level {level} follows level {self.heading}: use `{wanted}`")
        self.heading = max(level, (first or 2) - 1)

    def _box(self, token: Token, spot: Spot) -> None:
        if token.nesting != 1:
            self.heading = self.around.pop()
            return
        self.around.append(self.heading)
        self.heading = 2
        kind, title = box_title(token)
        if not title and self.language != "en":
            self.found.add(spot, f"a box needs a title in this language: `::: {kind} Title`")
        end = self.block[1]
        if end >= len(self.lines) or not self.lines[end].lstrip(" >").startswith(":::"):
            self.found.add(spot, f"the box `::: {kind}` is not closed; end it with a line `:::`")

    def _inline(self, token: Token, cursor: _Cursor) -> None:
        if token.type == "html_inline":
            self._html(token.content, cursor.find(token.content.split("\n")[0]))
        elif token.type == "image":
            self._image(token, cursor)
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "")
            written = unquote(address)
            line, column = cursor.find(f"]({address}", f"]({written}", f"<{address}", address, written, "](")
            is_inline = line <= len(self.lines) and self.lines[line - 1].startswith("](", column - 1)
            self._link(address, (line, column + 2 if is_inline else column))
        elif token.type == "text":
            self._text(token.content, cursor)

    def _text(self, text: str, cursor: _Cursor) -> None:
        if text.startswith(":::"):
            kind = text.strip(": ").partition(" ")[0]
            spot = cursor.find(text)
            if not self.section:
                self.found.add(spot, "a box can stand in a section only")
            elif kind:
                self.unknown_boxes += 1
                self.found.add(spot, f"unknown box '{kind}'{suggestion(kind, BOXES)}")
            elif self.unknown_boxes:
                self.unknown_boxes -= 1
            else:
                self.found.add(spot, "`:::` ends a box, but none is open here")
        elif "[^" in text:
            why = "has no text: write it as `[^1]: …`" if self.section else "can stand in a section only"
            self.found.add(cursor.find("[^"), f"the footnote {why}")

    def _image(self, token: Token, cursor: _Cursor) -> None:
        spot = cursor.find("![")
        address = str(token.attrGet("src") or "")
        if not token.content.strip():
            self.found.add(spot, "the picture has no alternative text: `![what it shows](media/…)`")
        if not self.section:
            self.found.add(spot, "a picture can stand in a section only")
        elif not address.startswith("media/") or not MEDIA_NAME.match(address[6:]):
            message = f"the picture '{address[:60]}' must lie in media/: `media/name.svg` (.svg, .png, .jpg, .webp)"
            self.found.add(spot, message)
        else:
            self.found.media.append((address[6:], *spot))
        for child in token.children or ():
            self._inline(child, cursor)

    def _link(self, address: str, spot: Spot) -> None:
        if _DANGEROUS.match(unquote(address)):
            self.found.add(spot, f"the link '{address[:60]}' could run a program; use https")
        elif OUTSIDE.match(address):
            return
        elif self.section and address.startswith("media/") and MEDIA_NAME.match(address[6:]):
            self.found.media.append((address[6:], *spot))
        elif self.section and SECTION_FILE.match(address):
            self.found.sections.append((address, *spot))
        else:
            inside = ", a section's file (`02-key.md`) or media/" if self.section else ""
            message = f"broken link '{address[:60]}': a link leads to https://, mailto:{inside}; write it in full"
            self.found.add(spot, message)


def _plain(token: Token) -> str:
    return "".join(_words(token.children or []))


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield from _words(token.children or [])
        elif token.type in ("text", "code_inline"):
            yield token.content
