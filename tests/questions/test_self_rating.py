"""Self-rating by hand."""

from typing import Any

import pytest

from lms.questions import TYPES
from tests.questions.by_hand import faults, made
from tests.questions.test_choices import plain

RATING = TYPES["self_rating"]
GOOD: dict[str, Any] = {"statements": ["I ask", "I wait"], "scale": ["never", "often", "always"], "feedback": "So."}


def test_there_is_no_mark_and_no_key() -> None:
    assert not RATING.is_marked
    assert RATING.right(made("self_rating", **GOOD)) == {}


def test_a_form_sends_a_label_for_each_statement() -> None:
    body = RATING.body(made("self_rating", **GOOD), plain)
    assert RATING.parse(["1=3", "2=1"], body, []) == {"1": "3", "2": "1"}
    assert RATING.parse(["2=1"], body, []) == {"2": "1"}
    assert RATING.sent({"2": "1", "1": "3"}, body, []) == ["1=3", "2=1"]
    assert RATING.picks({"2": "1"}) == ["2=1"]
    assert RATING.pick_texts(body)["2=1"] == "I wait → never"
    with pytest.raises(ValueError, match="one answer"):
        RATING.parse(["1=1", "1=2"], body, [])


@pytest.mark.parametrize(
    ("written", "path", "part"),
    [
        ({"statements": []}, ("statements",), "1 to 10 statements are needed"),
        ({"statements": ["a", "A ", "a"]}, ("statements", 2), "the same text as number 1"),
        ({"scale": ["never"]}, ("scale",), "2 to 7 labels are needed, 1 are given"),
        ({"scale": ["never", " "]}, ("scale", 1), "it is empty"),
        ({"feedback": " "}, ("feedback",), "the question needs feedback"),
    ],
)
def test_faults(written: Any, path: Any, part: str) -> None:
    assert [where for where, message in faults("self_rating", **{**GOOD, **written}) if part in message] == [path]
