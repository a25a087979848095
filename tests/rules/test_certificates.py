"""The number of a certificate however it is typed, and what holds on which day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.models.completions import new_certificate_number
from lms.rules.certificates import ALPHABET, Truth, Verdict, in_groups, read_number

# How people and their keyboards write what was meant: small, wide, in the digits of Arabic and Persian, misread.
MISREAD = {"0": "oO", "1": "iIlL"}
DIGITS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]
BETWEEN = st.text(st.sampled_from(" -–—‑_.\t\n\u00a0\u200f\u2066"), max_size=3)


def forms(sign: str) -> str:
    """Every way in which a sign may be typed."""
    if sign.isdigit():
        return "".join(row[int(sign)] for row in DIGITS) + MISREAD.get(sign, "")
    wide = chr(ord(sign) - ord("A") + ord("Ａ"))
    return sign + sign.lower() + wide + wide.lower()


@st.composite
def typed(draw: st.DrawFn) -> tuple[str, str]:
    """A number as it is printed, and as somebody typed it."""
    signs = draw(st.text(ALPHABET, min_size=16, max_size=16))
    written = "".join(draw(st.sampled_from(forms(sign))) + draw(BETWEEN) for sign in signs)
    return in_groups(signs), draw(BETWEEN) + written


@given(typed())
def test_a_number_is_found_however_it_is_typed(pair: tuple[str, str]) -> None:
    printed, written = pair
    assert read_number(written) == printed


@given(st.text(max_size=60))
def test_any_text_is_a_number_as_printed_or_none(text: str) -> None:
    found = read_number(text)
    assert found is None or (read_number(found) == found and len(found) == 19)


@pytest.mark.parametrize(
    "text",
    ["", "7K3M", "7K3M-Q2ZD-0V8R-XW5", "7K3M-Q2ZD-0V8R-XW5TT", "UUUU-UUUU-UUUU-UUUU", "7K3M-Q2ZD-0V8R-XW5é", "x" * 5000,
     "\0" * 16, "7K3M-Q2ZD-0V8R-XW5²³", "Ⅷ" * 16],
)  # fmt: skip
def test_what_cannot_be_a_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_new_numbers_are_as_they_are_read_and_never_the_same() -> None:
    numbers = {new_certificate_number() for _ in range(1000)}
    assert len(numbers) == 1000
    assert all(read_number(number) == number for number in numbers)


DONE, CONFIRMED, ENDS, GONE = date(2026, 3, 1), date(2026, 4, 1), date(2027, 3, 1), date(2026, 6, 1)
# day, asks for a task, confirmed on, ends on, withdrawn on -> what the certificate is worth
DAYS = [
    (date(2026, 3, 1), False, None, None, None, Verdict.COMPLETED),
    (date(2099, 1, 1), False, None, None, None, Verdict.COMPLETED),
    (date(2026, 3, 31), True, CONFIRMED, ENDS, None, Verdict.UNCONFIRMED),
    (date(2026, 4, 1), True, CONFIRMED, ENDS, None, Verdict.CERTIFIED),
    (date(2027, 2, 28), True, CONFIRMED, ENDS, None, Verdict.CERTIFIED),
    (date(2027, 3, 1), True, CONFIRMED, ENDS, None, Verdict.EXPIRED),
    (date(2027, 2, 28), True, None, ENDS, None, Verdict.UNCONFIRMED),
    (date(2027, 3, 1), True, None, ENDS, None, Verdict.EXPIRED),
    (date(2026, 5, 31), True, CONFIRMED, ENDS, GONE, Verdict.CERTIFIED),
    (date(2026, 6, 1), True, CONFIRMED, ENDS, GONE, Verdict.WITHDRAWN),
    (date(2026, 6, 1), False, None, None, GONE, Verdict.WITHDRAWN),
    (date(2028, 1, 1), True, CONFIRMED, ENDS, GONE, Verdict.WITHDRAWN),
]


@pytest.mark.parametrize(("on", "asks", "certified_on", "expires_on", "withdrawn_on", "verdict"), DAYS)
def test_what_a_certificate_is_worth_on_a_day(
    on: date, asks: bool, certified_on: date | None, expires_on: date | None, withdrawn_on: date | None,
    verdict: Verdict,
) -> None:  # fmt: skip
    truth = Truth(on, DONE, asks, certified_on, expires_on, withdrawn_on)
    assert truth.verdict is verdict
    assert truth.is_confirmed == (certified_on is not None and certified_on <= on)
