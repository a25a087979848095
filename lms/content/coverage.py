"""Which courses serve what: competencies by level, actions, steps; and what no course serves yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms.content.course import Library
from lms.content.schema import LAST_ACTION

LEVELS = (1, 2, 3, 4)
NEEDED_LEVEL = 2  # the levels above are shown at work, with evidence: no course alone leads there
Courses = tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """Course codes by what they serve; `names` of competencies and steps; `gaps` in words.

    competencies: by code, for each of LEVELS the courses that aim at this level.
    """

    names: dict[str, str]
    competencies: dict[str, tuple[Courses, ...]]
    actions: dict[int, Courses]
    steps: dict[str, Courses]
    gaps: tuple[str, ...]


def coverage(library: Library) -> Coverage:
    """The table of a library whose reference files could be read."""
    bodies = {reference.kind: reference.body for reference in library.references}
    framework, steps = bodies["framework"]["competencies"], bodies["steps"]["steps"]
    by_competency = {
        entry["code"]: tuple(
            _codes((course.code, course.competencies.get(entry["code"]) == level) for course in library.courses)
            for level in LEVELS
        )
        for entry in framework
    }
    by_action = {
        action: _codes((course.code, action in course.actions) for course in library.courses)
        for action in range(1, LAST_ACTION + 1)
    }
    by_step = {
        step["id"]: _codes((course.code, step["id"] in course.steps) for course in library.courses) for step in steps
    }
    names = {entry["code"]: entry["name"] for entry in framework} | {step["id"]: step["name"] for step in steps}
    return Coverage(names, by_competency, by_action, by_step, tuple(_gaps(by_competency, by_action, by_step)))


def _codes(found: Iterable[tuple[str, bool]]) -> Courses:
    return tuple(sorted(code for code, serves in found if serves))


def _gaps(
    competencies: Mapping[str, tuple[Courses, ...]], actions: Mapping[int, Courses], steps: Mapping[str, Courses]
) -> Iterable[str]:
    for code, levels in competencies.items():
        if not any(levels[NEEDED_LEVEL - 1 :]):
            yield f"{code}: no course aims at level {NEEDED_LEVEL} or higher"
    yield from (f"action {action}: no course" for action, courses in actions.items() if not courses)
    yield from (f"{step}: no course" for step, courses in steps.items() if not courses)
