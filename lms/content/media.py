"""Pictures of a course: their bytes are what their names say, and an SVG can do nothing but be drawn."""

import re
from xml.parsers import expat

from lms.errors import Fault

CONTENT_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
_REFUSED = {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}
_FOREIGN_URL = re.compile(r"url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)
_PROGRAM = re.compile(r"(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


def check_media(file: str, name: str, body: bytes) -> list[Fault]:
    """Faults of one file under media/; `name` is its name there."""
    suffix = name[name.rfind(".") :]
    if suffix == ".svg":
        return _Svg(file).check(body)
    begins = {
        ".png": body.startswith(b"\x89PNG\r\n\x1a\n"),
        ".jpg": body.startswith(b"\xff\xd8\xff"),
        ".webp": body[:4] == b"RIFF" and body[8:12] == b"WEBP",
    }
    if begins[suffix]:
        return []
    return [Fault(file, 1, 1, f"the bytes are not those of a {suffix} file; save the picture again or rename it")]


class _Stop(Exception):
    """What comes is not worth reading."""


class _Svg:
    """One reading of an SVG; expat reads it without recursion and without fetching anything."""

    def __init__(self, file: str) -> None:
        self.file, self.faults, self.depth = file, list[Fault](), 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._element
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.CharacterDataHandler = self._characters
        self.parser.buffer_text = True
        self.inside = ""

    def check(self, body: bytes) -> list[Fault]:
        try:
            self.parser.Parse(body, True)
        except expat.ExpatError as error:
            message = f"not a well-formed SVG: {expat.ErrorString(error.code)}"
            self.faults.append(Fault(self.file, error.lineno, error.offset + 1, message))
        except (ValueError, LookupError):
            self.faults.append(Fault(self.file, 1, 1, "the SVG names an encoding that is not known; save it as UTF-8"))
        except _Stop:
            pass
        return self.faults

    def _add(self, message: str) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        self.faults.append(Fault(self.file, line, column, message))

    def _doctype(self, *given: object) -> None:
        self._add("a DOCTYPE is refused (it can hide text and fetch files); take the line out")
        raise _Stop

    def _instruction(self, target: str, data: str) -> None:
        self._add(f"`<?{target}` is refused; take the line out")

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.inside = ""

    def _characters(self, text: str) -> None:
        # A backslash could hide `url` from this check.
        if self.inside == "style" and (_FOREIGN_URL.search(text) or "@import" in text.lower() or "\\" in text):
            self._add("<style> refers outside; a picture must hold all that it shows")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if self.depth == 0 and local != "svg":
            self._add(f"the bytes are not those of a .svg file: the first element is <{name}>, not <svg>")
            raise _Stop
        self.depth += 1
        self.inside = local
        if local in _REFUSED:
            self._add(f"<{name}> is refused in a picture; use attributes and shapes only")
        for key, value in attributes.items():
            self._attribute(name, key.lower(), value)

    def _attribute(self, element: str, key: str, value: str) -> None:
        local = key.rpartition(":")[2]
        if local.startswith("on"):
            self._add(f"the attribute '{key}' of <{element}> runs a program; take it out")
        elif local in ("href", "src") and not value.strip().startswith("#"):
            self._add(f"<{element}> refers to '{value[:60]}'; a picture must hold all that it shows")
        elif key.startswith("xmlns"):
            return
        elif _FOREIGN_URL.search(value) or _PROGRAM.search(value) or "@import" in value:
            self._add(f"the attribute '{key}' of <{element}> refers outside; a picture must hold all that it shows")
