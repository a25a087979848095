"""Sentences, words and LIX."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.reading import lix, sentences, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three? Four … five", ["One.", "Two!", "Three?", "Four …", "five"]),
        ('She said: "No." Then she left; he stayed.', ["She said:", '"No.', "Then she left;", "he stayed."]),
        ("It takes 1.5 days at 10:30, see a.b", ["It takes 1.5 days at 10:30, see a.b"]),
        ("هل تسأل؟ نعم.", ["هل تسأل؟", "نعم."]),
        (" … – ", []),
        ("", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_what_is_joined_is_one_word() -> None:
    assert words("A partner's two-way talk, 3 times") == ["A", "partner's", "two-way", "talk", "3", "times"]


def test_lix_is_words_a_sentence_and_the_share_of_long_words() -> None:
    assert lix(["We ask first.", "Partners answer."]) == 5 / 2 + 100 * 1 / 5
    assert lix(["We ask first.", "Partners answer."], {"partners"}) == 5 / 2


@given(st.text(max_size=200))
def test_no_word_is_lost_or_made(text: str) -> None:
    assert [word for sentence in sentences(text) for word in words(sentence)] == words(text)
