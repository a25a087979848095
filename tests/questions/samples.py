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


SAMPLES = {
    "single_choice": Sample(choices(most_right=1), _translate_choices, _one, not_a_place),
    "multiple_response": Sample(choices(), _translate_choices, _some, not_a_place),
}
