"""More courses than there are: copies of the real ones under other codes and slugs, for measurements at size."""

import re
import shutil
from pathlib import Path

REAL = Path(__file__).parents[1] / "courses"


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
    return folder


def _rename(file: Path, code: str) -> None:
    """Another code, and nothing that has to be done before: the copies stand side by side."""
    text = re.sub(r"(?m)^code: .*$", f"code: {code}", file.read_text(encoding="utf-8"))
    text = re.sub(r"(?m)^prerequisites: .*$", "prerequisites: []", text)
    file.write_text(text, encoding="utf-8")
