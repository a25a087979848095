"""Numbers as they are written in many countries: read exactly, by the marks of the page, or not at all."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.questions.written_numbers import check_marks, example, html_pattern, pattern, read_number

ENGLISH, GERMAN, FRENCH, SWISS, ARABIC = ".,", ",.", ",\u202f", ".’", "\u066b\u066c"


@pytest.mark.parametrize(
    ("text", "marks", "value"),
    [
        ("1250.5", ENGLISH, "1250.5"),
        ("1,250.5", ENGLISH, "1250.5"),
        (" 1,250.5 ", ENGLISH, "1250.5"),
        ("12,34,567", ENGLISH, "1234567"),  # India
        ("1,23,456.7", ENGLISH, "123456.7"),
        (".5", ENGLISH, "0.5"),
        ("-0.5", ENGLISH, "-0.5"),
        ("\u22127", ENGLISH, "-7"),
        ("+7", ENGLISH, "7"),
        ("1.2e3", ENGLISH, "1200"),
        ("1.2E\u22123", ENGLISH, "0.0012"),
        ("1.250,5", GERMAN, "1250.5"),
        ("0,1", GERMAN, "0.1"),
        ("1 250,5", FRENCH, "1250.5"),
        ("1\u00a0250,5", FRENCH, "1250.5"),
        ("1\u202f250\u202f000", FRENCH, "1250000"),
        ("1'250.5", SWISS, "1250.5"),
        ("١٢٥٠٫٥", ARABIC, "1250.5"),
        ("١٬٢٥٠٫٥", ARABIC, "1250.5"),
        ("\u061c-١٢", ARABIC, "-12"),
        ("१२.५", ENGLISH, "12.5"),
        ("12.5", ".", "12.5"),
        # What could be meant otherwise, or is no number, is not read.
        ("1,5", ENGLISH, None),
        ("0,123", ENGLISH, None),
        ("1.250,5", ENGLISH, None),
        ("1,250.5", GERMAN, None),
        ("1,2,3", ENGLISH, None),
        ("1,250,5", ENGLISH, None),
        ("12 500", ENGLISH, None),
        ("1,250", ".", None),
        ("1.", ENGLISH, None),
        ("1.2.3", ENGLISH, None),
        ("", ENGLISH, None),
        ("-", ENGLISH, None),
        ("about 5", ENGLISH, None),
        ("5 kg", ENGLISH, None),
        ("½", ENGLISH, None),
        ("²", ENGLISH, None),
        ("1e999", ENGLISH, None),
        ("nan", ENGLISH, None),
        ("0x10", ENGLISH, None),
        ("1_000", ENGLISH, None),
    ],
)
def test_read(text: str, marks: str, value: str | None) -> None:
    found = read_number(text, marks)
    assert (found and found.value) == (None if value is None else Fraction(value))


@pytest.mark.parametrize(
    ("text", "figures"),
    [("1200", (2, 4)), ("1200.0", (5, 5)), ("0.0120", (3, 3)), ("1.20e3", (3, 3)), ("-7", (1, 1)), ("1,000", (1, 4))],
)
def test_significant_figures(text: str, figures: tuple[int, int]) -> None:
    found = read_number(text, ENGLISH)
    assert found
    assert (found.least_figures, found.most_figures) == figures


@pytest.mark.parametrize("marks", ["", "..", ".,.", "x", " ,", ", \u00a0", ".x", "'’"])
def test_no_page_has_such_marks(marks: str) -> None:
    with pytest.raises(ValueError, match="marks"):
        check_marks(marks)


@pytest.mark.parametrize("marks", [ENGLISH, GERMAN, FRENCH, SWISS, ARABIC, "."])
@given(number=st.decimals(-(10**12), 10**12, places=4))
def test_what_is_written_with_the_marks_is_read_as_it_was(marks: str, number: object) -> None:
    text = format(number, ",.4f").translate(str.maketrans({",": marks[1:], ".": marks[0]}))
    found = read_number(text, check_marks(marks))
    assert found
    assert found.value == Fraction(str(number))
    assert read_number(example(marks), marks)


@given(
    text=st.text("0123456789.,' eE+-\u2212\u202f\u00a0٫٬٣", max_size=12),
    marks=st.sampled_from([ENGLISH, FRENCH, SWISS]),
)
def test_any_text_is_read_or_not(text: str, marks: str) -> None:
    found = read_number(text, marks)
    assert found is None or isinstance(found.value, Fraction)


def test_the_fields_pattern_names_digits_as_browsers_do() -> None:
    assert r"\d" not in html_pattern(ENGLISH)
    assert re.sub(r"\\p\{Nd\}", r"\\d", html_pattern(ENGLISH)) == pattern(ENGLISH)
