"""Faults of sections and their Markdown."""

from tests.content.case import Case

S, FF = "basics/02-listen-first.md", "basics/fr/01-why-we-partner.md"
QUOTE = "x\n\nA *partner* asks why the form is needed again.\nWhat do you say first?\n\n- I will find out and tell you."
P = "Listen, then speak."
HEAD = "---\ntitle: L\nminutes: 1\n---\nx\n"

SECTION_CASES = [
    Case("gap in the numbers", "other/03-late.md", "", HEAD, 1, 1, "number 02 expected"),
    Case("number twice", "other/01-late.md", "", HEAD, 1, 1, "number 01 twice"),
    Case("key twice", "other/02-ears.md", "", HEAD, 1, 1, "key 'ears' twice"),
    Case(
        "no section", "other/01-ears.md", "", None, 1, 1, "the course has no section", "other/course.yaml", alone=False
    ),
    Case(
        "no front matter",
        S,
        "---\ntitle: Listen first\nminutes: 3\n---\n",
        "",
        1,
        1,
        "begin the file with front matter",
    ),
    Case("head without minutes", S, "minutes: 3\n", "", 2, 1, "missing key 'minutes'"),
    Case(
        "unknown key in a head",
        S,
        "minutes: 3",
        "minutes: 3\nlenght: 3",
        4,
        1,
        "unknown key 'lenght'; known are: title",
    ),
    Case("minutes of a translation", FF, "title: Pourquoi", "title: P\nminutes: 3", 3, 1, "unknown key 'minutes'"),
    Case("empty section", S, P, "", 1, 1, "the section is empty"),
    Case("missing translated section", FF, "", None, 1, 1, "the translation is missing"),
    Case("heading of level 1", S, P, "x\n\n# Big\n", 7, 1, "a heading of level 1: the title is above it"),
    Case("heading skipped", S, P, "## A\n\n#### B", 7, 1, "heading level 4 follows level 2: use `###`"),
    Case("first heading too deep", S, P, "### A", 5, 1, "heading level 3 follows level 1"),
    Case("HTML block", S, P, "x\n\n<div>hello</div>\n", 7, 1, "raw HTML `<div>hello</div>`: it is not shown"),
    Case("HTML in a line", S, P, "Please\nlisten <b>now</b>", 6, 8, "raw HTML `<b>`", alone=False),
    Case("HTML in a table", S, P, "| a | b |\n|---|---|\n| 1 | <u>2 |", 7, 7, "raw HTML `<u>`"),
    Case("HTML comment", S, P, "x\n\n<!-- answer: b -->", 7, 1, "an HTML comment"),
    Case("comment in a line", S, P, "x <!-- b --> y", 5, 3, "an HTML comment"),
    Case("script", S, P, "x\n\n<script>alert(1)</script>", 7, 1, "raw HTML `<script>"),
    Case("javascript link", S, P, "See [it](javascript:alert(1)).", 5, 10, "could run a program; use https"),
    Case("data link", S, P, "[it](data:text/html,x)", 5, 6, "could run a program"),
    Case("vbscript link", S, P, "[it](VBScript:x)", 5, 6, "could run a program"),
    Case("javascript autolink", S, P, "<javascript:alert(1)>", 5, 1, "could run a program"),
    Case("javascript reference", S, P, "[it][1]\n\n[1]: javascript:x", 5, 1, "could run a program"),
    Case("broken link", S, P, "[it](03-gone.md)", 5, 6, "there is no section file '03-gone.md'"),
    Case("link out of the course", S, P, "a [it](../other/x.md)", 5, 8, "broken link '../other/x.md'"),
    Case("link without scheme", S, P, "[it](//example.org)", 5, 6, "broken link '//example.org'"),
    Case("link to nowhere", S, P, "[it](#top)", 5, 6, "broken link '#top'"),
    Case("missing media link", S, P, "[it](media/x.png)", 5, 6, "media/x.png is not there"),
    Case("missing picture", S, P, "x ![A cat](media/cat.svg)", 5, 3, "media/cat.svg is not there"),
    Case("no alternative text", S, P, "x\n![ ](media/hands.svg)", 6, 1, "no alternative text"),
    Case("picture from outside", S, P, "![A](https://example.org/a.png)", 5, 1, "must lie in media/"),
    Case("data picture", S, P, "![A](data:image/png;base64,AA)", 5, 1, "must lie in media/"),
    Case("unknown box", S, P, "::: cas Rice\nx\n:::", 5, 1, "unknown box 'cas'; did you mean 'case'?"),
    Case("open box", S, P, "::: case Rice\nx", 5, 1, "the box `::: case` is not closed"),
    Case("box end alone", S, P, "x\n\n:::", 7, 1, "ends a box, but none is open"),
    Case("untitled box in French", FF, "::: case Le calendrier du riz", "::: case", 8, 1, "a box needs a title"),
    Case("footnote without text", S, P, "x[^2]", 5, 2, "the footnote has no text"),
    Case("marker in a section", S, P, "Ask (correct answer)", 5, 5, "'(correct answer)' tells the answer"),
    Case("key in a section", S, P, "`right: true`", 5, 2, "'right: true' tells the answer"),
    Case(
        "section quotes a question",
        S,
        P,
        QUOTE,
        7,
        1,
        "quotes question 'late-form' with its right option",
    ),
    Case(
        "section too heavy", S, P, "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(24000)), 1, 1, "at most 40 are"
    ),
]
