"""Texts that a spreadsheet would take for formulas."""

import re

# A cell that begins with one of these would run as a formula in a spreadsheet (OWASP ASVS 1.2.10); the last four
# are the full-width forms, which some spreadsheets take for the plain ones.
FORMULA_STARTS = ("-", "=", "+", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_RUNS = re.compile(rf"'*\s*[{re.escape(''.join(FORMULA_STARTS))}]")


def guard(text: str) -> str:
    """The text behind an apostrophe where it would run; one that has apostrophes already gets one more."""
    return f"'{text}" if _RUNS.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text
