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
UNKNOWN = "no-such-part"

Source = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """What the contract needs to know of one type.

    sources: good questions, as YAML gives them.
    translate(source): a translation of it, as YAML gives it.
    right(source): what a form sends for the right answer.
    answers(source): anything that a form can send.
    """

    sources: st.SearchStrategy[Source]
    translate: Callable[[Source], Source]
    right: Callable[[Source], list[str]]
    answers: Callable[[Source], st.SearchStrategy[list[str]]]


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
    if drawn(st.booleans()):
        source["pinned"] = True
    return source


def _translate_choices(source: Source) -> Source:
    """The other language has the texts backwards; the keys of the source that are no texts are left out."""
    options = [{key: option[key][::-1] for key in ("text", "feedback")} for option in source["options"]]
    texts = {key: source[key][::-1] for key in ("prompt", "feedback") if key in source}
    return {**texts, "options": options}


def _ids(source: Source) -> list[str]:
    return list("abcdefgh"[: len(source["options"])])


def _right_ids(source: Source) -> list[str]:
    return [name for name, option in zip(_ids(source), source["options"], strict=True) if option.get("right")]


def _some(source: Source) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([*_ids(source), ""]), max_size=10)


def _one(source: Source) -> st.SearchStrategy[list[str]]:
    return st.sampled_from([[], [""], *([name] for name in _ids(source))])


SAMPLES = {
    "single_choice": Sample(choices(most_right=1), _translate_choices, _right_ids, _one),
    "multiple_response": Sample(choices(), _translate_choices, _right_ids, _some),
}
