"""Moodle XML, feature by feature: what it becomes, and what the report says of it."""

from typing import Any

import pytest

from lms.content.importers import Fate, Ledger
from tests.content.banks.reading import read, sources, told, why

QUIZ = "<quiz>\n{}\n</quiz>"


def ask(kind: str, inner: str, text: str = "Q", format: str = "html") -> Ledger:
    """The ledger of one question."""
    head = f'<questiontext format="{format}"><text>{text}</text></questiontext>'
    return read("moodle-xml", QUIZ.format(f'<question type="{kind}">{head}\n{inner}\n</question>'))


def answer(fraction: str, text: str, feedback: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text><feedback><text>{feedback}</text></feedback></answer>'


def body(ledger: Ledger) -> dict[str, Any]:
    [found] = sources(ledger)
    return {key: value for key, value in found.items() if key not in ("id", "competency", "section", "type", "prompt")}


def report(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(fate, what, text) for _line, fate, what, text in told(ledger)]


A, B = answer("100", "a"), answer("0", "b")
JUDGED = answer("100", "true") + answer("0", "false")
CASES = {
    "single choice, pinned": (
        ask("multichoice", f"<single>1</single><shuffleanswers>0</shuffleanswers>{A}{B}"),
        {"options": [{"text": "a", "right": True, "feedback": ""}, {"text": "b", "feedback": ""}], "pinned": True},
        [],
    ),
    "several right": (
        ask("multichoice", f"<single>false</single>{answer('50', 'a')}{answer('50', 'b')}{answer('-50', 'c', 'f')}"),
        {"options": [{"text": "a", "right": True, "feedback": ""}, {"text": "b", "right": True, "feedback": ""},
                     {"text": "c", "feedback": "f"}]},
        [],
    ),
    "true or false": (
        ask("truefalse", answer("100", "true", "x") + answer("0", "false", "y")),
        {"right": True, "if_true": "x", "if_false": "y"},
        [],
    ),
    "a short answer whose capitals count": (
        ask("shortanswer", "<usecase>1</usecase>" + A),
        {"accept": ["a"], "ignore": [], "feedback": ""},
        [],
    ),
    "a number with units": (
        ask("numerical", '<answer fraction="100"><text>60</text><tolerance>0</tolerance></answer><units>'
            "<unit><multiplier>0.001</multiplier><unit_name>t</unit_name></unit>"
            "<unit><multiplier>1</multiplier><unit_name>kg</unit_name></unit></units>"),
        {"answer": 60, "units": [{"text": "kg"}, {"text": "t", "factor": 1000}], "feedback": ""},
        [],
    ),
    "a factor that no decimal number is": (
        ask("numerical", answer("100", "1") + "<units><unit><multiplier>1</multiplier><unit_name>h</unit_name></unit>"
            "<unit><multiplier>60</multiplier><unit_name>min</unit_name></unit></units>"),
        {"answer": 1, "units": [{"text": "h"}, {"text": "min", "factor": "1/60"}], "feedback": ""},
        [],
    ),
    "matching with a distractor": (
        ask("matching", "<shuffleanswers>true</shuffleanswers>"
            "<subquestion><text>a</text><answer><text>b *</text></answer></subquestion>"
            "<subquestion><text/><answer><text>c</text></answer></subquestion>"),
        {"pairs": [{"left": "a", "right": "b \\*", "feedback": ""}], "distractors": ["c"]},
        [],
    ),
    "ordering by fractions": (
        ask("ordering", answer("2", "b") + answer("1", "a", "f") + "<gradingtype>ALL_OR_NOTHING</gradingtype>"),
        {"items": [{"text": "a", "feedback": "f"}, {"text": "b", "feedback": ""}]},
        [("dropped", "gradingtype", "ALL_OR_NOTHING")],
    ),
    "lists in a text": (
        ask("gapselect", "<selectoption><text>x</text><group>1</group></selectoption>"
            "<selectoption><text>y</text><group>1</group></selectoption>", "Do.&lt;hr&gt;It is [[2]]."),
        {"text": "It is [[1]].", "gaps": [{"choices": ["x", "y"], "right": "y", "feedback": ""}]},
        [],
    ),
    "one feedback for all answers": (
        ask("shortanswer", "<generalfeedback><text>g</text></generalfeedback>" + answer("100", "a", "f")),
        {"accept": ["a"], "feedback": "g"},
        [("dropped", "feedback", "f")],
    ),
    "what has no place": (
        ask("truefalse", JUDGED + "<penalty>1</penalty><defaultgrade>3</defaultgrade>"
            "<hidden>1</hidden><hint><text>h</text></hint><correctfeedback><text>c</text></correctfeedback>"
            "<new>n</new><x y='z'/><!-- k -->"),
        {"right": True, "if_true": "", "if_false": ""},
        [("dropped", what, text) for what, text in
         (("penalty", "1"), ("defaultgrade", "3"), ("hidden", "1"), ("hint", "h"), ("correctfeedback", "c"),
          ("new", "n"), ("x y", "z"), ("#comment", "k"))],
    ),
    "files": (
        ask("truefalse", JUDGED + '<file name="p" encoding="base64">QUJD</file>',
            "Q &lt;img src='p'&gt;"),
        {"right": True, "if_true": "", "if_false": ""},
        [("changed", "questiontext", "Q <img src='p'>"), ("dropped", "file", "QUJD")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("ledger", "expected", "lines"), CASES.values(), ids=CASES)
def test_a_feature(ledger: Ledger, expected: dict[str, Any], lines: list[tuple[str, str, str]]) -> None:
    assert body(ledger) == expected
    assert report(ledger) == lines


CLOZE = {
    "words": ("{1:SHORTANSWER:=a#f~=b~%50%c~*#x}", {"accept": ["a", "b"], "feedback": "f"}),
    "words whose capitals count": ("{:SAC:=a}", {"accept": ["a"], "ignore": [], "feedback": ""}),
    "a list": ("{1:MULTICHOICE_VS:a#x~=b#f}", {"choices": ["a", "b"], "right": "b", "feedback": "f"}),
    "a share of everything": ("{1:MC:%100%a~%0%b}", {"choices": ["a", "b"], "right": "a", "feedback": ""}),
    "a number": ("{1:NM:=12.5:0.1}", {"accept": ["12.5"], "feedback": ""}),
    "escapes": (r"{1:SA:=a\}b\~\#\\c}", {"accept": ["a}b~#\\c"], "feedback": ""}),
    "entities": ("{1:SA:=caf&amp;eacute;}", {"accept": ["café"], "feedback": ""}),
}


@pytest.mark.parametrize(("gap", "expected"), CLOZE.values(), ids=CLOZE)
def test_a_gap(gap: str, expected: dict[str, Any]) -> None:
    [found] = sources(ask("cloze", "", f"It is {gap} {{here}}."))
    assert (found["prompt"], found["text"], found["gaps"]) == ("", "It is [[1]] {here}.", [expected])


def test_gaps_of_a_text_are_numbered_in_its_order_and_may_be_repeated() -> None:
    boxes = "<dragbox><text>x</text><infinite/></dragbox><dragbox><text>y</text></dragbox>"
    [found] = sources(ask("ddwtos", boxes, "[[2]], [[1]] and [[1]]"))
    assert found["text"] == "[[1]], [[2]] and [[3]]"
    assert [gap["right"] for gap in found["gaps"]] == ["y", "x", "x"]  # type: ignore[attr-defined]


REFUSED = {
    "essay": (ask("essay", ""), "nobody reads"),
    "description": (ask("description", ""), "asks nothing"),
    "calculated": (ask("calculatedsimple", A), "drawn anew"),
    "on a picture": (ask("ddimageortext", ""), "picture"),
    "unknown": (ask("coderunner", ""), "'coderunner'"),
    "no type": (ask("", A), "the type ''"),
    "nothing right": (ask("multichoice", B), "no answer is right"),
    "no answers": (ask("multichoice", ""), "no answer is right"),
    "a fraction that is none": (ask("multichoice", answer("much", "a") + A), "no number"),
    "an answer without a text": (ask("multichoice", A + answer("0", "")), "without a text"),
    "neither true nor false": (ask("truefalse", A + B), "'true' and 'false'"),
    "both true and false": (ask("truefalse", answer("100", "true") + answer("100", "false")), "both are"),
    "no text": (ask("truefalse", JUDGED, "&lt;img src='x'&gt;"), "no text"),
    "no number": (ask("numerical", answer("100", "many")), "no number earns everything"),
    "a unit of nothing": (
        ask("numerical", answer("100", "1") + "<units><unit><multiplier>0</multiplier></unit></units>"), "multiplier"),
    "no unit of its own": (
        ask("numerical", answer("100", "1") + "<units><unit><multiplier>2</multiplier><unit_name>x</unit_name></unit>"
            "</units>"), "multiplier 1"),
    "too many gaps": (ask("cloze", "", "{1:SA:=a} " * 11), "11 gaps; at most 10"),
    "too many lists": (
        ask("gapselect", "<selectoption><text>x</text></selectoption>", "[[1]]" * 12), "12 gaps; at most 10"),
    "no gap": (ask("cloze", "", "Nothing to fill"), "no gap"),
    "a gap without an option": (ask("gapselect", "<selectoption><text>x</text></selectoption>", "[[2]]"), "[[2]]"),
    "several of a list": (ask("cloze", "", "{1:MR:=a~=b~c}"), "several of a list"),
    "two right in a list": (ask("cloze", "", "{1:MC:=a~=b}"), "not one right answer"),
    "nothing right in a gap": (ask("cloze", "", "{1:SA:%50%a}"), "nothing is right"),
    "nested too deeply": (ask("truefalse", JUDGED, "&lt;b&gt;" * 2000 + "x"), "no text"),
}  # fmt: skip


@pytest.mark.parametrize(("ledger", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_come_says_why(ledger: Ledger, reason: str) -> None:
    [question] = ledger.questions
    assert reason in question.refusal
    assert {part.fate for part in question.parts} == {Fate.DROPPED}


def test_names_ids_tags_and_categories() -> None:
    quiz = """<question type="category"><category><text>$course$/top/A/Big words</text></category></question>
<question type="truefalse"><name><text>A name</text></name><questiontext><text>Q</text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>
<idnumber>late-form</idnumber><tags><tag><text>section:ears</text></tag>
<tag><text>Two words</text></tag></tags></question>
stray words"""
    ledger = read("moodle-xml", QUIZ.format(quiz))
    [found] = sources(ledger)
    assert (found["id"], found["section"], found["tags"]) == ("late-form", "ears", ["two-words", "big-words"])
    assert told(ledger) == [
        (1, "dropped", "quiz", "stray words"),
        (2, "changed", "category", "$course$/top/A/Big words"),
        (3, "dropped", "name", "A name"),
        (6, "changed", "tag", "Two words"),
    ]
    assert why(ledger, "Two words") == "it became the tag 'two-words'"


def test_control_characters_do_not_come_along() -> None:
    ledger = ask("truefalse", JUDGED, "a&#x2028;b&#x85;c")
    assert sources(ledger)[0]["prompt"] == "a b c"
    assert why(ledger, "a\u2028b\x85c") == "the character U+2028 is no text, and was taken out"


def test_a_report_cannot_steer_a_terminal() -> None:
    ledger = ask("truefalse", JUDGED, "a&lt;script&gt;&#x9b;31m" + "b" * 400 + "&lt;/script&gt;")
    [part] = [part for part, _ in ledger.entries() if part.what == "questiontext"]
    assert part.excerpt == "a<script> 31m" + "b" * 46 + "…"
    assert all(reason.isprintable() and len(reason) <= 300 for reason in part.reasons)


def test_other_encodings_are_read() -> None:
    text = '<?xml version="1.0" encoding="{}"?>' + QUIZ.format(
        '<question type="truefalse"><questiontext format="plain_text"><text>Où?</text></questiontext>'
        + JUDGED + "</question>"
    )  # fmt: skip
    for encoding in ("UTF-8", "ISO-8859-1", "UTF-16"):
        assert sources(read("moodle-xml", text.format(encoding).encode(encoding)))[0]["prompt"] == "Où?"
