"""What our course on the steps says of the step model is what courses/steps.yaml holds: a changed model shows here what
to rewrite."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

COURSES = Path(__file__).parents[2] / "courses"
COURSE = COURSES / "steps-and-tools"
MODEL = yaml.safe_load((COURSES / "steps.yaml").read_text(encoding="utf-8"))["steps"]
QUIZ = yaml.safe_load((COURSE / "quiz.yaml").read_text(encoding="utf-8"))
# As people say them: "Get clear: context and purpose" is "Get clear", "RACI (who does …)" is "RACI".
STEPS = [step["name"].partition(":")[0] for step in MODEL]
TOOLS = {step["name"].partition(":")[0]: [tool.partition(" (")[0] for tool in step["tools"]] for step in MODEL}
QUESTIONS = [question for pool in QUIZ["pools"] for question in pool["questions"]]


def texts(part: Any) -> Iterator[str]:
    """Every text below a part of the quiz."""
    if isinstance(part, str):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from texts(inner)


def named(text: str) -> list[str]:
    """What stands in single asterisks and begins as a name does."""
    return re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", text)


def test_every_step_and_tool_in_the_quiz_is_in_the_model() -> None:
    known = {*STEPS, *(tool for tools in TOOLS.values() for tool in tools)}
    found = {name for text in texts(QUIZ) for name in named(text)}
    assert found - known == set()
    assert set(STEPS) <= found | matched(), "the quiz asks about every step"


def matched() -> set[str]:
    """What is matched to, in the lists of matching questions."""
    pairs = [question for question in QUESTIONS if question["type"] == "matching"]
    return {part for one in pairs for part in [*(pair["right"] for pair in one["pairs"]), *one.get("distractors", ())]}


def test_whatever_is_matched_to_is_a_step() -> None:
    assert matched() - set(STEPS) == set()


def test_a_tool_is_matched_to_its_own_step() -> None:
    pairs = [pair for question in QUESTIONS if question["type"] == "matching" for pair in question["pairs"]]
    tools = [(named(pair["left"])[0], pair["right"]) for pair in pairs if re.fullmatch(r"\*[^*]+\*", pair["left"])]
    assert len(tools) >= 8
    assert [(tool, step) for tool, step in tools if tool not in TOOLS[step]] == []


def test_the_whole_way_is_that_of_the_model() -> None:
    (way,) = (question for question in QUESTIONS if question["id"] == "whole-way")
    assert [named(item["text"])[0] for item in way["items"]] == STEPS


def test_the_tables_of_the_sections_are_those_of_the_model() -> None:
    first, second = (next(COURSE.glob(f"{number}-*.md")).read_text(encoding="utf-8") for number in ("01", "02"))
    assert re.findall(r"^\| \d \| \*\*(.+)\*\* \|", first, re.MULTILINE) == STEPS
    for step, tools in TOOLS.items():
        (row,) = re.findall(rf"^\| {step} \| (.+) \|$", second, re.MULTILINE)
        assert row.casefold().split(", ") == [tool.casefold() for tool in tools]
