"""Scenario: a case with several questions that share its text; an option may lead to questions of its own.

A step is a single choice. Its id is its place in the tree: "2" is the second step, "2a" its first option, "2a1" the
first step that follows from that option. Each step that is reached counts the same; what is not reached does not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random
from string import ascii_lowercase
from typing import Any

from lms.questions import choices, single_choice
from lms.questions.base import STRICT, Body, Key, QuestionType, Render, SourceFault, Value, Weigh
from lms.questions.texts import check_same_feedback

DEEPEST = 4  # levels of steps; more is a maze, also for its author
MOST_STEPS = 20
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class StepOption(choices.Option):
    """One way to go on; `then` holds the steps that follow from it alone."""

    then: "list[Step]" = field(default_factory=list)
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class Step:
    """One question of the case; exactly one option is right."""

    ask: str
    options: list[StepOption]
    pinned: bool = False
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class ScenarioSource:
    """The case in `prompt`, and its steps."""

    prompt: str
    steps: list[Step]
    feedback: str = ""
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class StepOptionTranslation(choices.OptionTranslation):
    """An option's texts, and those of the steps that follow from it."""

    then: "list[StepTranslation]" = field(default_factory=list)
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class StepTranslation:
    """A step's texts in another language."""

    ask: str
    options: list[StepOptionTranslation]
    __pydantic_config__ = STRICT


@dataclass(frozen=True)
class ScenarioTranslation:
    """The same texts in another language, in the same shape."""

    prompt: str
    steps: list[StepTranslation]
    feedback: str = ""
    __pydantic_config__ = STRICT


def _walk(steps: Sequence[Any], path: Path = ("steps",), prefix: str = "") -> Iterator[tuple[Path, str, Any]]:
    """Every step with its path in the source and its id."""
    for number, step in enumerate(steps):
        here, name = (*path, number), f"{prefix}{number + 1}"
        yield here, name, step
        for letter, (place, option) in zip(ascii_lowercase, enumerate(step.options), strict=False):
            yield from _walk(option.then, (*here, "options", place, "then"), f"{name}{letter}")


def _check(source: ScenarioSource) -> Iterable[SourceFault]:
    steps = list(_walk(source.steps))
    if not 1 <= len(steps) <= MOST_STEPS:
        yield SourceFault(("steps",), f"1 to {MOST_STEPS} steps are needed, {len(steps)} are given")
    for path, _, step in steps:
        if path.count("then") >= DEEPEST:
            yield SourceFault(path, f"steps may follow from each other {DEEPEST - 1} times, not more")
        if not step.ask.strip():
            yield SourceFault((*path, "ask"), "a step needs a question")
        found = single_choice.check(choices.ChoiceSource(step.ask, step.options))
        yield from (SourceFault((*path, *fault.path), fault.message) for fault in found)


def _options(steps: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Every option with its id."""
    for _, name, step in _walk(steps):
        yield from ((f"{name}{letter}", option) for letter, option in zip(ascii_lowercase, step.options, strict=False))


def _body(source: ScenarioSource, render: Render) -> Body:
    return {"prompt": render(source.prompt), "steps": _shown(source.steps, render)}


def _shown(steps: Sequence[Step], render: Render, prefix: str = "") -> list[dict[str, Any]]:
    shown = []
    for number, step in enumerate(steps, start=1):
        options = []
        for letter, option in zip(ascii_lowercase, step.options, strict=False):
            name = f"{prefix}{number}{letter}"
            options.append({"id": name, "html": render(option.text), "then": _shown(option.then, render, name)})
        shown.append({"id": f"{prefix}{number}", "ask": render(step.ask), "pinned": step.pinned, "options": options})
    return shown


def _right(source: ScenarioSource, *_translated: ScenarioSource) -> Key:
    """By step its right option, the steps that everybody meets, and by option the steps that follow from it."""
    return {
        "right": {name[:-1]: name for name, option in _options(source.steps) if option.right},
        "steps": [str(number + 1) for number in range(len(source.steps))],
        "then": {
            name: [f"{name}{number + 1}" for number in range(len(option.then))]
            for name, option in _options(source.steps)
            if option.then
        },
    }


def _feedback(source: ScenarioSource, render: Render) -> dict[str, Any]:
    options = {name: render(option.feedback) for name, option in _options(source.steps)}
    return {"options": options, "general": render(source.feedback)}


def _translate(source: ScenarioSource, other: ScenarioTranslation) -> ScenarioSource:
    steps = _translate_steps(source.steps, other.steps)
    return replace(source, prompt=other.prompt, feedback=other.feedback, steps=steps)


def _translate_steps(steps: Sequence[Step], others: Sequence[StepTranslation]) -> list[Step]:
    return [
        replace(
            step,
            ask=other.ask,
            options=[
                replace(mine, text=its.text, feedback=its.feedback, then=_translate_steps(mine.then, its.then))
                for mine, its in zip(step.options, other.options, strict=True)
            ],
        )
        for step, other in zip(steps, others, strict=True)
    ]


def _check_translation(source: ScenarioSource, other: ScenarioTranslation) -> Iterable[SourceFault]:
    wanted = {path: len(step.options) for path, _, step in _walk(source.steps)}
    found = {path: len(step.options) for path, _, step in _walk(other.steps)}
    if wanted != found:
        path = min(set(wanted.items()) ^ set(found.items()), key=lambda item: (len(item[0]), item))[0]
        yield SourceFault(("steps",), f"other steps or options than the source has, at step {_place_of(path)}")
    yield from check_same_feedback(other, source)


def _place_of(path: Path) -> str:
    return ".".join(str(part + 1) for part in path if isinstance(part, int))


def _order(body: Body, random: Random) -> list[str]:
    """The ids of all options as the page shows them, each followed by what follows from it."""
    return list(_drawn(body["steps"], random))


def _drawn(steps: Sequence[Mapping[str, Any]], random: Random) -> Iterator[str]:
    for step in steps:
        options = list(step["options"])
        if not step["pinned"]:
            random.shuffle(options)
        for option in options:
            yield option["id"]
            yield from _drawn(option["then"], random)


def _parse(values: Sequence[str], body: Body, order: Sequence[str]) -> Value:
    """By step the chosen option, of the steps that are reached; what was chosen on another way is let go."""
    chosen: dict[str, str] = {}
    for value in values:
        if value:
            option = choices.place(value, order)
            if chosen.setdefault(option[:-1], option) != option:
                raise ValueError("one option can be chosen at each step, not several")
    reached = _reached([step["id"] for step in body["steps"]], _followers(body["steps"]), chosen)
    return {step: chosen[step] for step in reached if step in chosen} or None


def _followers(steps: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    followers: dict[str, list[str]] = {}
    for step in steps:
        for option in step["options"]:
            followers[option["id"]] = [one["id"] for one in option["then"]]
            followers |= _followers(option["then"])
    return followers


def _reached(steps: Iterable[str], then: Mapping[str, Sequence[str]], chosen: Mapping[str, str]) -> Iterator[str]:
    """The steps that this way meets, in order."""
    for step in steps:
        yield step
        yield from _reached(then.get(chosen.get(step, ""), ()), then, chosen)


def _sent(value: Value, _body: Body, order: Sequence[str]) -> list[str]:
    return choices.places(set(value.values()), order) if value else []


def _mark(key: Key, value: Value) -> Fraction:
    reached = list(_reached(key["steps"], key["then"], value or {}))
    return Fraction(sum((value or {}).get(step) == key["right"][step] for step in reached), len(reached))


def _best(key: Key) -> Value:
    return {step: key["right"][step] for step in _reached(key["steps"], key["then"], key["right"])}


def _slip(key: Key, body: Body, random: Random) -> Value:
    wrong: dict[str, list[str]] = {}
    for option in _order(body, random):
        if option != key["right"][option[:-1]]:
            wrong.setdefault(option[:-1], []).append(option)
    chosen = {step: options[0] for step, options in wrong.items()}  # the order is drawn
    return {step: chosen[step] for step in _reached(key["steps"], key["then"], chosen)}


def _guess(body: Body, order: Sequence[str], weigh: Weigh) -> Value:
    """At each step that is met the option that weighs most, by the case and the step's question."""
    chosen: dict[str, str] = {}
    waiting = list(body["steps"])
    while waiting:
        step = waiting.pop()
        options = {option["id"]: option for option in step["options"]}
        texts = {i: option["html"] for i, option in options.items()}
        shown = [i for i in order if i in options]
        best = choices.by_weight(f"{body['prompt']} {step['ask']}", texts, shown, weigh)[0]
        chosen[step["id"]] = best
        waiting += options[best]["then"]
    return chosen


def _picks(value: Value) -> list[str]:
    return list((value or {}).values())


def _pick_texts(body: Body) -> dict[str, str]:
    return dict(_texts(body["steps"]))


def _texts(steps: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for step in steps:
        for option in step["options"]:
            yield option["id"], option["html"]
            yield from _texts(option["then"])


TYPE = QuestionType(
    name="scenario",
    source=ScenarioSource,
    translation=ScenarioTranslation,
    check=_check,
    body=_body,
    right=_right,
    feedback=_feedback,
    translate=_translate,
    check_translation=_check_translation,
    order=_order,
    parse=_parse,
    sent=_sent,
    mark=_mark,
    best=_best,
    slip=_slip,
    guess=_guess,
    picks=_picks,
    pick_texts=_pick_texts,
)
