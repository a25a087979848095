"""The courses in `courses/` keep what the authors' page asks for, and no quiz of them can be guessed."""

from functools import cache
from pathlib import Path

from lms.content import coverage, guess_library, read_library
from lms.content.course import Library

COURSES = Path(__file__).parents[2] / "courses"
ALL = {f"M{number:02}" for number in range(1, 15)}  # as the paths name them


@cache
def ours() -> Library:
    library, faults = read_library(COURSES)
    assert faults == []
    return library


def test_nothing_should_be_better() -> None:
    assert [str(warning) for warning in ours().warnings] == []


def test_no_quiz_can_be_answered_by_its_looks() -> None:
    assert [played for played in guess_library(ours()) if played.is_fault] == []


def test_every_gap_is_one_that_a_course_to_come_will_fill() -> None:
    found, there = coverage(ours()), {course.code for course in ours().courses}
    served = {action for course in ours().courses for action in course.actions}
    assert {action for action, courses in found.actions.items() if courses} == served
    assert there <= ALL
    assert not found.gaps or there != ALL


def test_nobody_is_said_to_have_signed_off_our_safeguarding_course() -> None:
    """It needs a specialist who knows the place; who takes it over signs it off there."""
    course = next(course for course in ours().courses if course.code == "M08")
    assert "safeguarding specialist" in course.waits_for
    first = course.sections[0].texts["en"].html
    assert "sign-off of a local safeguarding specialist before use" in first[:300]
