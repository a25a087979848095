"""Whatever bytes lie in a course folder: faults or content, never an exception."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content import read_library
from lms.content.yaml_files import read_yaml
from tests.content.sample import GOOD, write_library
from tests.faults.sizes import FORM

FILES = [name for name in GOOD if not name.startswith("other/")]
PIECES = st.sampled_from(
    [
        *("pools:", "- ", "\n", "  ", "{", "}", "[", "]", ": ", "'", '"', "|", ">", "#", "&a", "*a", "!!x", "---\n"),
        *("\\u0000", "title", "id", "~", "true", "1", "é", "\ufeff", "\x00", "::: case", "[^1]", "](media/x.svg)"),
        *(
            "<b>",
            "<!--",
            "%YAML 1.9\n",
            "<svg",
            "/>",
            "? ",
            "%TAG ! x\n",
            "\u2028",
            "\\ud800",
            "languages",
            "[en, ../x]",
        ),
    ]
)
EXAMPLES = 1000 if FORM == "long" else 60  # each is a whole library
TEXTS = st.lists(PIECES, max_size=40).map("".join).map(str.encode)


@given(name=st.sampled_from(FILES), body=st.binary(max_size=200) | TEXTS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_as_a_file(name: str, body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check({**GOOD, name: body}, Path(folder))


@given(name=st.sampled_from(FILES), data=st.data())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_good_file_with_bytes_replaced(name: str, data: st.DataObject) -> None:
    text = GOOD[name]
    body = text.encode() if isinstance(text, str) else text
    begin = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(begin, min(len(body), begin + 30)))
    with tempfile.TemporaryDirectory() as folder:
        check({**GOOD, name: body[:begin] + data.draw(TEXTS | st.binary(max_size=9)) + body[end:]}, Path(folder))


def check(files: dict[str, str | bytes], folder: Path) -> None:
    library, faults = read_library(write_library(folder, files))
    assert len(library.courses) == 2 or faults
    assert all(fault.line >= 1 and fault.column >= 1 and fault.message for fault in faults)
    assert "\n".join(map(str, faults)).encode() is not None


@given(st.text(max_size=200) | TEXTS.map(bytes.decode))
def test_any_text_as_yaml(text: str) -> None:
    document, faults = read_yaml("x.yaml", text)
    assert document is not None or faults


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("NO", "NO"), ("on", "on"), ("true", True), ("False", False), ("~", None), ("", None),
        ("2026-01-31", "2026-01-31"), ("12:30", "12:30"), ("1_000", "1_000"), ("0x1f", "0x1f"), ("012", 12),
        ("1.5", 1.5), (".inf", ".inf"), ("'3'", "3"), ("'true'", "true"), ("-7", -7), ("9" * 30, "9" * 30),
    ],
)  # fmt: skip
def test_plain_words_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    document, faults = read_yaml("x.yaml", f"key: {text}\n")
    assert document
    assert not faults
    assert document.data == {"key": value}
    assert type(document.data["key"]) is type(value)
