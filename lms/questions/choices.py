"""What the types with options share: the author's form of an option, its ids, its order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from string import ascii_lowercase
from typing import Any

from lms.questions.base import SourceFault

# Read by pydantic in `lms.content`: an unknown key is a fault, not ignored.
_STRICT = {"extra": "forbid"}


@dataclass(frozen=True)
class Option:
    """One answer to choose; every option teaches, so feedback is required."""

    text: str
    feedback: str
    right: bool = False
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class OptionTranslation:
    """An option's texts in another language, in the source's order."""

    text: str
    feedback: str
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class ChoiceSource:
    """A prompt with options; `pinned: true` keeps the author's order. The general feedback is optional."""

    prompt: str
    options: list[Option]
    feedback: str = ""
    pinned: bool = False
    __pydantic_config__ = _STRICT


@dataclass(frozen=True)
class ChoiceTranslation:
    """The same texts in another language."""

    prompt: str
    options: list[OptionTranslation] = field(default_factory=list)
    feedback: str = ""
    __pydantic_config__ = _STRICT


def check_options(source: ChoiceSource) -> Iterable[SourceFault]:
    """Faults of any list of options."""
    if not 2 <= len(source.options) <= 8:
        yield SourceFault(("options",), f"2 to 8 options are needed, {len(source.options)} are given")
    seen: dict[str, int] = {}
    for position, option in enumerate(source.options):
        text = " ".join(option.text.split()).casefold()
        if not text:
            yield SourceFault(("options", position, "text"), "an option needs a text")
        elif text in seen:
            yield SourceFault(("options", position, "text"), f"the same text as option {seen[text] + 1}")
        seen.setdefault(text, position)
        if not option.feedback.strip():
            yield SourceFault(("options", position, "feedback"), "an option needs feedback")


def option_ids(source: ChoiceSource) -> list[str]:
    """`a`, `b`, ... in the author's order."""
    return list(ascii_lowercase[: len(source.options)])


def choice_body(source: ChoiceSource, render: Callable[[str], str]) -> dict[str, Any]:
    """Prompt and options, without any hint of what is right."""
    options = [
        {"id": i, "html": render(option.text)} for i, option in zip(option_ids(source), source.options, strict=True)
    ]
    return {"prompt": render(source.prompt), "options": options, "pinned": source.pinned}


def choice_right(source: ChoiceSource) -> dict[str, Any]:
    """The ids of the right options."""
    return {"right": [i for i, option in zip(option_ids(source), source.options, strict=True) if option.right]}


def choice_feedback(source: ChoiceSource, render: Callable[[str], str]) -> dict[str, Any]:
    """Feedback of each option, and of the question."""
    pairs = zip(option_ids(source), source.options, strict=True)
    return {"options": {i: render(option.feedback) for i, option in pairs}, "general": render(source.feedback)}


def translate_choice(source: ChoiceSource, translation: ChoiceTranslation) -> ChoiceSource:
    """The source with texts in another language; which option is right cannot be changed by a translation."""
    pairs = zip(source.options, translation.options, strict=True)
    options = [replace(option, text=other.text, feedback=other.feedback) for option, other in pairs]
    return replace(source, prompt=translation.prompt, feedback=translation.feedback, options=options)


def check_choice_translation(source: ChoiceSource, translation: ChoiceTranslation) -> Iterable[SourceFault]:
    """A translation has the source's options, one for one."""
    if len(translation.options) != len(source.options):
        found, wanted = len(translation.options), len(source.options)
        yield SourceFault(("options",), f"{found} options, but the source has {wanted}")
    if bool(translation.feedback.strip()) != bool(source.feedback.strip()):
        yield SourceFault(("feedback",), "feedback must be given here exactly where the source gives it")


def order_options(body: dict[str, Any], random: Random) -> list[str]:
    """The order in which this attempt shows the options."""
    ids = [option["id"] for option in body["options"]]
    if not body["pinned"]:
        random.shuffle(ids)
    return ids


def known_ids(values: Sequence[str], body: dict[str, Any]) -> list[str]:
    """The chosen ids in the author's order; ValueError names an id that the question does not have."""
    known = [option["id"] for option in body["options"]]
    unknown = set(values) - set(known)
    if unknown:
        raise ValueError(f"no such option: {', '.join(sorted(unknown))}")
    return [i for i in known if i in values]
