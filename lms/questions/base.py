"""What a question type is: one object of this class, in a file of its own, listed in `lms.questions`.

A type gets plain data and gives plain data back; it never sees a request, a session or a row.

The page of a type is `lms/questions/<name>.html`. Its fields are named `q<position>`, or `q<position>.<part>` where a
part must be a group of its own (radio buttons), and what is chosen comes before what is written or selected. Fields
send short strings: an option goes by its place on the page, "1" being the first shown, so that a page tells nothing
about the author's order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

# What a learner chose or wrote, as JSON data; None is "not answered".
Value = Any
Body = dict[str, Any]
Key = dict[str, Any]
Render = Callable[[str], str]
# What somebody who knows nothing likes of what is shown: (stem, texts in the shown order) -> a weight for each text.
Weight = tuple[float, float]
Weigh = Callable[[str, Sequence[str]], list[Weight]]


# Read by pydantic in `lms.content`: an unknown key is a fault, not ignored.
STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class SourceFault:
    """What is wrong in an author's question: the path inside it (keys and positions) and why."""

    path: tuple[str | int, ...]
    message: str


def no_picks(_value: Value) -> list[str]:
    """Free text is nobody's to read, so nothing of it is counted."""
    return []


def no_pick_texts(_body: Body) -> dict[str, str]:
    """As above."""
    return {}


def nothing_to_choose(_body: Body, _order: Sequence[str], _weigh: Weigh) -> Value:
    """What has to be written cannot be guessed by its looks."""
    return None


def no_faults(_body: Body) -> Iterable[SourceFault]:
    """Most texts stand alone, and `lms.content` checks their Markdown."""
    return ()


@dataclass(frozen=True)
class QuestionType:
    """One type of question.

    name: as authors write it in `type:`; also the template's name, `lms/questions/<name>.html`.
    source: a frozen dataclass of the fields that authors write beside the common ones.
    translation: a frozen dataclass of the fields that a translation gives.
    check(source) -> faults that the dataclass alone cannot see.
    body(source, render) -> what the learner sees; `render` turns Markdown into safe HTML. It has a `prompt`.
    right(source, *translated) -> the key; of the other languages it takes what only they can say (accepted words).
    feedback(source, render) -> what is shown after the attempt.
    translate(source, translation) -> the source with its texts replaced.
    check_translation(source, translation) -> faults.
    order(body, random) -> the drawn order of the parts (ids), stored with the attempt.
    parse(values, body, order) -> the answer from the form's strings, or None when empty; raises ValueError for one
        that the form cannot send.
    sent(value, body, order) -> the strings that a form sends for an answer; [] for None. The inverse of parse.
    mark(key, value) -> at most 1; below zero only where the author asked for negative marking.
    best(key) -> an answer that earns everything.
    slip(key, body, random) -> an answer as somebody gives it who does not know: it earns nothing.
    guess(body, order, weigh) -> an answer by looks alone, the heaviest first; None where nothing can be chosen.
    picks(value) -> the ids of what was chosen, to be counted for the author; none where the answer is free text.
    pick_texts(body) -> the HTML of each such id.
    is_marked: whether there is a mark at all.
    check_body(body) -> faults that show when the Markdown is HTML.
    """

    name: str
    source: type
    translation: type
    check: Callable[[Any], Iterable[SourceFault]]
    body: Callable[[Any, Render], Body]
    right: Callable[..., Key]
    feedback: Callable[[Any, Render], dict[str, Any]]
    translate: Callable[[Any, Any], Any]
    check_translation: Callable[[Any, Any], Iterable[SourceFault]]
    order: Callable[[Body, Random], list[str]]
    parse: Callable[[Sequence[str], Body, Sequence[str]], Value]
    sent: Callable[[Value, Body, Sequence[str]], list[str]]
    mark: Callable[[Key, Value], Fraction]
    best: Callable[[Key], Value]
    slip: Callable[[Key, Body, Random], Value]
    guess: Callable[[Body, Sequence[str], Weigh], Value] = nothing_to_choose
    picks: Callable[[Value], list[str]] = no_picks
    pick_texts: Callable[[Body], dict[str, str]] = no_pick_texts
    is_marked: bool = True
    check_body: Callable[[Body], Iterable[SourceFault]] = no_faults
