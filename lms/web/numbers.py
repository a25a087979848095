"""Numbers in a question: the marks of the page's language, and a number as its reader writes it."""

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

from babel import numbers

from lms.questions.written_numbers import read_number
from lms.web.language import language, locale

_EXACT = Context(prec=200)
_LARGEST, _SMALLEST = Decimal(10) ** 15, Decimal(10) ** -9  # beyond, a power of ten is easier to read


def number_marks() -> str:
    """The decimal mark of this page's language, and the one between groups."""
    return _marks(language())


@lru_cache
def _marks(_language: str) -> str:
    return numbers.get_decimal_symbol(locale()) + numbers.get_group_symbol(locale())


def read_written(text: str, marks: str) -> Fraction | None:
    """The number in a text, or None."""
    found = read_number(text, marks)
    return found.value if found else None


def say_number(value: Fraction | str) -> str:
    """A number in this page's language, exact as far as decimals go; of a text like 2.5 or 1/3, too."""
    fraction = Fraction(value)
    number = _EXACT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
    if fraction.denominator != 1 and len(number.as_tuple().digits) > 20:
        number = Context(prec=20).plus(number)
    if number and not _SMALLEST <= abs(number) < _LARGEST:
        return str(numbers.format_scientific(number.normalize(), locale=locale(), decimal_quantization=False))
    return str(numbers.format_decimal(number, locale=locale(), decimal_quantization=False))
