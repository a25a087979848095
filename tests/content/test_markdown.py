"""Markdown can say much and do nothing: what comes out is on a short list of tags and addresses."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.markdown import render_phrase, render_section
from lms.content.markdown_checks import check_phrase, check_section

VECTORS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php echo 1 ?><x onclick=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](\\x01javascript:alert(1))",
    "[x](//evil.example)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[x]\n\n[x]: javascript:alert(1)",
    "[x](https://example.org \"' onmouseover='alert(1)\")",
    "[x](https://example.org '\" onmouseover=\"alert(1)')",
    '![" onerror="alert(1)](media/a.svg)',
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x](https://evil.example/track.png)",
    "![x](media/../../../etc/passwd)",
    '::: case "><script>alert(1)</script>\nx\n:::',
    "::: case <img src=x onerror=alert(1)>\nx\n:::",
    '```"><script>alert(1)</script>\nx\n```',
    "```js onload=alert(1)\nx\n```",
    "x[^a]\n\n[^a]: <script>alert(1)</script>",
    'x[^"onload="x]\n\n[^"onload="x]: y',
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "section", "img"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
    *("strong", "em", "code", "br", "a", "sup"),
}
ATTRIBUTES = {"href", "title", "rel", "id", "src", "alt", "loading", "start", "class"}
ADDRESS = re.compile(
    r"https?://[^\s\"<>]+|mailto:[^\s\"<>]+|#fn(ref)?[0-9:]+|media/[a-z0-9-]+\.[a-z]+|[a-z0-9-]+", re.IGNORECASE
)
PICTURE = re.compile(r"media/[a-z0-9-]+\.(svg|png|jpg|webp)")


class _Inspector(HTMLParser):
    """Fails on anything that is not on the list."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            if name == "href":
                assert ADDRESS.fullmatch(value or ""), value
            if name == "src":
                assert PICTURE.fullmatch(value or ""), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"instruction: {data}")


def inspect(html: str) -> None:
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()


@pytest.mark.parametrize("vector", VECTORS)
def test_vector_does_not_survive(vector: str) -> None:
    for text in (vector, f"> - {vector}", f"::: note x\n{vector}\n:::"):
        inspect(render_section(text))
        inspect(render_phrase(text))


@given(st.text(alphabet=st.sampled_from("<>&'\"[]()!:`*_|-# \n^ajsx/=;"), max_size=200) | st.sampled_from(VECTORS))
def test_no_text_makes_more_than_the_list(text: str) -> None:
    inspect(render_section(text))
    inspect(render_phrase(text))


@given(st.text(max_size=300))
def test_no_text_stops_a_check(text: str) -> None:
    for reading in (check_section(text), check_phrase(text)):
        assert all(line >= 1 and column >= 1 for line, column, _ in reading.faults)


@pytest.mark.parametrize("text", ["![" * 500, "[" * 5000, "> " * 3000, "*a " * 3000, "::: case\n" * 300, "- " * 2000])
def test_nested_text_ends(text: str) -> None:
    check_section(text)
    inspect(render_section(text))


def test_one_paragraph_fits_a_label() -> None:
    assert render_phrase("Ask *first*") == "Ask <em>first</em>"
    assert render_phrase("a\n\nb") == "<p>a</p>\n<p>b</p>"
    assert render_phrase("- a") == "<ul>\n<li>a</li>\n</ul>"
    assert render_phrase("") == ""


def test_links_out_say_so_and_links_inside_do_not() -> None:
    mail = '<a href="mailto:a@example.org" rel="noopener noreferrer">a</a>'
    assert render_phrase("[a](mailto:a@example.org)") == mail
    assert render_section("[a](03-both-sides.md)") == '<p><a href="both-sides">a</a></p>'


def test_box_without_title_has_the_kind_as_title() -> None:
    assert render_section("::: both-sides\nx\n:::").startswith(
        '<section class="lms-box lms-box-both-sides"><h2>Seen from both sides</h2>'
    )


def test_heading_levels_start_again_behind_a_box() -> None:
    text = "---\ntitle: x\n---\n## A\n\n### B\n\n::: try T\nx\n:::\n\n#### C\n"
    assert check_section(text).faults == []
