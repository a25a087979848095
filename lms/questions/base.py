"""What a question type is: one object of this class, in a file of its own, listed in `lms.questions`.

A type gets plain data and gives plain data back; it never sees a request, a session or a row.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

# What a learner chose or wrote, as JSON data; None is "not answered".
Value = Any


@dataclass(frozen=True)
class SourceFault:
    """What is wrong in an author's question: the path inside it (keys and positions) and why."""

    path: tuple[str | int, ...]
    message: str


@dataclass(frozen=True)
class QuestionType:
    """One type of question.

    name: as authors write it in `type:`; also the template's name, `lms/questions/<name>.html`.
    source: a frozen dataclass of the fields that authors write beside the common ones.
    translation: a frozen dataclass of the fields that a translation gives.
    check(source) -> faults that the dataclass alone cannot see.
    body(source, render) -> what the learner sees; `render` turns Markdown into safe HTML.
    right(source) -> the key.
    feedback(source, render) -> what is shown after the attempt.
    translate(source, translation) -> the source with its texts replaced.
    check_translation(source, translation) -> faults.
    order(body, random) -> the drawn order of the parts (option ids), stored with the attempt.
    parse(values, body) -> the answer from the form's strings, or None when empty; raises ValueError for a wrong one.
    mark(right, value) -> between 0 and 1.
    """

    name: str
    source: type
    translation: type
    check: Callable[[Any], Iterable[SourceFault]]
    body: Callable[[Any, Callable[[str], str]], dict[str, Any]]
    right: Callable[[Any], dict[str, Any]]
    feedback: Callable[[Any, Callable[[str], str]], dict[str, Any]]
    translate: Callable[[Any, Any], Any]
    check_translation: Callable[[Any, Any], Iterable[SourceFault]]
    order: Callable[[dict[str, Any], Random], list[str]]
    parse: Callable[[Sequence[str], dict[str, Any]], Value]
    mark: Callable[[dict[str, Any], Value], Fraction]
