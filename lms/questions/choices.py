"""What the types with options share: the author's form of an option, its ids, its order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from string import ascii_lowercase
from typing import Any

from lms.questions.base import STRICT, Body, Key, Render, SourceFault, Value, Weigh
from lms.questions.texts import check_same_feedback


@dataclass(frozen=True)
class Option:
    """One answer to choose; every option teaches, so feedback is required."""

    text: str
    feedback: str
    right: bool = False
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class OptionTranslation:
    """An option's texts in another language, in the source's order."""

    text: str
    feedback: str
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class ChoiceSource:
    """A prompt with options; `pinned: true` keeps the author's order. The general feedback is optional.

    `negative: true` lets a wrong choice cost what guessing would earn.
    """

    prompt: str
    options: list[Option]
    feedback: str = ""
    pinned: bool = False
    negative: bool = False
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class ChoiceTranslation:
    """The same texts in another language."""

    prompt: str
    options: list[OptionTranslation] = field(default_factory=list)
    feedback: str = ""
    __pydantic_config__ = STRICT


def option_ids(source: ChoiceSource) -> list[str]:
    """`a`, `b`, ... in the author's order."""
    return list(ascii_lowercase[: len(source.options)])


def choice_body(source: ChoiceSource, render: Render) -> Body:
    """Prompt and options, without any hint of what is right."""
    options = [
        {"id": i, "html": render(option.text)} for i, option in zip(option_ids(source), source.options, strict=True)
    ]
    return {
        "prompt": render(source.prompt), "options": options, "pinned": source.pinned, "negative": source.negative,
    }  # fmt: skip


def choice_right(source: ChoiceSource, *_translated: ChoiceSource) -> Key:
    """The ids of the right options; where a wrong choice costs, also the number of options."""
    right = [i for i, option in zip(option_ids(source), source.options, strict=True) if option.right]
    return {"right": right, "negative": len(source.options)} if source.negative else {"right": right}


def choice_feedback(source: ChoiceSource, render: Render) -> dict[str, Any]:
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
    yield from check_same_feedback(translation, source)


def order_options(body: Body, random: Random) -> list[str]:
    """The order in which this attempt shows the options."""
    ids = shown_order(body)
    if not body["pinned"]:
        random.shuffle(ids)
    return ids


def shown_order(body: Body) -> list[str]:
    """The ids in the author's order."""
    return [option["id"] for option in body["options"]]


def place(value: str, order: Sequence[str]) -> str:
    """The id of the part at a place on the page, "1" being the first; ValueError where there is none."""
    if len(value) > 4 or not value.isascii() or not value.isdigit() or not 1 <= int(value) <= len(order):
        raise ValueError(f"there is no option {value[:20]!r}")
    return order[int(value) - 1]


def places(ids: Iterable[str], order: Sequence[str]) -> list[str]:
    """The places of these parts, in the order of the page."""
    return [str(order.index(i) + 1) for i in order if i in ids]


def parse_one(values: Sequence[str], _body: Body, order: Sequence[str]) -> Value:
    """The id of the one that was chosen."""
    chosen = {place(value, order) for value in values if value}
    if len(chosen) > 1:
        raise ValueError("one option can be chosen, not several")
    return chosen.pop() if chosen else None


def sent_one(value: Value, _body: Body, order: Sequence[str]) -> list[str]:
    """The place of the one that was chosen."""
    return places([value], order)


def picked_one(value: Value) -> list[str]:
    """What to count of it."""
    return [] if value is None else [value]


def picked_option(value: Value) -> list[str]:
    """The same where the option is a part of the answer."""
    return picked_one(value and value["option"])


def option_texts(body: Body) -> dict[str, str]:
    """The HTML of each option."""
    return {option["id"]: option["html"] for option in body["options"]}


def by_weight(stem: str, texts: dict[str, str], order: Sequence[str], weigh: Weigh) -> list[str]:
    """The ids in `order`, the heaviest first, by the HTML of each."""
    weights = weigh(stem, [texts[i] for i in order])
    return [i for _, i in sorted(zip(weights, order, strict=True), reverse=True)]


def guess_one(body: Body, order: Sequence[str], weigh: Weigh) -> Value:
    """The option that weighs most."""
    return by_weight(body["prompt"], option_texts(body), order, weigh)[0]


def wrong_ids(key: Key, body: Body) -> list[str]:
    """The options that are not right."""
    return [i for i in shown_order(body) if i not in key["right"]]
