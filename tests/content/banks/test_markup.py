"""Foreign texts as Markdown: the same words, whatever they are; what is lost is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.importers.markup import escaped, plain_words, to_markdown, words_of
from lms.content.markdown import render_phrase

SIGNS = st.text("ab1 _*[]()<>&;#-+=.|:~!`\\\n>\"'$@^{}", max_size=30)


def squeezed(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=500, deadline=None)
@given(text=SIGNS)
def test_plain_text_shows_as_it_is(text: str) -> None:
    assert squeezed(words_of(render_phrase(escaped(text)))) == squeezed(text)
    assert squeezed(words_of(render_phrase(to_markdown(text, "plain")[0]))) == squeezed(text)


HTML = {
    "words alone": ("a", "a", []),
    "paragraphs and breaks": ("<p>a</p><p>b<br>c</p>", "a\n\nb\\\nc", []),
    "strong and emphasised": ("<b>a</b> <strong>b</strong> <i>c</i> <em>d</em>", "**a** **b** *c* *d*", []),
    "lists": ("<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>", "- a\n- b\n\n1. c", []),
    "code": ("<code>a*b</code>", "`a*b`", []),
    "a link": ('<a href="https://example.org">a</a>', "[a](https://example.org)", []),
    "signs of Markdown": ("*a* _b_ 1. c", r"\*a\* \_b\_ 1. c", []),
    "entities": ("2 &lt; 3 &amp; caf&eacute;", "2 < 3 & café", []),
    "a link inside": ('<a href="/b">a</a>', "a", ["a link was taken out: /b"]),
    "a picture": ('<img src="p.png" alt="x">a', "a", ["a picture or medium was taken out: <img> p.png"]),
    "a program": ("a<script>b()</script>", "a", ["<script> was taken out: b()"]),
    "a style": ('<span style="color: red">a</span>', "a", ['the formatting style="color: red" was taken out']),
    "a heading": ("<h3>a</h3>b", "**a**\n\nb", ["the formatting <h3> was taken out"]),
    "a comment": ("a<!-- b -->", "a", ["`<!-- b -->` was taken out"]),
    "an end of nothing": ("a</b>", "a", ["`</b>` was taken out"]),
    "raised": ("m<sup>2</sup>", "m2", ["the formatting <sup> was taken out"]),
}


@pytest.mark.parametrize(("html", "expected", "changes"), HTML.values(), ids=HTML)
def test_html(html: str, expected: str, changes: list[str]) -> None:
    assert to_markdown(html, "html") == (expected, changes)


TAGS = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<ul>", "<li>", "</ul>", "<br>", "<td>", "<pre>", "</pre>", "<a href=x>"]
)


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(st.one_of(TAGS, SIGNS.filter(lambda text: "<" not in text and "&" not in text)), max_size=12))
def test_html_keeps_its_words_or_says_what_went(pieces: list[str]) -> None:
    html = "".join(pieces)
    markdown, _changes = to_markdown(html, "html")
    wanted = squeezed("".join(piece for piece in pieces if not piece.startswith("<")))
    assert squeezed(words_of(render_phrase(markdown))) == wanted


def test_moodles_own_mixture_keeps_line_ends() -> None:
    assert to_markdown("a\n<b>b</b>", "moodle") == ("a\\\n**b**", [])
    assert to_markdown("a\nb", "moodle") == ("a\\\nb", [])
    assert to_markdown("a\nb", "html") == ("a\nb", [])
    assert to_markdown("a\n*b*", "markdown") == ("a\n*b*", [])


def test_accepted_words_have_no_formatting() -> None:
    assert plain_words("<b>caf&eacute;</b>", "html") == ("café", ["formatting was taken out"])
    assert plain_words("caf&eacute;", "html") == ("café", [])
    assert plain_words("<b>x</b> ", "plain") == ("<b>x</b>", [])


@pytest.mark.parametrize("convert", [to_markdown, plain_words])
def test_a_text_is_not_endless(convert: object) -> None:
    with pytest.raises(ValueError, match="at most 20000 are taken"):
        convert("x" * 20_001, "html")  # type: ignore[operator]
