"""Numeric by hand: tolerance, units, figures; nothing that was written is lost."""

from fractions import Fraction
from typing import Any

import pytest

from lms.questions import TYPES
from tests.questions.by_hand import faults, made, mark
from tests.questions.test_choices import plain

NUMERIC = TYPES["numeric"]
UNITS = [{"text": "kg"}, {"text": "t", "factor": 1000}, {"text": "g", "factor": "1/1000"}]


def earned(text: str, unit: str = "", marks: str = ".,", **written: Any) -> Fraction:
    value = {"text": text, "marks": marks} | ({"unit": unit} if unit else {})
    return Fraction(mark("numeric", value, feedback="So.", **written))


@pytest.mark.parametrize(
    ("text", "written", "is_right"),
    [
        ("250", {"answer": 250}, True),
        ("250.0", {"answer": "250"}, True),
        ("250.1", {"answer": 250}, False),
        ("245", {"answer": 250, "tolerance": 5}, True),
        ("255", {"answer": 250, "tolerance": "5"}, True),
        ("244.99", {"answer": 250, "tolerance": 5}, False),
        ("245", {"answer": 250, "tolerance": "2 %"}, True),
        ("255.01", {"answer": 250, "tolerance": "2%"}, False),
        ("-245", {"answer": -250, "tolerance": "2 %"}, True),
        ("0.3", {"answer": 0.1, "tolerance": 0.2}, True),  # exact: no float comes near it
        ("0.30000000000000004", {"answer": 0.1, "tolerance": 0.2}, False),
        ("2.5e2", {"answer": 250}, True),
        ("two hundred and fifty", {"answer": 250}, False),
        ("", {"answer": 0}, False),
        ("0.250", {"answer": "0.25", "figures": 3}, True),
        ("0.25", {"answer": "0.25", "figures": 3}, False),
        ("0.2500", {"answer": "0.25", "figures": 3}, False),
        ("1200", {"answer": 1234, "tolerance": 50, "figures": 2}, True),
        ("1234", {"answer": 1234, "tolerance": 50, "figures": 2}, False),
        ("1.2e3", {"answer": 1234, "tolerance": 50, "figures": 2}, True),
    ],
)
def test_marks(text: str, written: Any, is_right: bool) -> None:
    assert earned(text, **written) == int(is_right)


@pytest.mark.parametrize(
    ("text", "unit", "is_right"),
    [("250", "1", True), ("0.25", "2", True), ("250000", "3", True), ("250", "2", False), ("250", "", False)],
)
def test_units(text: str, unit: str, is_right: bool) -> None:
    assert earned(text, unit, answer=250, units=UNITS) == int(is_right)
    assert earned("250", answer=250, units=UNITS[:1]) == 1


def test_a_number_is_read_by_the_marks_of_its_page() -> None:
    assert earned("1.250,5", marks=",.", answer=1250.5) == 1
    assert earned("1.250,5", marks=".,", answer=1250.5) == 0
    assert earned("1.250", marks=",.", answer=1250) == 1
    assert earned("1.250", marks=".,", answer=1250) == 0


def test_what_was_written_is_kept() -> None:
    body = NUMERIC.body(made("numeric", answer=1, feedback="So.", units=UNITS), plain)
    value = {"text": "about one", "marks": ",\u202f", "unit": "2"}
    assert NUMERIC.parse([" about one ", "unit=2", "marks=,\u202f"], body, []) == value
    assert NUMERIC.sent(value, body, []) == ["about one", "unit=2", "marks=,\u202f"]
    assert NUMERIC.parse(["", "unit=2", "marks=.,"], body, []) == {"text": "", "marks": ".,", "unit": "2"}
    assert NUMERIC.parse(["", "", "marks=.,"], body, []) is None
    assert NUMERIC.picks(value) == []


@pytest.mark.parametrize(
    ("written", "path", "part"),
    [
        ({"answer": "1,5"}, ("answer",), "the answer is a number"),
        ({"answer": "1e3"}, ("answer",), "the answer is a number"),
        ({"answer": 1, "tolerance": "-1"}, ("tolerance",), "a tolerance is a number"),
        ({"answer": 1, "tolerance": "2 percent"}, ("tolerance",), "a tolerance is a number"),
        ({"answer": 1, "units": [{"text": "t", "factor": 1000}]}, ("units", 0, "factor"), "its factor is 1"),
        (
            {"answer": 1, "units": [UNITS[0], {"text": "t", "factor": 0}]},
            ("units", 1, "factor"),
            "a factor is a number",
        ),
        ({"answer": 1, "units": [UNITS[0], {"text": "t", "factor": "1/0"}]}, ("units", 1, "factor"), "a factor is"),
        ({"answer": 1, "units": [UNITS[0], {"text": "kg"}]}, ("units", 1, "text"), "the same text as number 1"),
        ({"answer": 1, "units": [{"text": " "}]}, ("units", 0, "text"), "it is empty"),
        ({"answer": 1, "figures": 13}, ("figures",), "1 to 12 significant figures"),
        ({"answer": 0, "figures": 2}, ("figures",), "0 has no significant figures"),
        ({"answer": 1234, "figures": 2}, ("figures",), "is not within the tolerance"),
        ({"answer": 1, "feedback": " "}, ("feedback",), "the question needs feedback"),
    ],
)
def test_faults(written: Any, path: Any, part: str) -> None:
    found = faults("numeric", **{"feedback": "So.", **written})
    assert [where for where, message in found if part in message] == [path]
