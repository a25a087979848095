"""Which courses serve what; a gap is named as long as no course fills it."""

from pathlib import Path

from lms.content import coverage, load_library
from tests.content.sample import FRAMEWORK, GOOD, STEPS, write_library

SECOND = FRAMEWORK[FRAMEWORK.index("  - code: PC1") :].replace("PC1", "PC2").replace("Relationship", "Fit")


def test_each_course_stands_where_it_aims(library: Path) -> None:
    found = coverage(load_library(library))
    assert found.competencies == {"PC1": (("M01", "M02"), (), (), ())}
    assert found.actions == {1: ("M01",), 2: ("M02",), 3: (), 4: (), 5: (), 6: (), 7: ()}
    assert found.steps == {"S1": ("M01", "M02")}
    assert found.names == {"PC1": "Relationship", "S1": "Think"}
    actions = tuple(f"action {action}: no course" for action in (3, 4, 5, 6, 7))
    assert found.gaps == ("PC1: no course aims at level 2 or higher", *actions)


def test_a_course_fills_every_gap_that_it_serves(tmp_path: Path) -> None:
    other = str(GOOD["other/course.yaml"])
    other = other.replace("actions: [2]", "actions: [2, 3, 4, 5, 6, 7]").replace("{PC1: 1}", "{PC1: 3, PC2: 2}")
    steps = STEPS.replace("partner_types", "  - {id: S2, name: Go, line: How}\npartner_types")
    files = {**GOOD, "other/course.yaml": other, "framework.yaml": FRAMEWORK + SECOND, "steps.yaml": steps}
    found = coverage(load_library(write_library(tmp_path / "courses", files)))
    assert found.competencies == {"PC1": (("M01",), (), ("M02",), ()), "PC2": ((), ("M02",), (), ())}
    assert found.gaps == ("S2: no course",)
    files["other/course.yaml"] = other.replace("steps: [S1]", "steps: [S2]")
    assert coverage(load_library(write_library(tmp_path / "whole", files))).gaps == ()
