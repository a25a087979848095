"""What the types with written words share: reading them, comparing them, and the faults of lists of texts.

Two spellings are the same where spaces, the Unicode form and the kind of apostrophe or quotation mark alone differ, and
what the author lets differ: case, accents. Everything else has to be listed: nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from lms.questions.base import SourceFault

Ignored = Literal["case", "accents"]
LONGEST = 200  # characters of an answer
MOST_FORMS = 50
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
    }
)
_MARKS_FROM = 10  # combining classes below are parts of a letter in the scripts of India, no accents


def written(text: str, longest: int = LONGEST) -> str:
    """What was written, without the spaces around it; ValueError where no field can hold it."""
    if _UNSTORABLE.search(text):
        raise ValueError("it holds a character that is no text")
    if len(text) > longest:
        raise ValueError(f"it has more than {longest} characters")
    return text.strip()


def folded(text: str, ignore: Iterable[str] = ()) -> str:
    """A text as it is compared."""
    found = unicodedata.normalize("NFD", text.translate(_QUOTES))
    if "accents" in ignore:
        found = "".join(letter for letter in found if unicodedata.combining(letter) < _MARKS_FROM)
    if "case" in ignore:
        found = found.casefold()
    return " ".join(unicodedata.normalize("NFC", found).split())


def is_accepted(text: str, forms: Iterable[str], ignore: Iterable[str]) -> bool:
    """Whether a text is one of the forms."""
    wanted = folded(text, ignore)
    return any(folded(form, ignore) == wanted for form in forms)


def all_forms(lists: Iterable[Sequence[str]]) -> list[str]:
    """The forms of all languages, each once and squeezed."""
    return list(dict.fromkeys(" ".join(form.split()) for forms in lists for form in forms))


def other_than(forms: Iterable[str], ignore: Iterable[str]) -> str:
    """A short text that is none of the forms."""
    text = "?"
    while is_accepted(text, forms, ignore):
        text += "?"
    return text


def check_forms(forms: Sequence[str], ignore: Sequence[str], path: tuple[str | int, ...]) -> Iterable[SourceFault]:
    """Faults of a list of accepted forms."""
    yield from check_list(forms, path, 1, MOST_FORMS, "accepted forms", lambda text: folded(text, ignore))
    for place, form in enumerate(forms):
        if len(form) > LONGEST or _UNSTORABLE.search(form):
            yield SourceFault((*path, place), f"an accepted form is text of at most {LONGEST} characters")


def check_list(
    texts: Sequence[str], path: tuple[str | int, ...], least: int, most: int, what: str, same: Any = folded
) -> Iterable[SourceFault]:
    """Faults of a list of texts: how many, none empty, none twice."""
    if not least <= len(texts) <= most:
        yield SourceFault(path, f"{least} to {most} {what} are needed, {len(texts)} are given")
    yield from check_texts(texts, path, same)


def check_texts(texts: Sequence[str], path: tuple[str | int, ...], same: Any = folded) -> Iterable[SourceFault]:
    """None is empty, none there twice."""
    seen: dict[str, int] = {}
    for place, text in enumerate(texts):
        if not text.strip():
            yield SourceFault((*path, place), "it is empty; write it")
        elif same(text) in seen:
            yield SourceFault((*path, place), f"the same text as number {seen[same(text)] + 1}")
        seen.setdefault(same(text), place)


def check_parts(parts: Sequence[Any], noun: str, least: int, most: int) -> Iterable[SourceFault]:
    """Faults of the options or items (`noun`) of a question: how many, each with a text of its own and feedback."""
    path = f"{noun}s"
    if not least <= len(parts) <= most:
        yield SourceFault((path,), f"{least} to {most} {path} are needed, {len(parts)} are given")
    seen: dict[str, int] = {}
    for place, part in enumerate(parts):
        text = folded(part.text, ("case",))
        if not text:
            yield SourceFault((path, place, "text"), f"an {noun} needs a text")
        elif text in seen:
            yield SourceFault((path, place, "text"), f"the same text as {noun} {seen[text] + 1}")
        seen.setdefault(text, place)
        if not part.feedback.strip():
            yield SourceFault((path, place, "feedback"), f"an {noun} needs feedback")


def check_feedback(feedback: str) -> Iterable[SourceFault]:
    """Where nothing else teaches, the question's feedback does."""
    if not feedback.strip():
        yield SourceFault(("feedback",), "the question needs feedback")


def check_same_length(
    given: Sequence[Any], wanted: Sequence[Any], path: tuple[str | int, ...]
) -> Iterable[SourceFault]:
    """A translation has the source's parts, one for one."""
    if len(given) != len(wanted):
        yield SourceFault(path, f"{len(given)} are given, but the source has {len(wanted)}")


def check_same_feedback(given: Any, source: Any) -> Iterable[SourceFault]:
    """A translation gives the general feedback exactly where the source does."""
    if bool(given.feedback.strip()) != bool(source.feedback.strip()):
        yield SourceFault(("feedback",), "feedback must be given here exactly where the source gives it")


def halves(value: str, most_left: int, most_right: int) -> tuple[int, int]:
    """The two numbers of "2=3", each from 1; ValueError where there is no such part."""
    left, is_there, right = value.partition("=")
    numbers = [int(half) if half.isascii() and half.isdigit() and len(half) < 4 else 0 for half in (left, right)]
    if not is_there or not 1 <= numbers[0] <= most_left or not 1 <= numbers[1] <= most_right:
        raise ValueError(f"there is no part {value[:20]!r}")
    return numbers[0], numbers[1]
