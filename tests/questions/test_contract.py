"""What every question type promises; a type that is added to `lms.questions` is tested here as it is."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import lms
from lms.questions import TYPES, QuestionType
from tests.questions import samples, samples_fields
from tests.questions.samples import Source

SAMPLES = samples.SAMPLES | samples_fields.SAMPLES
EVERY_TYPE = pytest.mark.parametrize("name", TYPES)
SECRET_KEYS = {"right", "feedback", "mark", "answer", "key", "correct"}
TAUGHT = ("feedback", "if_true", "if_false", "model")  # what is read after the attempt
DATA = st.data()
MOST_STRINGS, LONGEST = 50, 1000  # as many and as long as the server takes of one answer


def render(markdown: str) -> str:
    return f"<p>{markdown}</p>"


def read(kind: QuestionType, source: Source) -> Any:
    """The author's data as the type's dataclass."""
    return TypeAdapter(kind.source).validate_python(source)


def values_under(name: str, part: Any) -> Iterator[str]:
    """Every text that stands under a key of this name, at any depth."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == name and isinstance(value, str):
                yield value
            yield from values_under(name, value)
    elif isinstance(part, list):
        for value in part:
            yield from values_under(name, value)


def keys(part: Any) -> Iterator[str]:
    """Every key, at any depth."""
    if isinstance(part, dict):
        yield from part
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from keys(value)


def test_every_type_has_a_sample() -> None:
    assert set(SAMPLES) == set(TYPES), "add the type to tests/questions/samples.py"


@EVERY_TYPE
def test_the_type_is_whole(name: str) -> None:
    kind = TYPES[name]
    assert kind.name == name
    assert is_dataclass(kind.source)
    assert is_dataclass(kind.translation)
    templates = Path(lms.__file__).parent / "templates" / "lms" / "questions"
    assert (templates / f"{name}.html").is_file(), f"the type {name} has no template"


@EVERY_TYPE
@given(data=DATA)
def test_the_source_comes_back_as_it_was(name: str, data: st.DataObject) -> None:
    kind, written = TYPES[name], data.draw(SAMPLES[name].sources)
    source = read(kind, written)
    adapter = TypeAdapter(kind.source)
    assert adapter.validate_json(adapter.dump_json(source)) == source
    assert adapter.dump_python(source, exclude_defaults=True) == written
    assert list(kind.check(source)) == []


@EVERY_TYPE
@given(data=DATA)
def test_an_unknown_or_missing_key_is_refused(name: str, data: st.DataObject) -> None:
    kind, sample = TYPES[name], SAMPLES[name]
    written = data.draw(sample.sources)
    translation = sample.translate(written)
    for model, good in ((kind.source, written), (kind.translation, translation)):
        with pytest.raises(ValidationError, match="promt"):
            TypeAdapter(model).validate_python({**good, "promt": "a slip of the keyboard"})
    needed = [field.name for field in fields(kind.source) if field.default is field.default_factory is MISSING]
    assert needed
    for key in needed:
        with pytest.raises(ValidationError, match=key):
            read(kind, {name: value for name, value in written.items() if name != key})


@EVERY_TYPE
@given(data=DATA)
def test_the_body_tells_nothing(name: str, data: st.DataObject) -> None:
    kind, written = TYPES[name], data.draw(SAMPLES[name].sources)
    source = read(kind, written)
    body, shown = kind.body(source, render), kind.feedback(source, render)
    assert json.loads(json.dumps(body)) == body
    assert not SECRET_KEYS & set(keys(body))
    feedback = [text for key in TAUGHT for text in values_under(key, written)]
    assert feedback
    assert [text for text in feedback if text in json.dumps(body)] == []
    assert [text for text in feedback if render(text) not in json.dumps(shown)] == []
    assert json.loads(json.dumps(shown)) == shown
    assert json.loads(json.dumps(kind.right(source))) == kind.right(source)


@EVERY_TYPE
@given(data=DATA, seed=st.integers(0, 2**32))
def test_the_order_is_a_permutation_of_the_same_parts(name: str, data: st.DataObject, seed: int) -> None:
    kind = TYPES[name]
    body = kind.body(read(kind, data.draw(SAMPLES[name].sources)), render)
    before = json.dumps(body)
    order = kind.order(body, Random(seed))
    assert order == kind.order(body, Random(seed))
    assert len(set(order)) == len(order)
    assert sorted(order) == sorted(kind.order(body, Random(seed + 1)))
    assert json.dumps(body) == before


def drawn(kind: QuestionType, data: st.DataObject) -> tuple[Source, Any, dict[str, Any], dict[str, Any], list[str]]:
    """A question as written and as read, with its body, its key and an order."""
    written = data.draw(SAMPLES[kind.name].sources)
    source = read(kind, written)
    body = kind.body(source, render)
    return written, source, body, kind.right(source), kind.order(body, Random(data.draw(st.integers(0, 99))))


def has_come_through(value: Any, kind: QuestionType, body: dict[str, Any], order: list[str]) -> None:
    """An answer is JSON, and a form that shows it sends it again."""
    assert json.loads(json.dumps(value)) == value
    sent = kind.sent(value, body, order)
    assert len(sent) <= MOST_STRINGS
    assert all(isinstance(text, str) and len(text) <= LONGEST for text in sent)
    assert kind.parse(sent, body, order) == value
    assert set(kind.picks(value)) <= set(kind.pick_texts(body))


@EVERY_TYPE
@given(data=DATA, seed=st.integers(0, 2**32))
def test_who_knows_earns_all_and_who_does_not_nothing(name: str, data: st.DataObject, seed: int) -> None:
    kind = TYPES[name]
    _, _, body, key, order = drawn(kind, data)
    best, slip = kind.best(key), kind.slip(key, body, Random(seed))
    for value in (best, slip):
        assert value is not None
        has_come_through(value, kind, body, order)
    if kind.is_marked:
        assert kind.mark(key, best) == 1
        assert kind.mark(key, slip) <= 0


@EVERY_TYPE
@given(data=DATA, seed=st.integers(0, 2**32))
def test_a_guess_is_an_answer_that_a_form_can_send(name: str, data: st.DataObject, seed: int) -> None:
    """By looks alone; the same looks give the same answer."""
    kind = TYPES[name]
    _, _, body, _, order = drawn(kind, data)
    seen: list[str] = []

    def weigh(stem: str, texts: Sequence[str], random: Random) -> list[tuple[float, float]]:
        seen.extend(texts)
        return [(random.randint(0, 2), random.random()) for _ in texts]

    value = kind.guess(body, order, partial(weigh, random=Random(seed)))
    assert value == kind.guess(body, order, partial(weigh, random=Random(seed)))
    assert (value is None) == (not seen)
    if value is not None:
        has_come_through(value, kind, body, order)


@EVERY_TYPE
@given(data=DATA)
def test_every_answer_marks_between_zero_and_one(name: str, data: st.DataObject) -> None:
    """Below zero only where the author asked for it."""
    kind = TYPES[name]
    written, _, body, key, order = drawn(kind, data)
    value = kind.parse(data.draw(SAMPLES[name].answers(written)), body, order)
    if value is not None:
        has_come_through(value, kind, body, order)
    if kind.is_marked:
        mark = kind.mark(key, value)
        assert isinstance(mark, Fraction)
        assert (-2 if written.get("negative") else 0) <= mark <= 1


@EVERY_TYPE
@given(data=DATA)
def test_no_answer_is_none_and_marks_nothing(name: str, data: st.DataObject) -> None:
    kind = TYPES[name]
    _, _, body, key, order = drawn(kind, data)
    for values in ([], [""], ["", ""]):
        assert kind.parse(values, body, order) is None
    assert kind.sent(None, body, order) == []
    assert kind.picks(None) == []
    if kind.is_marked:
        assert kind.mark(key, None) == 0


@EVERY_TYPE
@given(data=DATA)
def test_what_no_form_sends_is_refused(name: str, data: st.DataObject) -> None:
    kind = TYPES[name]
    written, _, body, _, order = drawn(kind, data)
    with pytest.raises(ValueError, match=r"\w"):
        kind.parse(data.draw(SAMPLES[name].refused(written)), body, order)


@EVERY_TYPE
@given(data=DATA, strings=st.lists(st.text(max_size=30), max_size=12))
def test_whatever_is_sent_is_taken_or_refused(name: str, data: st.DataObject, strings: list[str]) -> None:
    kind = TYPES[name]
    _, _, body, _, order = drawn(kind, data)
    try:
        value = kind.parse(strings, body, order)
    except ValueError:
        return
    if value is not None:
        has_come_through(value, kind, body, order)


@EVERY_TYPE
@given(data=DATA)
def test_a_translation_keeps_the_key(name: str, data: st.DataObject) -> None:
    kind, sample = TYPES[name], SAMPLES[name]
    written = data.draw(sample.sources)
    source, other = read(kind, written), TypeAdapter(kind.translation).validate_python(sample.translate(written))
    assert list(kind.check_translation(source, other)) == []
    translated = kind.translate(source, other)
    assert list(kind.check(translated)) == []
    body, other_body = kind.body(source, render), kind.body(translated, render)
    order = kind.order(body, Random(3))
    assert kind.order(other_body, Random(3)) == order
    key = kind.right(source, translated)
    for best in (kind.best(kind.right(source)), kind.best(kind.right(translated)), kind.best(key)):
        value = kind.parse(kind.sent(best, other_body, order), other_body, order)
        assert value == best
        assert not kind.is_marked or kind.mark(key, value) == 1
