"""Banks with bytes cut out, put in and exchanged: an error with a place, or a report that adds up; nothing is lost."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.importers import Ledger
from lms.errors import FaultyFile
from tests.content.banks.reading import assert_nothing_lost, read, words
from tests.content.banks.samples import BANKS

PIECES = st.sampled_from(
    [
        *("{", "}", "=", "~", "#", "::", "####", "->", "%50%", "\\", "//", "\n", "\n\n", "$CATEGORY: ", "[html]", "T"),
        *("<b>", "</p>", "&lt;", "&", "]]>", "<![CDATA[", "<!DOCTYPE x>", "<question>", "</text>", "1e9", "..", "-"),
        *("A. ", "ANSWER: B", '"', ",", ";", "{1:SA:", "[[1]]", "\ufeff", "\x00", "\u2028", "é", "\t", "%", "*"),
    ]
).map(str.encode)
SYNTAX = {"course", "true", "false", "TRUE", "FALSE", "ANSWER", "CATEGORY", "html", "markdown", "plain", "moodle"}


@st.composite
def mutated(drawn: st.DrawFn, body: bytes) -> bytes:
    """The bytes after some cuts, insertions and exchanges."""
    for _ in range(drawn(st.integers(1, 4))):
        begin = drawn(st.integers(0, len(body)))
        end = drawn(st.integers(begin, min(len(body), begin + 40)))
        new = drawn(st.one_of(PIECES, st.just(b""), st.binary(max_size=4), st.just(body[end : end + 20])))
        body = body[:begin] + new + body[end:]
    return body


def given_words(format: str, body: bytes) -> set[str]:
    """The words that a file holds as text; what is syntax is none."""
    if format == "moodle-xml":
        try:
            texts = [element.text or "" for element in ElementTree.fromstring(body).iter()]  # there is no DOCTYPE
        except ElementTree.ParseError:  # names with colons, which no namespace explains
            return set()
        text = re.sub(r"</?[^<>]*>|&\w+;|\{\d*:[A-Z_]+:", " ", " ".join(texts))
    else:
        text = body.decode().removeprefix("\ufeff")
        text = re.sub(r"\\n", " ", text)
    if format == "csv":
        text = "\n".join(text.splitlines()[1:])
    return {word for word in words(text) if word not in SYNTAX}


def check(format: str, body: bytes) -> Ledger | None:
    try:
        ledger = read(format, body)
    except FaultyFile as error:
        faults = error.faults
    else:
        assert_nothing_lost(ledger, given_words(format, body))
        return ledger
    assert faults
    assert all(fault.line >= 1 and fault.column >= 1 and fault.message for fault in faults)
    return None


@pytest.mark.parametrize("format", BANKS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_changed_bank_is_never_a_surprise(format: str, data: st.DataObject) -> None:
    check(format, data.draw(mutated(BANKS[format])))


@pytest.mark.parametrize("format", BANKS)
@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=60) | st.lists(PIECES, max_size=25).map(b"".join))
def test_any_bytes_are_never_a_surprise(format: str, body: bytes) -> None:
    check(format, body)


@pytest.mark.parametrize("format", BANKS)
def test_a_bank_cut_anywhere_is_never_a_surprise(format: str) -> None:
    body = BANKS[format]
    for end in range(0, len(body), 23):
        check(format, body[:end])


@pytest.mark.parametrize("format", BANKS)
def test_of_a_whole_bank_nothing_is_lost(format: str) -> None:
    ledger = check(format, BANKS[format])
    assert ledger is not None
    assert ledger.taken
