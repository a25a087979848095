"""Which spellings of an address are one person, and how a name is put together."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.rules.people import display_name, email_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amina@Lantern.example", "amina@lantern.example"),
        ("  amina@lantern.example\t", "amina@lantern.example"),
        ("\u00a0amina@lantern.example\u3000", "amina@lantern.example"),  # spaces of spreadsheets
        ("jose\u0301@lantern.example", "jos\u00e9@lantern.example"),  # a composed and a combined accent
        ("JOSE\u0301@LANTERN.EXAMPLE", "jos\u00e9@lantern.example"),
        ("ｒｏｓａ@ｒｉｏ.example", "rosa@rio.example"),  # full-width letters
        ("STRASSE@lantern.example", "stra\u00dfe@lantern.example"),
        ("ΑΝΝΑΣ@lantern.example", "αννας@lantern.example"),  # a final sigma
    ],
)
def test_the_same_person(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("amina@lantern.example", "amina@lantern.example.org"),
        ("jose@lantern.example", "jos\u00e9@lantern.example"),
        ("amina.diallo@lantern.example", "aminadiallo@lantern.example"),
        ("amina+lms@lantern.example", "amina@lantern.example"),
        ("0001@lantern.example", "1@lantern.example"),
    ],
)
def test_different_people(one: str, other: str) -> None:
    assert email_key(one) != email_key(other)


@example("\u00df\u0301\u0345@lantern.example")
@given(st.text(max_size=40))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)


@given(st.text(max_size=40))
def test_how_accents_are_written_is_irrelevant(text: str) -> None:
    keys = {email_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert keys == {email_key(text)}


@given(st.emails())
def test_case_and_spaces_are_irrelevant(email: str) -> None:
    assert email_key(f" {email.upper()} ") == email_key(email.lower()) == email_key(email)


@pytest.mark.parametrize(
    ("given_name", "family_name", "shown"),
    [
        ("Amina", "Diallo", "Amina Diallo"),
        ("Nadia", "", "Nadia"),
        ("", "Quispe", "Quispe"),
        (" Li ", " Wei ", "Li Wei"),
        ("", "", ""),
    ],
)
def test_display_name(given_name: str, family_name: str, shown: str) -> None:
    assert display_name(given_name, family_name) == shown
