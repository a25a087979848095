"""Which competencies are suggested to work on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.focus import MOST, Gap, suggest

CASES = [
    ("no competencies", [], []),
    ("no gaps", [("PC1", 2, 2), ("PC2", 3, 1)], []),
    ("no target is no gap", [("PC1", 0, 0)], []),
    ("the largest first", [("PC1", 1, 2), ("PC2", 0, 2)], ["PC2", "PC1"]),
    ("of gaps alike the higher target", [("PC1", 0, 1), ("PC2", 2, 3)], ["PC2", "PC1"]),
    ("else the framework's order", [("PC3", 1, 2), ("PC1", 1, 2)], ["PC3", "PC1"]),
    ("three at most", [("PC1", 0, 1), ("PC2", 0, 2), ("PC3", 0, 3), ("PC4", 0, 4)], ["PC4", "PC3", "PC2"]),
]
GAPS = st.lists(st.builds(Gap, st.text("ABC", min_size=1), st.integers(0, 4), st.integers(0, 4)), max_size=8)


@pytest.mark.parametrize(("_name", "gaps", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_what_is_suggested(_name, gaps, wanted) -> None:
    assert suggest([Gap(*gap) for gap in gaps]) == wanted


@given(GAPS)
def test_no_larger_gap_is_left_out(gaps) -> None:
    named = [Gap(f"{n}", gap.level, gap.target) for n, gap in enumerate(gaps)]
    found = suggest(named)
    sizes = {gap.competency: gap.size for gap in named}
    assert len(found) == min(MOST, sum(1 for size in sizes.values() if size))
    assert all(sizes[code] for code in found)
    assert min((sizes[code] for code in found), default=9) >= max(
        (size for code, size in sizes.items() if code not in found and len(found) == MOST), default=0
    )
