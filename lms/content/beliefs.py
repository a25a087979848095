"""What leads a good colleague to a wrong choice: the comments `# belief: …` of a quiz.

They are comments, so that what an author notes of a choice can reach no learner.
"""

import re
from collections.abc import Iterator

from lms.content.draft import Draft
from lms.content.yaml_files import Document, Path

_BELIEF = re.compile(r"(?:^|\s)# belief( \([^)]+\))?: \S")
_COMMENT = re.compile(r"\s*#")


def check_beliefs(draft: Draft) -> None:
    """Warn of each question with a wrong choice of which nobody wrote down what leads to it."""
    for _question, language, document, question_path in draft.placed_questions():
        start = tuple(str(part) for part in question_path)
        wrong = _wrong_choices(document, start) if language == draft.languages[0] else ()
        lacking = [path for path in wrong if not _has_belief(document, path)]
        if lacking:
            lines = ", ".join(str(document.values[path].line) for path in lacking[1:])
            also = f", nor to that of line {lines}" if lines else ""
            message = f"no comment `# belief: …` says what leads to this choice{also}"
            draft.warn(document.fault(lacking[0], ""), message)


def _wrong_choices(document: Document, here: Path) -> Iterator[Path]:
    """Where a question has them: options, lines of a list, the wrong judgement of a statement."""
    value, around = document.at(here), here[-2:-1]
    if isinstance(value, dict):
        right = value.get("right")
        if around == ("options",) and right is not True:
            yield here
        if "if_true" in value:
            yield (*here, "if_false" if right else "if_true")
    elif (here in document.values and around == ("distractors",)) or (
        around == ("choices",) and value != document.at((*here[:-2], "right"))
    ):
        yield here
    parts = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for part in parts:
        yield from _wrong_choices(document, (*here, str(part)))


def _has_belief(document: Document, path: Path) -> bool:
    """Right above the choice, or in its lines; in those of an option, before the steps that follow from it."""
    place, lines = document.values[path], document.lines
    first = last = place.line
    while first > 1 and _COMMENT.match(lines[first - 2]):
        first -= 1
    if isinstance(document.at(path), dict):
        then = document.keys.get((*path, "then"))
        end = then.line if then else len(lines) + 1
        while last + 1 < end and not lines[last][: place.column - 1].strip():
            last += 1
        while last > place.line and _COMMENT.match(lines[last - 1]):  # these stand above the next choice
            last -= 1
    return any(_BELIEF.search(text) for text in lines[first - 1 : last])
