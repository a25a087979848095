"""Single choice and multiple response by hand: marks, faults, and what the learner sees."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from lms.questions import TYPES, SourceFault
from lms.questions.choices import ChoiceSource, ChoiceTranslation, Option, OptionTranslation
from tests.questions.samples import SAMPLES

SINGLE, MULTIPLE = TYPES["single_choice"], TYPES["multiple_response"]


def question(*right: bool, **more: Any) -> ChoiceSource:
    """Options a, b, c, ...; `right` says which are."""
    options = [Option(f"Option {n}", f"Because {n}", is_right) for n, is_right in enumerate(right)]
    return ChoiceSource(**{"prompt": "What next?", "options": options, **more})


def plain(markdown: str) -> str:
    return markdown


ABC = question(True, False, False)
ABCD = question(True, False, True, False)


@pytest.mark.parametrize(
    ("values", "value", "mark"),
    [([], None, 0), ([""], None, 0), (["2"], "a", 1), (["2", "2"], "a", 1), (["3"], "b", 0), (["1", ""], "c", 0)],
)
def test_single_choice(values: list[str], value: str | None, mark: int) -> None:
    parsed = SINGLE.parse(values, SINGLE.body(ABC, plain), ["c", "a", "b"])
    assert parsed == value
    assert SINGLE.mark(SINGLE.right(ABC), parsed) == mark


def test_single_choice_takes_one() -> None:
    with pytest.raises(ValueError, match="one option can be chosen, not several"):
        SINGLE.parse(["1", "2"], SINGLE.body(ABC, plain), ["a", "b", "c"])


@pytest.mark.parametrize(
    ("values", "value", "mark"),
    [
        ([], None, Fraction(0)),
        (["1", "3"], ["a", "c"], Fraction(1)),
        (["3", "1", "1"], ["a", "c"], Fraction(1)),
        (["1"], ["a"], Fraction(1, 2)),
        (["2"], ["b"], Fraction(0)),
        (["1", "2"], ["a", "b"], Fraction(0)),
        (["1", "3", "2"], ["a", "b", "c"], Fraction(1, 2)),
        (["1", "2", "3", "4"], ["a", "b", "c", "d"], Fraction(0)),  # ticking everything earns nothing
        (["2", "4"], ["b", "d"], Fraction(0)),
    ],
)
def test_multiple_response(values: list[str], value: list[str] | None, mark: Fraction) -> None:
    parsed = MULTIPLE.parse(values, MULTIPLE.body(ABCD, plain), list("abcd"))
    assert parsed == value
    assert MULTIPLE.mark(MULTIPLE.right(ABCD), parsed) == mark


@pytest.mark.parametrize("name", ["single_choice", "multiple_response"])
@given(data=st.data())
def test_only_the_right_options_earn_everything(name: str, data: st.DataObject) -> None:
    kind, sample = TYPES[name], SAMPLES[name]
    written = data.draw(sample.sources)
    source, values = TypeAdapter(kind.source).validate_python(written), data.draw(sample.answers(written))
    key, body = kind.right(source), kind.body(source, plain)
    order = kind.order(body, Random(1))
    mark = kind.mark(key, kind.parse(values, body, order))
    assert (mark == 1) == (set(values) - {""} == set(kind.sent(kind.best(key), body, order)))


def test_guessing_earns_nothing_where_a_wrong_choice_costs() -> None:
    key = SINGLE.right(question(True, False, False, False, negative=True))
    assert [SINGLE.mark(key, i) for i in "abcd"] == [1, *[Fraction(-1, 3)] * 3]
    key = MULTIPLE.right(question(True, True, False, False, negative=True))
    assert [MULTIPLE.mark(key, list(ids)) for ids in ("ab", "a", "ac", "c", "cd", "abcd")] == [
        1, Fraction(1, 2), 0, Fraction(-1, 2), -1, 0,
    ]  # fmt: skip


def test_thirds_stay_exact() -> None:
    right = MULTIPLE.right(question(True, True, True, False))
    assert MULTIPLE.mark(right, ["a", "b"]) == Fraction(2, 3)
    assert MULTIPLE.mark(right, ["a", "b", "d"]) == Fraction(1, 3)


@pytest.mark.parametrize("kind", [SINGLE, MULTIPLE], ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (question(True), "2 to 8 options are needed, 1 are given"),
        (question(*[True] + [False] * 8), "2 to 8 options are needed, 9 are given"),
        (
            question(True, False, options=[Option("Ask", "x", True), Option(" ask ", "y")]),
            "the same text as option 1",
        ),
        (question(True, False, options=[Option("Ask", "x", True), Option(" ", "y")]), "an option needs a text"),
        (question(True, False, options=[Option("Ask", " ", True), Option("Wait", "y")]), "an option needs feedback"),
    ],
)
def test_faults_of_options(kind: Any, source: ChoiceSource, fault: str) -> None:
    assert fault in [found.message for found in kind.check(source)]


@pytest.mark.parametrize(
    ("kind", "source", "fault"),
    [
        (SINGLE, question(False, False), "exactly one option must have `right: true`, 0 have it"),
        (SINGLE, ABCD, "exactly one option must have `right: true`, 2 have it"),
        (MULTIPLE, question(False, False), "no option has `right: true`"),
        (MULTIPLE, question(True, True), "every option has `right: true`, so that there is nothing to decide"),
    ],
)
def test_faults_of_the_key(kind: Any, source: ChoiceSource, fault: str) -> None:
    assert list(kind.check(source)) == [SourceFault(("options",), fault)]


@pytest.mark.parametrize(
    ("translation", "path"),
    [
        (ChoiceTranslation("Et alors ?", [OptionTranslation("Un", "Oui")]), ("options",)),
        (ChoiceTranslation("Et alors ?", [OptionTranslation("Un", "Oui")] * 3, feedback="En plus"), ("feedback",)),
    ],
)
def test_faults_of_a_translation(translation: ChoiceTranslation, path: tuple[str, ...]) -> None:
    assert [fault.path for fault in SINGLE.check_translation(ABC, translation)] == [path]


def test_a_translation_cannot_say_what_is_right() -> None:
    adapter = TypeAdapter(ChoiceTranslation)
    with pytest.raises(ValueError, match="right"):
        adapter.validate_python({"prompt": "?", "options": [{"text": "a", "feedback": "b", "right": True}]})


@pytest.mark.parametrize("kind", [SINGLE, MULTIPLE], ids=lambda kind: kind.name)
def test_the_body_is_the_same_whichever_option_is_right(kind: Any) -> None:
    bodies = [kind.body(question(*(n == place for n in range(4))), plain) for place in range(4)]
    assert bodies == [bodies[0]] * 4


def test_pinned_options_keep_the_authors_order() -> None:
    body = SINGLE.body(question(*[True] + [False] * 7, pinned=True), plain)
    assert {"".join(SINGLE.order(body, Random(seed))) for seed in range(20)} == {"abcdefgh"}
    loose = SINGLE.body(ABC, plain)
    assert {"".join(SINGLE.order(loose, Random(seed))) for seed in range(60)} == {
        "abc", "acb", "bac", "bca", "cab", "cba",
    }  # fmt: skip
