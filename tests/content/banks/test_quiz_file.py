"""What is added to quiz.yaml: every byte that stood there stays, in its order, and the new questions are behind it."""

import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content.folder_files import NOT_TEXT
from lms.content.importers.quiz_file import add_questions
from lms.content.yaml_files import read_yaml
from lms.errors import FaultyFile

NEW: list[dict[str, Any]] = [
    {"id": "new", "type": "true_false", "competency": "", "prompt": "a\n\nb", "right": True, "tags": ["a", "b"],
     "options": [{"text": "x", "feedback": ""}, {"text": "y: #", "then": [{"ask": "z"}]}]},
]  # fmt: skip


def data(body: bytes) -> Any:
    document, faults = read_yaml("quiz.yaml", body.decode().replace("\r\n", "\n").replace("\r", "\n"))
    assert document is not None
    assert faults == []
    return document.data


def added(body: str | bytes, pool: str, questions: list[dict[str, Any]] | None = None) -> bytes:
    """The new file, after a check that it is the old one with something put in."""
    old = body if isinstance(body, bytes) else body.encode()
    new = add_questions("quiz.yaml", old, pool, NEW if questions is None else questions)
    begin = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    rest = old[begin:]
    assert new.startswith(old[:begin])
    assert new.endswith(rest)
    assert yaml.safe_load(new)
    return new


ONE = "pools:\n  - id: one\n    draw: 1\n    questions:\n      - id: a\n        type: x\n"
SHAPES = {
    "usual": ONE,
    "no line end": ONE.rstrip("\n"),
    "carriage returns": ONE.replace("\n", "\r\n"),
    "old carriage returns": ONE.replace("\n", "\r"),
    "lists not indented": "pools:\n- id: one\n  draw: 1\n  questions:\n  - id: a\n    type: x\n",
    "indented by four": "pools:\n    -   id: one\n        draw: 1\n        questions:\n            -   id: a\n",
    "questions before the draw": "pools:\n  - id: one\n    questions:\n      - id: a\n        type: x\n    draw: 1\n",
    "comments around": f"# top\n{ONE}        # of a\n      # of the list\n    # of the pool\n# bottom\n",
    "a block text at the end": f"{ONE}        prompt: |\n          Two\n          lines\n\n",
    "a kept block text": f"{ONE}        prompt: |+\n          Two\n\n\n# end\n",
    "a folded text": f"{ONE}        prompt: >-\n          Two\n          lines\n",
    "a quoted text over lines": f'{ONE}        prompt: "Two\n          lines"\n',
    "an empty value": f"{ONE}        prompt:\n",
    "flow inside": f"{ONE}        options: [{{a: b}},\n          {{c: d}}]  # tail\n",
    "another key behind": f"{ONE}other: x\n",
    "a document's end": f"---\n{ONE}...\n",
    "a second pool": f"{ONE}  - id: two\n    draw: 1\n    questions:\n      - id: b\n",
    "a comment like a question": f"{ONE}      # - id: b\n      #   type: y\n",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("pool", ["one", "new"])
def test_every_byte_stays(shape: str, pool: str) -> None:
    before, after = data(shape.encode()), data(added(shape, pool))
    if pool == "one":
        assert after["pools"][0]["questions"] == before["pools"][0]["questions"] + NEW
        before["pools"][0]["questions"] = after["pools"][0]["questions"]
    else:
        assert after["pools"][-1] == {"id": "new", "draw": 1, "questions": NEW}
        before["pools"].append(after["pools"][-1])
    assert after == before


def test_line_ends_are_those_of_the_file() -> None:
    new = added(SHAPES["carriage returns"], "one")
    assert new.count(b"\n") == new.count(b"\r\n")


def test_comments_of_the_last_question_stay_with_it() -> None:
    lines = added(SHAPES["comments around"], "one").decode().splitlines()
    assert lines[7] == "        # of a"
    assert lines[8] == "      - id: new"
    assert lines[-3:] == ["      # of the list", "    # of the pool", "# bottom"]


@pytest.mark.parametrize("empty", [b"", b"\n", b"  \n"])
def test_a_file_that_is_not_there_yet(empty: bytes) -> None:
    assert data(add_questions("quiz.yaml", empty, "new", NEW)) == {
        "pools": [{"id": "new", "draw": 1, "questions": NEW}]
    }


REFUSED = {
    "flow pools": ("pools: [{id: one, draw: 1, questions: [{id: a}]}]\n", 1, "no list `pools`"),
    "flow questions": ("pools:\n  - id: one\n    questions: [{id: a}]\n", 2, "no list `questions`"),
    "flow pool": ("pools:\n  - {id: one, questions: [{id: a}]}\n", 2, "no list `questions`"),
    "no pools": ("other: x\n", 1, "no list `pools`"),
    "empty pools": ("pools: []\n", 1, "no list `pools`"),
    "not YAML": ("pools: [\n", 2, "not YAML"),
    "keys twice": ("pools:\n  - id: one\n    id: two\n", 3, "twice"),
    "an anchor": ("pools:\n  - &a x\n", 2, "anchor"),
    "a block text that the file's end cuts": (
        f"{ONE}        prompt: |\n          Two",
        1,
        "end the file with a line end",
    ),
    "only a comment": ("# nothing\n", 1, "empty"),
}


@pytest.mark.parametrize(("body", "line", "message"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_added_to(body: str, line: int, message: str) -> None:
    with pytest.raises(FaultyFile) as caught:
        add_questions("quiz.yaml", body.encode(), "one", NEW)
    assert [(fault.line, message in fault.message) for fault in caught.value.faults] == [(line, True)]


def test_no_file_grows_beyond_what_a_course_may_hold() -> None:
    with pytest.raises(FaultyFile) as caught:
        add_questions("quiz.yaml", ONE.encode(), "one", [{"id": str(n), "prompt": "x" * 1000} for n in range(300)])
    assert "at most 256 KB are allowed" in caught.value.faults[0].message


def test_markers_say_what_to_write() -> None:
    text = added(ONE, "one", [{"id": "x", "competency": "", "section": "", "feedback": "", "other": ""}]).decode()
    assert "        competency: ''  # name one of the course's competencies\n" in text
    assert "        feedback: ''  # say what this teaches\n        other: ''\n" in text


# Whatever text a bank holds once control characters are out.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(lambda text: NOT_TEXT.sub("", text))
LINES = st.lists(
    st.sampled_from(["", " ", "a", "- b", "# c", "'d'", '"', "e: f", "\\", "\t", "|", "%", "yes", "1", "~"])
)


@settings(max_examples=300, deadline=None)
@given(
    text=TEXTS.map(lambda text: re.sub(r"\r\n?", "\n", text)) | LINES.map("\n".join), words=st.lists(TEXTS, max_size=9)
)
def test_every_text_comes_back_as_it_was(text: str, words: list[str]) -> None:
    words = [word.replace("\r", "") for word in words]
    question = {"id": "x", "text": text, "words": words, "inner": [{"text": text}]}
    assert data(add_questions("quiz.yaml", ONE.encode(), "one", [question]))["pools"][0]["questions"][-1] == question
