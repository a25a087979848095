"""The fields and the review of every type: shown in the reader's way, and nothing of the key before its time."""

from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from flask import Flask, g
from markupsafe import escape
from pydantic import TypeAdapter

from lms.questions import TYPES
from lms.services.attempts import Drawn
from lms.services.results import Reviewed
from lms.web.pages import make_environment
from tests.browser.every_type import QUESTIONS

ANSWERS = ("nothing", "right", "wrong")
SAMPLE = "{%% import 'lms/questions/%s.html' as type %%}{{ type.%s(subject) }}"


def drawn(name: str, answer: str) -> tuple[Drawn, dict[str, Any], dict[str, Any]]:
    """A question with an answer, its key and its feedback."""
    kind = TYPES[name]
    source = TypeAdapter(kind.source).validate_python({"prompt": "Well?", **yaml.safe_load(QUESTIONS[name])})
    body, key = kind.body(source, str), kind.right(source)
    value = {"nothing": None, "right": kind.best(key), "wrong": kind.slip(key, body, Random(4))}[answer]
    order = kind.order(body, Random(4))
    return Drawn(1, 3, name, body, order, value, language="en"), key, kind.feedback(source, str)


def shown(app: Flask, name: str, macro: str, subject: Any, language: str = "en") -> str:
    """What a macro of the type's template gives."""
    with app.test_request_context():
        g.lms_actor = SimpleNamespace(language=language)
        return make_environment(app).from_string(SAMPLE % (name, macro)).render(subject=subject)


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", TYPES)
def test_fields_hold_the_answer_and_nothing_of_the_key(app: Flask, name: str, answer: str) -> None:
    question, _, feedback = drawn(name, answer)
    page = shown(app, name, "answer", question)
    assert "[[" not in page
    assert all(str(escape(text)) in page for text in question.sent)
    assert str(feedback["general"]) == "" or feedback["general"] not in page


@pytest.mark.parametrize("is_shown", [True, False], ids=["with key", "without key"])
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", TYPES)
def test_review(app: Flask, name: str, answer: str, is_shown: bool) -> None:
    question, key, feedback = drawn(name, answer)
    kind = TYPES[name]
    mark = kind.mark(key, question.value) if kind.is_marked else None
    page = shown(app, name, "review", Reviewed(question, mark, key if is_shown else None, feedback))
    assert "[[" not in page
    assert feedback["general"] in page
    assert ("You gave no answer." in page or "no place" in page) == (
        answer == "nothing" or (name, answer) == ("self_rating", "right")
    )
    if not is_shown:
        assert "A right answer" not in page
        assert "Its place is" not in page
    elif mark is not None and mark < 1:
        assert "A right answer" in page or "Its place is" in page


@pytest.mark.parametrize(
    ("language", "marks", "like"), [("en", "marks=.,", "like 1,250.5."), ("fr", "marks=,\u202f", "comme 1\u202f250,5.")]
)
def test_a_number_is_asked_for_in_the_readers_marks(app: Flask, language: str, marks: str, like: str) -> None:
    page = shown(app, "numeric", "answer", drawn("numeric", "nothing")[0], language)
    assert f'value="{marks}"' in page
    assert like in page


def test_a_page_keeps_the_marks_of_the_answer(app: Flask) -> None:
    page = shown(app, "numeric", "answer", drawn("numeric", "right")[0], "fr")
    assert 'value="marks=.,"' in page
    assert "comme 1,250.5." in page
    assert "hidden>Nous ne pouvons pas lire" in page


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("1,250.50", "en", "We read it as 1,250.5."),
        ("1,250.50", "fr", "Nous l’avons lu comme 1\u202f250,5."),
        ("1e30", "en", "We read it as 1E30."),
        ("0.1", "en", "We read it as 0.1."),
        ("1,25", "en", "We could not read a number in it."),
        ("<b>", "en", "We could not read a number in it."),
    ],
)
def test_the_review_says_how_a_number_was_read(app: Flask, text: str, language: str, told: str) -> None:
    question, key, feedback = drawn("numeric", "nothing")
    question = Drawn(1, 3, "numeric", question.body, [], {"text": text, "marks": ".,", "unit": "1"}, language="en")
    page = shown(app, "numeric", "review", Reviewed(question, Fraction(0), key, feedback), language)
    assert told in page
    assert f"{escape(text)}</bdi>" in page
