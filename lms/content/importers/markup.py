"""Foreign texts as Markdown: HTML, plain text, and Moodle's own mixture of both.

Whatever way is taken, the words of the result are compared with those of the original; where they differ, the text is
written without any formatting, and that is said.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

from lms.content.markdown import OUTSIDE, render_phrase
from lms.content.markdown_checks import check_phrase

FORMATS = ("html", "moodle", "plain", "markdown")
# Foreign names of formats: GIFT's, and those of Moodle's XML.
NAMES = {**dict(zip(FORMATS, FORMATS, strict=True)), "moodle_auto_format": "moodle", "plain_text": "plain"}
LONGEST = 20_000  # characters of one text
_TAG = re.compile(r"<!--|</?[a-zA-Z][^<>]*>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_INLINE = re.compile(r"[\\`*\[\]]|_(?![^\W_])|(?<![^\W_])_|<(?=[A-Za-z/!?])|&(?=[#\w]+;)|!(?=\[)")
_LINE_START = re.compile(
    r"^([ ]*)(?:(#{1,6}|[-+=]+|[>|:~])(?=[\s>|~]|$)|(>)|(\d{1,9})([.)])(?=\s|$)|(:::|~~~))", re.MULTILINE
)
_END_TAG = re.compile(r"</([a-zA-Z][^\s/<>]*)([^<>]*)>")
_DECLARED = re.compile(r"<[!?][^>]*>?")
_PICTURES = re.compile(r"<(?:img|audio|video|object|embed|iframe|svg|canvas)\b", re.IGNORECASE)
_KEPT = {
    *("p", "br", "b", "strong", "i", "em", "code", "pre", "ul", "ol", "li", "a", "blockquote", "hr", "div", "html"),
    *("body", "table", "thead", "tbody", "tr", "th", "td", "span", "dl", "dt", "dd"),
}
_KEPT_ATTRIBUTES = {("a", "href"), ("a", "target"), ("a", "rel"), ("p", "dir"), ("div", "dir"), ("span", "lang")}
_UNSEEN = ["script", "style", "template", "head", "title"]


def to_markdown(text: str, format: str) -> tuple[str, list[str]]:
    """The text as Markdown, and what of it was changed, in words; raises ValueError where it cannot be taken."""
    _check_length(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n ")
    if format == "markdown":
        return text, []
    if format == "plain" or not _TAG.search(text):
        written = escaped(text)
        return (written, []) if format == "html" else (written.replace("\n", "\\\n"), [])
    return _from_html(text if format == "html" else text.replace("\n", "<br>\n"))


def plain_words(text: str, format: str) -> tuple[str, list[str]]:
    """A text for a place where no formatting is seen (an accepted form), and what was changed; raises ValueError."""
    _check_length(text)
    if format not in ("html", "moodle") or not _TAG.search(text):
        return text.strip(), []
    soup = BeautifulSoup(text, "html.parser")
    return " ".join(soup.get_text(" ").split()), ["formatting was taken out"] if soup.find() else []


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise ValueError(f"a text of {len(text)} characters; at most {LONGEST} are taken")


def escaped(text: str) -> str:
    """Plain text as Markdown that shows just this text."""
    return "\n".join(line.strip() for line in _marked(text).split("\n"))


def _marked(text: str) -> str:
    """The text with a backslash before all that would be formatting."""
    return _LINE_START.sub(_escape_start, _INLINE.sub(lambda found: f"\\{found.group()}", text))


def _escape_start(found: re.Match[str]) -> str:
    indent, marks, quote, number, dot, fence = found.groups()
    return f"{indent}{number}\\{dot}" if number else f"{indent}\\{marks or quote or fence}"


class _Converter(MarkdownConverter):
    """With our escapes; headings are strong, since none can stand in a question."""

    def escape(self, text: str, parent_tags: Iterable[str]) -> str:
        marked = _marked(text)
        return marked.replace("|", "\\|") if {"td", "th"} & set(parent_tags) else marked

    def convert_hN(self, n: int, el: object, text: str, parent_tags: Iterable[str]) -> str:
        return f"\n\n**{' '.join(text.split())}**\n\n" if text.strip() else ""


def _from_html(html: str) -> tuple[str, list[str]]:
    try:
        soup = BeautifulSoup(html, "html.parser")
        changes = [*_changes(soup), *_broken(html, soup)]
        for tag in soup(_UNSEEN):
            tag.decompose()
        for tag in soup("a"):
            if not OUTSIDE.match(str(tag.get("href", ""))):
                tag.unwrap()
        wanted = _squeezed(soup.get_text(" "))
        written = _Converter(strip=["img"], bullets="-", newline_style="backslash").convert_soup(soup).strip()
        if _squeezed(words_of(render_phrase(written))) != wanted or check_phrase(written).faults:
            return escaped(re.sub(r"\n\s*\n+", "\n\n", soup.get_text("\n\n" if soup.find("p") else " ").strip())), [
                *changes,
                "formatting was taken out",
            ]
    except RecursionError:
        raise ValueError("its HTML is nested too deeply") from None
    return re.sub(r"\n{3,}", "\n\n", written), changes


def _changes(soup: BeautifulSoup) -> list[str]:
    """What of the HTML has no place in Markdown."""
    found: dict[str, None] = {}
    for tag in soup.find_all(True):
        if _PICTURES.match(f"<{tag.name}"):
            named = str(tag.get("src") or tag.get("data") or tag.get("alt") or "")[:80]
            found[f"a picture or medium was taken out: <{tag.name}> {named}".strip()] = None
        elif tag.name in _UNSEEN:
            found[f"<{tag.name}> was taken out: {' '.join(tag.get_text(' ').split())}"] = None
        elif tag.name == "a" and not OUTSIDE.match(str(tag.get("href", ""))):
            found[f"a link was taken out: {tag.get('href', '')!s}"] = None
        elif tag.name not in _KEPT:
            found[f"the formatting <{tag.name}> was taken out"] = None
        else:
            lost = [name for name in tag.attrs if (tag.name, name) not in _KEPT_ATTRIBUTES]
            found |= {f'the formatting {name}="{tag.get(name)}" was taken out': None for name in lost}
    return list(found)


def _broken(html: str, soup: BeautifulSoup) -> list[str]:
    """End tags that end nothing, and what stands in HTML's comments."""
    known = {tag.name for tag in soup.find_all(True)}
    ends = [found for found in _END_TAG.finditer(html) if found[1].lower() not in known or found[2].strip()]
    return [f"`{found.group()}` was taken out" for found in [*ends, *_DECLARED.finditer(html)]]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words_of(html: str) -> str:
    """The words of HTML without its tags."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return " ".join(reader.found)


def _squeezed(text: str) -> str:
    return "".join(text.split())
