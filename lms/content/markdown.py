"""Markdown to safe HTML: CommonMark with tables, footnotes, definition lists and boxes, no HTML of the author's."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

# The kinds of boxes, and the English words above a box that brings no title of its own.
BOXES = {"case": "A worked case", "both-sides": "Seen from both sides", "try": "Try today", "note": "Note"}
MEDIA_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.(?:svg|png|jpg|webp)\Z")
SECTION_FILE = re.compile(r"(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.md\Z")
OUTSIDE = re.compile(r"(?:https?://|mailto:)[^\s]+\Z", re.IGNORECASE)

_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "section", "img"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
    *("strong", "em", "code", "br", "a", "sup"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "rel", "id"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "li": {"id"},
}
_CLASSES = {
    "section": {"lms-box", *(f"lms-box-{kind}" for kind in BOXES), "footnotes"},
    "ol": {"footnotes-list"},
    "li": {"footnote-item"},
    "sup": {"footnote-ref"},
    "a": {"footnote-backref"},
    "hr": {"footnotes-sep"},
    "th": {"text-start", "text-center", "text-end"},
    "td": {"text-start", "text-center", "text-end"},
}
_ALIGNED = {"text-align:left": "text-start", "text-align:center": "text-center", "text-align:right": "text-end"}
_FOOTNOTE = re.compile(r"fn(?:ref)?\d+(?::\d+)?\Z")


def render_section(text: str) -> str:
    """A section's HTML, without its front matter; picture addresses stay `media/name.svg`."""
    return _cleaned(_section_parser().render(text))


def render_brief(text: str) -> str:
    """The HTML of a task's brief: no boxes and no footnotes."""
    return _cleaned(_phrase_parser().render(text))


def render_phrase(text: str) -> str:
    """The HTML of a prompt, an option or feedback; one paragraph comes without `<p>`, so that it fits a label."""
    html = render_brief(text)
    single = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return html[3:-4] if single else html


def parser(*, html: bool, section: bool) -> MarkdownIt:
    """The parser of sections, or of the smaller texts; `html=True` recognises HTML so that a check can refuse it."""
    found = MarkdownIt("commonmark", {"html": html}).enable("table").use(deflist_plugin)
    if section:
        found.use(front_matter_plugin).use(footnote_plugin)
        for kind in BOXES:
            found.use(container_plugin, kind, render=_box)
    return found


@lru_cache(maxsize=1)
def _section_parser() -> MarkdownIt:
    return _with_rules(parser(html=False, section=True))


@lru_cache(maxsize=1)
def _phrase_parser() -> MarkdownIt:
    return _with_rules(parser(html=False, section=False))


def _with_rules(found: MarkdownIt) -> MarkdownIt:
    found.add_render_rule("image", _image)
    found.add_render_rule("link_open", _link)
    found.add_render_rule("th_open", _cell)
    found.add_render_rule("td_open", _cell)
    return found


def _box(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    if tokens[index].nesting != 1:
        return "</section>\n"
    kind, title = box_title(tokens[index])
    return f'<section class="lms-box lms-box-{kind}"><h2>{escapeHtml(title or BOXES[kind])}</h2>\n'


def box_title(token: Token) -> tuple[str, str]:
    """The kind of a box and the title that the author gave, if any."""
    kind, _, title = token.info.strip().partition(" ")
    return kind, title.strip()


def _image(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    tokens[index].attrSet("loading", "lazy")
    return self.image(tokens, index, options, env)


def _link(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    address = str(token.attrGet("href") or "")
    section = SECTION_FILE.match(address)
    if OUTSIDE.match(address):
        token.attrSet("rel", "noopener noreferrer")
    elif section:
        token.attrSet("href", section[2])
    return self.renderToken(tokens, index, options, env)


def _cell(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # Inline styles are refused by the content policy; Bootstrap's logical classes turn with the writing direction.
    style = tokens[index].attrs.pop("style", None)
    if style:
        tokens[index].attrSet("class", _ALIGNED.get(str(style), ""))
    return self.renderToken(tokens, index, options, env)


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=_attribute,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    ).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Addresses lead to the open web, to a sibling section, to a footnote, or into media/; nowhere else."""
    if name == "src":
        return value if value.startswith("media/") and MEDIA_NAME.match(value[6:]) else None
    if name == "href":
        inside = re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value) or _FOOTNOTE.match(value.removeprefix("#"))
        in_media = value.startswith("media/") and MEDIA_NAME.match(value[6:])
        return value if OUTSIDE.match(value) or inside or in_media else None
    if name == "id":
        return value if _FOOTNOTE.match(value) else None
    return value
