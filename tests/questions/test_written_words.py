"""Short text and gap fill by hand: what is the same spelling, and what never is."""

from fractions import Fraction
from typing import Any

import pytest

from lms.content.markdown import render_phrase
from lms.questions import TYPES
from tests.questions.by_hand import faults, made, mark
from tests.questions.test_choices import plain

GAP = TYPES["gap_fill"]
WRITTEN = {"accept": ["ask", "consult"], "feedback": "So."}
CHOSEN = {"choices": ["good", "bad"], "right": "bad", "feedback": "So."}
GOOD: dict[str, Any] = {"text": "We [[1]] and share [[2]] news.", "gaps": [WRITTEN, CHOSEN]}


@pytest.mark.parametrize(
    ("text", "ignore", "is_right"),
    [
        ("L'été à Lomé", ["case"], True),
        ("  l’été   à\u00a0lomé ", ["case"], True),
        ("l'e\u0301te\u0301 a\u0300 lome\u0301", ["case"], True),  # the same letters in another Unicode form
        ("l'ete a lome", ["case"], False),
        ("l'ete a lome", ["case", "accents"], True),
        ("L'ete a Lome", ["accents"], True),
        ("l'été à Lomé", [], False),
        ("L'été à Lomé", [], True),
        ("L'été à Lome", ["case"], False),
        ("L'étés à Lomé", ["case", "accents"], False),  # never fuzzy
        ("Lété à Lomé", ["case", "accents"], False),
    ],
)
def test_what_is_the_same(text: str, ignore: list[str], is_right: bool) -> None:
    assert mark("short_text", text, accept=["L'été à Lomé"], ignore=ignore, feedback="So.") == int(is_right)


def test_vowel_signs_are_no_accents() -> None:
    wrong = mark("short_text", "हद", accept=["हिंदी"], ignore=["accents"], feedback="So.")
    vowels = mark("short_text", "كتاب", accept=["كِتَاب"], ignore=["accents"], feedback="So.")
    assert (wrong, vowels) == (0, 1)


def test_a_form_of_any_language_counts() -> None:
    kind = TYPES["short_text"]
    key = kind.right(
        made("short_text", accept=["trust"], feedback="So."), made("short_text", accept=["confiance"], feedback="So.")
    )
    assert [kind.mark(key, word) for word in ("Trust", "confiance", "both")] == [1, 1, 0]
    assert kind.picks("trust") == []


@pytest.mark.parametrize(
    ("written", "path", "part"),
    [
        ({"accept": []}, ("accept",), "1 to 50 accepted forms are needed, 0 are given"),
        ({"accept": ["a", " A"]}, ("accept", 1), "the same text as number 1"),
        ({"accept": ["a", " "]}, ("accept", 1), "it is empty"),
        ({"accept": ["x" * 201]}, ("accept", 0), "at most 200 characters"),
        ({"accept": ["a"], "feedback": ""}, ("feedback",), "the question needs feedback"),
    ],
)
def test_faults_of_a_short_text(written: Any, path: Any, part: str) -> None:
    found = faults("short_text", **{"feedback": "So.", **written})
    assert [where for where, message in found if part in message] == [path]


@pytest.mark.parametrize(
    ("written", "chosen", "earned"),
    [
        ({"1": "Ask"}, {"2": "b"}, Fraction(1)),
        ({"1": "consult"}, {"2": "a"}, Fraction(1, 2)),
        ({}, {"2": "b"}, Fraction(1, 2)),
        ({"1": "asks"}, {}, Fraction(0)),
    ],
)
def test_each_gap_earns_its_share(written: Any, chosen: Any, earned: Fraction) -> None:
    value = {"written": written, "chosen": chosen}
    assert mark("gap_fill", value, **GOOD) == earned
    assert GAP.picks(value) == [f"2={i}" for i in chosen.values()]  # never a written word


def test_a_form_sends_the_gaps_in_the_order_of_the_text() -> None:
    body = GAP.body(made("gap_fill", **{**GOOD, "text": "Share [[2]] news, and [[1]]."}), plain)
    value = {"written": {"1": "ask"}, "chosen": {"2": "b"}}
    assert GAP.parse(["2", " ask "], body, []) == value
    assert GAP.sent(value, body, []) == ["2", "ask"]
    assert GAP.parse(["", "ask"], body, []) == {"written": {"1": "ask"}, "chosen": {}}


@pytest.mark.parametrize(
    ("written", "path", "part"),
    [
        ({"text": "We [[1]]."}, ("text",), "the text has [[2]] 0 times"),
        ({"text": "[[1]] [[2]] [[1]]"}, ("text",), "the text has [[1]] 2 times"),
        ({"text": "[[1]] [[2]] [[3]]"}, ("text",), "the text has [[3]], but there is no gap 3"),
        ({"gaps": [WRITTEN, {"feedback": "So."}]}, ("gaps", 1), "either `accept` or `choices`"),
        ({"gaps": [WRITTEN, {**CHOSEN, "accept": ["x"]}]}, ("gaps", 1), "either `accept` or `choices`"),
        ({"gaps": [WRITTEN, {**CHOSEN, "right": "worse"}]}, ("gaps", 1, "right"), "is one of the choices"),
        ({"gaps": [{**WRITTEN, "right": "ask"}, CHOSEN]}, ("gaps", 0, "right"), "belongs to `choices`"),
        ({"gaps": [WRITTEN, {**CHOSEN, "feedback": ""}]}, ("gaps", 1, "feedback"), "a gap needs feedback"),
        ({"gaps": [WRITTEN, {**CHOSEN, "choices": ["bad"]}]}, ("gaps", 1, "choices"), "2 to 8 choices"),
        ({"gaps": [], "text": "x"}, ("gaps",), "1 to 10 gaps are needed"),
    ],
)
def test_faults_of_gaps(written: Any, path: Any, part: str) -> None:
    found = faults("gap_fill", **{**GOOD, **written})
    assert [where for where, message in found if part in message] == [path]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[We [[1]] you](https://example.org) and [[2]]", "the gap [[1]] stands in a link; take it out of there"),
        ("[We](https://example.org/[[1]]) and [[2]]", "the gap [[1]] is not shown once; is it part of a link's name?"),
        ("`[[1]]` and [[2]]", "the gap [[1]] stands in code; take it out of there"),
        ("    [[1]]\n\nand [[2]]", "the gap [[1]] stands in code; take it out of there"),
        ("**[[1]]** and [[2]]", None),
    ],
)
def test_a_gap_stands_in_plain_text(text: str, message: str | None) -> None:
    found = list(GAP.check_body(GAP.body(made("gap_fill", **{**GOOD, "text": text}), render_phrase)))
    assert [(fault.path, fault.message) for fault in found] == ([(("text",), message)] if message else [])
