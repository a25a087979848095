"""Good questions of every type, as authors write them, for the contract in `test_contract.py`.

A new type needs one entry here, and nothing else, to be tested.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

# Texts and feedback have no letter in common, so that one can be searched for in the other.
TEXTS = st.text("abcdefghij ", min_size=1, max_size=20).filter(str.strip)
FEEDBACK = st.text("TUVWXYZ", min_size=3, max_size=20)

Source = dict[str, Any]
Strings = st.SearchStrategy[list[str]]


@dataclass(frozen=True)
class Sample:
    """What the contract needs to know of one type.

    sources: good questions, as YAML gives them.
    translate(source): a translation of it, as YAML gives it.
    answers(source): anything that its form can send.
    refused(source): what its form cannot send.
    """

    sources: st.SearchStrategy[Source]
    translate: Callable[[Source], Source]
    answers: Callable[[Source], Strings]
    refused: Callable[[Source], Strings]


@st.composite
def choices(drawn: st.DrawFn, most_right: int = 7) -> Source:
    """A prompt with options, of which one to `most_right` are right, but never all."""
    spelling = {"unique_by": lambda text: " ".join(text.split()), "min_size": 2, "max_size": 8}
    texts = drawn(st.lists(TEXTS, **spelling))  # type: ignore[arg-type]
    right = drawn(st.sets(st.sampled_from(range(len(texts))), min_size=1, max_size=min(most_right, len(texts) - 1)))
    options = [{"text": text, "feedback": drawn(FEEDBACK)} for text in texts]
    for position in right:
        options[position]["right"] = True  # type: ignore[assignment]
    source: Source = {"prompt": drawn(TEXTS), "options": options}
    if drawn(st.booleans()):
        source["feedback"] = drawn(FEEDBACK)
    for flag in ("pinned", "negative"):
        if drawn(st.booleans()):
            source[flag] = True
    return source


def _translate_choices(source: Source) -> Source:
    """The other language has the texts backwards; the keys of the source that are no texts are left out."""
    options = [{key: option[key][::-1] for key in ("text", "feedback")} for option in source["options"]]
    texts = {key: source[key][::-1] for key in ("prompt", "feedback") if key in source}
    return {**texts, "options": options}


def _places(source: Source) -> list[str]:
    return [str(n) for n in range(1, len(source["options"]) + 1)]


def _some(source: Source) -> Strings:
    return st.lists(st.sampled_from([*_places(source), ""]), max_size=10)


def _one(source: Source) -> Strings:
    return st.sampled_from([[], [""], *([place] for place in _places(source))])


def not_a_place(source: Source) -> Strings:
    """Something else than the place of an option, alone or beside one."""
    most = len(source["options"])
    wrong = st.one_of(
        st.integers().filter(lambda n: not 1 <= n <= most).map(str),
        st.text(min_size=1, max_size=10).filter(lambda text: not (text.isascii() and text.isdigit())),
    )
    return st.tuples(st.sampled_from([[], ["1"]]), wrong).map(lambda parts: [*parts[0], parts[1]])


@st.composite
def judgements(drawn: st.DrawFn) -> Source:
    """A statement that is true or false."""
    source: Source = {"prompt": drawn(TEXTS), "right": drawn(st.booleans())}
    source |= {"if_true": drawn(FEEDBACK), "if_false": drawn(FEEDBACK)}
    return source | drawn(st.sampled_from([{}, {"negative": True}, {"feedback": "UVW"}]))


def _translate_judgement(source: Source) -> Source:
    return {key: source[key][::-1] for key in ("prompt", "if_true", "if_false", "feedback") if key in source}


@st.composite
def justified(drawn: st.DrawFn) -> Source:
    """A question with options and a model answer."""
    return {**drawn(choices(most_right=1)), "model": drawn(FEEDBACK)}


@st.composite
def sure(drawn: st.DrawFn, source: Source) -> list[str]:
    """An option or none, and how sure."""
    return [*drawn(_one(source)), *drawn(st.sampled_from([[], ["sure=1"], ["sure=2"], ["sure=3"]]))]


@st.composite
def steps(drawn: st.DrawFn, deepest: int = 3) -> list[Source]:
    """Steps, of which an option may lead to more."""
    found = []
    for _ in range(drawn(st.integers(1, 2))):
        step = drawn(choices(most_right=1))
        options = step["options"]
        if deepest > 1 and drawn(st.booleans()):
            drawn(st.sampled_from(options))["then"] = drawn(steps(deepest - 1))
        found.append({"ask": step["prompt"], "options": options})
        if drawn(st.booleans()):
            found[-1]["pinned"] = True
    return found


def _translate_steps(written: list[Source]) -> list[Source]:
    return [
        {
            "ask": step["ask"][::-1],
            "options": [
                {"text": one["text"][::-1], "feedback": one["feedback"][::-1]}
                | ({"then": _translate_steps(one["then"])} if "then" in one else {})
                for one in step["options"]
            ],
        }
        for step in written
    ]


def _translate_scenario(source: Source) -> Source:
    return {"prompt": source["prompt"][::-1], "steps": _translate_steps(source["steps"])}


def _count(written: list[Source]) -> int:
    return sum(1 + _count(option.get("then", [])) for step in written for option in step["options"])


def _ways(source: Source) -> Strings:
    """What a form may hold: one option of each of the first steps; the rest is tried with the right and wrong ways."""
    return st.sampled_from([[], [""], *([str(n)] for n in range(1, _count(source["steps"]) + 1))])


SAMPLES = {
    "single_choice": Sample(choices(most_right=1), _translate_choices, _one, not_a_place),
    "multiple_response": Sample(choices(), _translate_choices, _some, not_a_place),
    "true_false": Sample(
        judgements(),
        _translate_judgement,
        lambda _source: st.sampled_from([[], [""], ["true"], ["false"], ["", "true"]]),
        lambda _source: st.sampled_from([["true", "false"], ["yes"], ["True"], ["1"]]),
    ),
    "confidence": Sample(choices(most_right=1), _translate_choices, sure, not_a_place),
    "choose_then_justify": Sample(
        justified(),
        lambda source: {**_translate_choices(source), "model": source["model"][::-1]},
        lambda source: st.tuples(_one(source), st.text(max_size=40)).map(lambda parts: [*parts[0], parts[1]]),
        lambda source: not_a_place(source).map(lambda values: [*values, ""]),
    ),
    "scenario": Sample(
        st.builds(lambda prompt, found: {"prompt": prompt, "steps": found}, TEXTS, steps()),
        _translate_scenario,
        _ways,
        lambda source: not_a_place({"options": [None] * _count(source["steps"])}).filter(lambda values: values),
    ),
}
