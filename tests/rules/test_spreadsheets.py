"""No text runs as a formula, and each comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.spreadsheets import FORMULA_STARTS, guard, unguard


@given(st.text(st.sampled_from(["'", " ", "a", "\n", *FORMULA_STARTS])) | st.text())
def test_what_is_guarded_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).lstrip().startswith(FORMULA_STARTS)


@pytest.mark.parametrize(
    ("text", "guarded"), [("=1", "'=1"), (" -1", "' -1"), ("'=1", "''=1"), ("a=1", "a=1"), ("'twas", "'twas"), ("", "")]
)
def test_only_what_would_run_is_guarded(text: str, guarded: str) -> None:
    assert guard(text) == guarded
