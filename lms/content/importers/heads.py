"""What belongs to every question: its id, out of foreign names, and what foreign tags say of it.

A tag with a colon gives a key of quiz.yaml, `competency:PC1` for example: that is how our own export keeps them. Any
other tag becomes one of ours.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lms.content.importers.ledger import Foreign, Part
from lms.content.schema import QuestionHead

MOST_TAGS = 20
DESCRIPTION = "a text that asks nothing; put it into a section"
ESSAY = "an answer in free words; here nobody reads what learners write in a quiz"
_LONGEST_ID, _LONGEST_TAG = 60, 40
_PLAIN = "question"
_FIGURES = re.compile(r"(?:[1-9]|1[0-2])\Z", re.ASCII)


def _true(text: str) -> Any:
    return True if text == "true" else None


def _ignored(text: str) -> Any:
    found = [] if text == "none" else text.split(",")
    return found if set(found) <= {"case", "accents"} else None


def _checked(name: str) -> Callable[[str], Any]:
    field = QuestionHead.model_fields[name]
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())

    def read(text: str) -> Any:
        try:
            return adapter.validate_python(text, strict=True)
        except ValidationError:
            return None

    return read


# A tag's word before the colon -> what reads the rest; None is "not such a value".
_HEAD = {
    **{name: _checked(name) for name in ("competency", "section", "difficulty")},
    **dict.fromkeys(("scenario", "critical"), _true),
}
_FLAGS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("pinned", "negative"), _true),
    "ignore": _ignored,
    "figures": lambda text: int(text) if _FIGURES.match(text) else None,
}


def take_tag(question: Foreign, part: Part, text: str) -> None:
    """A foreign tag: a key of the question, a key of its type, or a tag of ours."""
    name, colon, rest = text.strip().partition(":")
    if colon and name in _HEAD and name not in question.head and (value := _HEAD[name](rest)) is not None:
        question.head[name] = value
        part.carry()
    elif colon and name in _FLAGS and name not in question.flags and (value := _FLAGS[name](rest)) is not None:
        question.flags[name] = (value, part)
    else:
        add_tag(question, part, text.strip())


def add_tag(question: Foreign, part: Part, text: str) -> None:
    """A tag of ours, in the letters that ours have."""
    tags = question.head.setdefault("tags", [])
    word = text if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", text) else slug(text, _LONGEST_TAG)
    if not word:
        part.drop("a tag has letters of a-z and digits, and this has none")
    elif len(tags) >= MOST_TAGS and word not in tags:
        part.drop(f"a question has at most {MOST_TAGS} tags")
    else:
        tags += [word] if word not in tags else []
        part.carry()
        if word != text:
            part.change(f"it became the tag '{word}'")
    if not tags:
        del question.head["tags"]


@dataclass(frozen=True)
class Category:
    """A category of a foreign bank: its questions get its last name as a tag."""

    part: Part
    name: str
    is_nested: bool

    @classmethod
    def of(cls, part: Part) -> "Category | None":
        """The category of a path; None, and the part dropped, where the path names none."""
        names = [name.replace("//", "/").strip() for name in re.split(r"(?<!/)/(?!/)", part.text)]
        names = [name for name in names if name and name != "top" and not re.fullmatch(r"\$\w+\$", name)]
        if not names:
            part.drop("it names no category")
            return None
        return cls(part, names[-1], len(names) > 1)

    def give(self, question: Foreign) -> None:
        """Tag a question with it."""
        add_tag(question, self.part, self.name)
        if self.is_nested:
            self.part.change(f"only the last name of the path is kept: {self.name}")


def slug(text: str, longest: int) -> str:
    """A name of a-z, 0-9 and hyphens out of a text; empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")


def give_ids(questions: Iterable[Foreign], taken: Iterable[str]) -> None:
    """Each question gets an id that no other has: its own, else one of its name, else one of its first words."""
    used, numbers = set(taken), dict[str, int]()
    for question in questions:
        given = question.id.strip()
        wanted = given if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", given) else slug(given, _LONGEST_ID)
        wanted = wanted or slug(question.name, _LONGEST_ID) or slug(_first_words(question), _LONGEST_ID) or _PLAIN
        found = wanted
        while found in used:
            numbers[wanted] = numbers.get(wanted, 1) + 1
            found = f"{wanted[:70]}-{numbers[wanted]}"
        used.add(found)
        question.head["id"] = found
        for part, said in ((question.naming, given), (question.title, question.name.strip())):
            if part is not None:
                _tell(part, said, found, is_named=part is question.naming or question.naming is None)


def _first_words(question: Foreign) -> str:
    return " ".join(str(question.body.get("prompt", "")).split()[:6])


def _tell(part: Part, said: str, found: str, *, is_named: bool) -> None:
    if said == found:
        part.carry()
    elif is_named:
        part.change(f"it became the id '{found}'")
    else:
        part.drop("questions have no name beside their id")
