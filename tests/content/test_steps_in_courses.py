"""What our course on the steps says of the step model is what courses/steps.yaml holds: a changed model shows here what
to rewrite."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from lms.content import read_whole_or_one

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
    assert set(STEPS) <= found | matched(), "the cases ask about every step"


def matched() -> set[str]:
    """What is matched to, in the lists of matching questions."""
    pairs = [question for question in QUESTIONS if "pairs" in question]
    return {part for one in pairs for part in [*(pair["right"] for pair in one["pairs"]), *one.get("distractors", ())]}


def test_whatever_is_matched_to_is_a_step() -> None:
    assert matched() - set(STEPS) == set()


def test_what_is_made_of_the_model_follows_it(tmp_path: Path) -> None:
    """The question's parts, and with them the course's content, are those of the steps beside it."""
    shutil.copytree(COURSE, tmp_path / "courses" / COURSE.name)
    for file in COURSES.glob("*.yaml"):
        shutil.copy(file, tmp_path / "courses")
    steps = tmp_path / "courses" / "steps.yaml"
    before = made(tmp_path / "courses")
    assert before.way == STEPS
    assert [(tool, step) for tool, step in before.tools if tool not in TOOLS[step]] == []
    assert len({step for _, step in before.tools}) >= 5
    steps.write_text(steps.read_text(encoding="utf-8").replace("Look around:", "Look out:"), encoding="utf-8")
    after = made(tmp_path / "courses")
    assert after.way == [step.replace("Look around", "Look out") for step in STEPS]
    assert after.keys == before.keys
    assert after.content != before.content


class Made(NamedTuple):
    way: list[str]
    tools: list[tuple[str, str]]
    keys: list[str]
    content: str


def made(courses: Path) -> Made:
    library, _ = read_whole_or_one(courses / COURSE.name)
    (course,) = library.courses
    questions = {question.key: question for pool in course.pools for question in pool.questions}
    plain = re.compile("<[^>]+>")
    way = [plain.sub("", item["html"]) for item in questions["whole-way"].bodies["en"]["items"]]
    tools = []
    for name in ("tool-to-step", "tool-to-step-again"):
        body, right = questions[name].bodies["en"], questions[name].right["right"]
        parts = {part["id"]: part["html"] for part in body["parts"]}
        tools += [(plain.sub("", left["html"]), parts[right[left["id"]]]) for left in body["lefts"]]
    return Made(way, tools, list(questions), course.content_hash)


def test_the_tables_of_the_sections_are_those_of_the_model() -> None:
    first, second = (next(COURSE.glob(f"{number}-*.md")).read_text(encoding="utf-8") for number in ("01", "02"))
    assert re.findall(r"^\| \d \| \*\*(.+)\*\* \|", first, re.MULTILINE) == STEPS
    for step, tools in TOOLS.items():
        (row,) = re.findall(rf"^\| {step} \| (.+) \|$", second, re.MULTILINE)
        assert row.casefold().split(", ") == [tool.casefold() for tool in tools]
