"""GIFT, feature by feature: what it becomes, and what the report says of it."""

from typing import Any

import pytest

from lms.content.importers import Fate
from tests.content.banks.reading import read, sources, told, why


def one(text: str) -> dict[str, Any]:
    """The one question of a bank, without its head."""
    [found] = sources(read("gift", text))
    return {key: value for key, value in found.items() if key not in ("id", "competency", "section")}


def option(text: str, feedback: str = "", *, right: bool = False) -> dict[str, Any]:
    return {"text": text, **({"right": True} if right else {}), "feedback": feedback}


CASES = {
    "single choice": (
        "Q {=a#yes ~b#no ####all}",
        {"type": "single_choice", "prompt": "Q", "options": [option("a", "yes", right=True), option("b", "no")],
         "feedback": "all"},
        [],
    ),
    "several right, each by its share": (
        "Q {~%50%a ~%50%b ~%-50%c}",
        {"type": "multiple_response", "prompt": "Q",
         "options": [option("a", right=True), option("b", right=True), option("c")]},
        [],
    ),
    "thirds are rounded": (
        "Q {~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d}",
        {"type": "multiple_response", "prompt": "Q",
         "options": [*(option(text, right=True) for text in "abc"), option("d")]},
        [],
    ),
    "wrong ones that cost nothing": (
        "Q {~%50%a ~%50%b ~c}",
        {"type": "multiple_response", "prompt": "Q",
         "options": [option("a", right=True), option("b", right=True), option("c")]},
        [(1, "changed", "answer", "c")],
    ),
    "a wrong choice that costs what guessing earns": (
        "Q {=a ~%-50%b ~%-50%c}",
        {"type": "single_choice", "prompt": "Q", "options": [option("a", right=True), option("b"), option("c")],
         "negative": True},
        [],
    ),
    "part of the mark for a near answer": (
        "Q {=a ~%25%b ~c}",
        {"type": "single_choice", "prompt": "Q", "options": [option("a", right=True), option("b"), option("c")]},
        [(1, "changed", "weight", "25 %")],
    ),
    "no answer earns everything": (
        "Q {~%-10%a =%80%b}",
        {"type": "single_choice", "prompt": "Q", "options": [option("a"), option("b", right=True)]},
        [(1, "changed", "weight", "-10 %"), (1, "changed", "weight", "80 %")],
    ),
    "true": ("Q {TRUE}", {"type": "true_false", "prompt": "Q", "right": True, "if_true": "", "if_false": ""}, []),
    "false, with what each judgement is told": (
        "Q {f#you think so?#indeed####all}",
        {"type": "true_false", "prompt": "Q", "right": False, "if_true": "you think so?", "if_false": "indeed",
         "feedback": "all"},
        [],
    ),
    "short answers": (
        "Q {=a =A b####all}",
        {"type": "short_text", "prompt": "Q", "accept": ["a", "A b"], "feedback": "all"},
        [],
    ),
    "a star that stands for anything, and one for itself": (
        r"Q {=a* =b\*#x}",
        {"type": "short_text", "prompt": "Q", "accept": ["b*"], "feedback": "x"},
        [(1, "dropped", "answer", "a*"), (1, "changed", "feedback", "x")],
    ),
    "matching": (
        "Q {=a -> b =c -> d#f = -> e}",
        {"type": "matching", "prompt": "Q",
         "pairs": [{"left": "a", "right": "b", "feedback": ""}, {"left": "c", "right": "d", "feedback": "f"}],
         "distractors": ["e"]},
        [],
    ),
    "a number": (
        "Q {#3:0.5####x}",
        {"type": "numeric", "prompt": "Q", "answer": 3, "tolerance": 0.5, "feedback": "x"},
        [],
    ),
    "a range": (
        "Q {#1..2####x}",
        {"type": "numeric", "prompt": "Q", "answer": 1.5, "tolerance": 0.5, "feedback": "x"},
        [],
    ),
    "a number with exponent and sign": (
        "Q {#=-1.5e3####x}",
        {"type": "numeric", "prompt": "Q", "answer": -1500, "feedback": "x"},
        [],
    ),
    "the first number without its sign, and more": (
        "Q {#3.141:0.005 =%50%3:1}",
        {"type": "numeric", "prompt": "Q", "answer": 3.141, "tolerance": 0.005, "feedback": ""},
        [(1, "dropped", "weight", "50 %"), (1, "dropped", "answer", "3:1")],
    ),
    "a number with zeros keeps them": (
        "Q {#012.50:0.10####x}",
        {"type": "numeric", "prompt": "Q", "answer": "012.50", "tolerance": 0.1, "feedback": "x"},
        [],
    ),
    "a long number stays exact": (
        "Q {#0.1234567890123456####x}",
        {"type": "numeric", "prompt": "Q", "answer": "0.1234567890123456", "feedback": "x"},
        [],
    ),
    "a word is missing": (
        "Ask {=before ~after} you act.",
        {"type": "single_choice", "prompt": r"Ask \_\_\_\_\_ you act.",
         "options": [option("before", right=True), option("after")]},
        [],
    ),
    "escapes and lines": (
        "[markdown]a\\=b\\~\\#\\{\\}\\:\\\\c\\nd {T}",
        {"type": "true_false", "prompt": "a=b~#{}:\\c\nd", "right": True, "if_true": "", "if_false": ""},
        [],
    ),
    "plain text shows its signs": (
        "[plain]*a* <b>\\nd {T}",
        {"type": "true_false", "prompt": "\\*a\\* \\<b>\\\nd", "right": True, "if_true": "", "if_false": ""},
        [],
    ),
    "HTML becomes Markdown, answers inherit it": (
        "[html]<p>a <b>b</b></p> {=<i>c</i> ~[plain]<i>d</i>}",
        {"type": "single_choice", "prompt": "a **b**",
         "options": [option("*c*", right=True), option(r"\<i>d\</i>")]},
        [],
    ),
    "a picture is lost": (
        '[html]a <img src\\="x.png"> {T}',
        {"type": "true_false", "prompt": "a", "right": True, "if_true": "", "if_false": ""},
        [(1, "changed", "text", 'a <img src="x.png">')],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "report"), CASES.values(), ids=CASES)
def test_a_feature(text: str, expected: dict[str, Any], report: list[tuple[int, str, str, str]]) -> None:
    assert one(text) == expected
    assert told(read("gift", text)) == report


REFUSED = {
    "essay": ("Q {}", "free words"),
    "description": ("Q", "asks nothing"),
    "only a name": ("::Q::", "a name without a question"),
    "not closed": ("a\nQ {=a ~b\n\nR {T}", "`{` on line 2 is not closed"),
    "closed twice": ("Q {=a}}", "`}` on line 1 that fits no other"),
    "opened twice": ("Q {=a {b}", "`{` on line 1 that fits no other"),
    "two answers": ("Q {=a} and {=b}", "several answers"),
    "nothing asked": ("{=a ~b}", "no text"),
    "no sign": ("Q {a ~b}", "begin with none of"),
    "nothing right": ("Q {~a ~b}", "no answer is right"),
    "an empty answer": ("Q {=a ~}", "no text"),
    "no number": ("Q {#three}", "'three' is no number"),
    "half a range": ("Q {#1..}", "is no number"),
    "too long a number": ("Q {#1e40}", "more than 18 digits"),
    "no full number": ("Q {#=%50%3}", "no number earns everything"),
    "only a star": ("Q {=*}", "no spelling earns everything"),
    "only distractors": ("Q {= -> a}", "no pair"),
    "a very long text": (f"{'x' * 20_001} {{T}}", "no text that can be taken"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_come_says_why(text: str, reason: str) -> None:
    ledger = read("gift", text)
    question = ledger.questions[0]
    assert reason in question.refusal
    assert {part.fate for part in question.parts} == {Fate.DROPPED}


def test_a_broken_question_leaves_the_others_alone() -> None:
    ledger = read("gift", "One {T}\n\nTwo {=a\n\nThree {F}\n")
    assert [source["prompt"] for source in sources(ledger)] == ["One", "Three"]
    assert told(ledger) == [(3, "dropped", "text", "Two {=a")]


def test_comments_names_tags_and_categories() -> None:
    text = """// A bank.

$CATEGORY: $course$/top/Field/Money & more
// [id:late-form] [tag:easy] [tag:Two words] [tag:critical:true] [tag:difficulty:hard] [tag:pinned:true] by Awa
// [tag:competency:PC1] [tag:section:ears] [tag:scenario:true]
::A name::Q {=a ~b}

$CATEGORY: top
::Another name::R {T}
"""
    ledger = read("gift", text)
    first, second = sources(ledger)
    assert {key: first[key] for key in list(first)[:8]} == {
        "id": "late-form", "type": "single_choice", "competency": "PC1", "section": "ears", "scenario": True,
        "critical": True, "tags": ["easy", "two-words", "money-more"], "difficulty": "hard",
    }  # fmt: skip
    assert first["pinned"] is True
    assert (second["id"], second["competency"], second["section"]) == ("another-name", "", "")
    assert told(ledger) == [
        (1, "dropped", "comment", "A bank."),
        (3, "changed", "category", "$course$/top/Field/Money & more"),
        (4, "changed", "tag", "Two words"),
        (4, "dropped", "comment", "by Awa"),
        (6, "dropped", "name", "A name"),
        (8, "dropped", "category", "top"),
        (9, "changed", "name", "Another name"),
    ]
    assert why(ledger, "Another name") == "it became the id 'another-name'"


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("competency:pc 1", "it became the tag 'competency-pc-1'"),
        ("negative:maybe", "it became the tag 'negative-maybe'"),
        ("figures:3", "nothing in our files can hold it"),
        ("日本", "a tag has letters of a-z and digits, and this has none"),
    ],
)
def test_a_tag_that_is_none_of_ours(tag: str, reason: str) -> None:
    assert why(read("gift", f"// [tag:{tag}]\nQ {{T}}"), tag) == reason


def test_ids_are_unique_and_never_empty() -> None:
    ledger = read("gift", "::A::Q {T}\n\n::a!::R {T}\n\nWhat is this, then, my friend? {T}\n\n日本 {T}\n\n中国 {T}")
    names = ["a", "a-2", "what-is-this-then-my-friend", "question", "question-2"]
    assert [source["id"] for source in sources(ledger)] == names


def test_lines_are_those_of_the_file() -> None:
    ledger = read("gift", "\n\n::n::\n// c\nQ\n{\n=a\n# f\n~b\n####g\n}\n\n\nR {T}")
    lines = {part.text: part.line for part, _ in ledger.entries()}
    assert lines == {"n": 3, "c": 4, "Q": 5, "a": 7, "f": 8, "b": 9, "g": 10, "R": 14, "T": 14}
