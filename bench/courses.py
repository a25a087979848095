"""More courses than there are: copies of the real ones under other codes and slugs, for measurements at size.

Their quizzes keep the questions whose answer is one option or several: whoever measures ticks what is drawn.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

REAL = Path(__file__).parents[1] / "courses"
# What stays of a quiz, and as which type.
PLAIN = {
    "single_choice": "single_choice",
    "multiple_response": "multiple_response",
    "choose_then_justify": "single_choice",
}


def multiply(folder: Path, count: int, source: Path = REAL) -> Path:
    """Fill a new `folder` with `count` courses, M01 to M<count>, copied in turn; returns it.

    The copies are courses like others: `flask lms check` finds no fault in them.
    """
    courses = sorted(path.parent for path in source.glob("*/course.yaml"))
    folder.mkdir(parents=True)
    for path in source.glob("*.yaml"):
        shutil.copy(path, folder)
    for number in range(count):
        original = courses[number % len(courses)]
        copy = folder / (original.name if number < len(courses) else f"{original.name}-{number + 1}")
        shutil.copytree(original, copy)
        _rename(copy / "course.yaml", f"M{number + 1:02}")
        keep_options(copy)
    return folder


def keep_options(course: Path) -> None:
    """Take out of a course's quiz all questions but those of plain options; each pool draws as many as it did, or all.

    A question that asks for an option and the reason keeps the option.
    """
    quiz = yaml.safe_load((course / "quiz.yaml").read_text(encoding="utf-8"))
    for pool in quiz["pools"]:
        asked = [pool["draw"]] if isinstance(pool["draw"], int) else [one["count"] for one in pool["draw"]]
        pool["questions"] = [_plain(one) for one in pool["questions"] if one["type"] in PLAIN]
        pool["draw"] = min(sum(asked), len(pool["questions"]))
    quiz["pools"] = [pool for pool in quiz["pools"] if pool["questions"]]
    left = {one["id"]: one for pool in quiz["pools"] for one in pool["questions"]}
    _write(course / "quiz.yaml", quiz)
    for path in course.glob("*/quiz.yaml"):
        given = yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]
        _write(path, {"questions": {key: _plain(texts) for key, texts in given.items() if key in left}})


def _plain(question: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in question.items() if key != "model"}
    return kept | ({"type": PLAIN[question["type"]]} if "type" in question else {})


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _rename(file: Path, code: str) -> None:
    """Another code, and nothing that has to be done before: the copies stand side by side."""
    text = re.sub(r"(?m)^code: .*$", f"code: {code}", file.read_text(encoding="utf-8"))
    text = re.sub(r"(?m)^prerequisites: .*$", "prerequisites: []", text)
    file.write_text(text, encoding="utf-8")
