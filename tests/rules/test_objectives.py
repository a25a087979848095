"""The helper of objectives: what is missing is said, and nothing is barred."""

from datetime import date

import pytest

from lms.rules.objectives import Focus, Hint, names, vague_word, without_practice, word_hints

CYCLE = (date(2026, 7, 1), date(2027, 6, 30))
IN = date(2027, 3, 31)


@pytest.mark.parametrize(
    ("text", "measure", "due_on", "expected"),
    [
        ("Lead two reviews", "Both partners say so", IN, ()),
        ("Lead two reviews", "  ", IN, (Hint.NO_MEASURE,)),
        ("Lead two reviews", "Yes", None, (Hint.NO_DATE,)),
        ("Lead two reviews", "Yes", date(2027, 7, 1), (Hint.DATE_OUTSIDE,)),
        ("Lead two reviews", "Yes", CYCLE[0], ()),
        ("Lead two reviews", "Yes", CYCLE[1], ()),
        ("Understand our principles", "", None, (Hint.VAGUE, Hint.NO_MEASURE, Hint.NO_DATE)),
    ],
)
def test_what_an_objective_does_not_say(text, measure, due_on, expected) -> None:
    assert word_hints(text, measure, due_on, CYCLE) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I want to understand budgets", "understand"), ("KNOW the steps", "KNOW"),
        ("Comprendre le budget", "Comprendre"),
        ("Connaître nos partenaires", "Connaître"), ("Acknowledge each concern in five days", ""), ("Known steps", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_words_for_what_nobody_sees(text, word) -> None:
    assert vague_word(text) == word


def test_each_focus_has_a_step_at_work_or_with_people() -> None:
    assert without_practice([Focus("a", "PC1", {"course"})]) == {"a"}
    assert without_practice([Focus("a", "PC1", {"course"}), Focus("b", "PC1", {"people"})]) == set()
    assert without_practice([Focus("a", "", {"course"}), Focus("b", "", {"experience"})]) == {"a"}
    assert without_practice([Focus("a", "PC1", ())]) == {"a"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Kofi what do you think?", True), ("Dear @kofi mensah,", True), ("ask @Mensah", True), ("Kofi", False),
        ("kofi@lantern.example", False), ("@Kofian", False), ("mail@Kofi", False), ("(@Kofi)", True), ("@", False),
    ],
)  # fmt: skip
def test_who_is_named(text, named) -> None:
    assert names(text, "Kofi Mensah") == named


def test_names_in_other_scripts_and_of_one_letter() -> None:
    assert names("شكرا @أمينة", "أمينة الخوري")
    assert not names("@a b", "A")
