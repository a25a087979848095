"""What templates and sheets may hold: translated texts, logical properties, nothing that a strict policy blocks."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = sorted((ROOT / "lms" / "templates").rglob("*.html"))
TEMPLATES = [*PLUGIN, *sorted((ROOT / "templates").rglob("*.html"))]
SHEETS = [*sorted((ROOT / "lms" / "static").rglob("*.css")), *sorted((ROOT / "host" / "static").rglob("*.css"))]
SPOKEN = {"alt", "title", "aria-label", "placeholder", "aria-description", "label"}
UNREAD = ("hidden", "radio", "checkbox")  # fields whose value the server reads, and nobody else
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


class Reader(HTMLParser):
    """Collects what a visitor would read or hear, and what a content policy would block."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.blocked: list[str] = []
        self.feed(JINJA.sub("", path.read_text()))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.blocked.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.blocked.append(f"{tag} {name}")
            is_read = tag in ("input", "button") and name == "value" and given.get("type") not in UNREAD
            if name in SPOKEN or is_read or name.startswith("data-"):
                self.texts += [value] if value and re.search(r"[^\W\d_]{2}", value) else []

    def handle_data(self, data: str) -> None:
        if re.search(r"[^\W\d_]", data):
            self.texts.append(data.strip())


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_script_style_or_handler_is_inline(path: Path) -> None:
    assert not Reader(path).blocked
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup", path.read_text())


@pytest.mark.parametrize("path", PLUGIN, ids=name_of)
def test_every_text_goes_through_gettext(path: Path) -> None:
    assert not Reader(path).texts


@pytest.mark.parametrize("path", PLUGIN, ids=name_of)
def test_gettext_gets_only_our_own_constants(path: Path) -> None:
    """`_()` makes markup of what it translates: a text that holds what somebody typed must not pass through it."""
    text = JINJA.findall(path.read_text())
    given = {m.group(1) for part in text for m in re.finditer(r"(?<![\w.])_\(\s*([^\"'\s)][\w.]*)", part)}
    assert not {name for name in given if not re.match(r"lms_words\.|field\.label\.text$", name)}


PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border)-(left|right|top|bottom)[\w-]*|left|right|top|bottom"
    r"|border-(top|bottom)-(left|right)-radius)\s*:"
    r"|(?<![\w-])(float|clear|text-align)\s*:\s*(left|right)"
)


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_style_sheets_use_logical_properties(path: Path) -> None:
    assert not [m.group() for m in PHYSICAL.finditer(path.read_text())]


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_style_sheets_load_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r"@import|https?://", path.read_text())
