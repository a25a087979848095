"""Aiken and our own table: what they become, and which line is wrong with what."""

from typing import Any

import pytest

from lms.content.importers import Fate
from lms.errors import FaultyFile
from tests.content.banks.reading import read, sources, told

GOOD = "Q?\nA. a\nB) b\nANSWER: B\n"


def test_aiken() -> None:
    found = sources(read("aiken", GOOD + "\n\nR *x*\nA. c\nB. d\nANSWER: A"))
    assert [(one["prompt"], one["options"]) for one in found] == [
        ("Q?", [{"text": "a", "feedback": ""}, {"text": "b", "right": True, "feedback": ""}]),
        ("R \\*x\\*", [{"text": "c", "right": True, "feedback": ""}, {"text": "d", "feedback": ""}]),
    ]


AIKEN = {
    "two lines of text": ("Q?\nmore\nA. a\nB. b\nANSWER: A", "line 2 is none of what comes here: the first option"),
    "a line between options": ("Q?\nA. a\nmore\nB. b\nANSWER: A", "line 3 is none of what comes here: an option"),
    "no answer": ("Q?\nA. a\nB. b\n", "ends on line 4 without"),
    "another answer": ("Q?\nA. a\nB. b\nANSWER: C", "line 4 names the option C"),
    "two answers": ("Q?\nA. a\nB. b\nANSWER: A, B", "line 4 is not of the form"),
    "small letters": ("Q?\nA. a\nB. b\nAnswer: A", "line 4 is not of the form"),
    "a gap in the letters": ("Q?\nA. a\nC. c\nANSWER: A", "line 3 has the option C where B comes"),
    "one option": ("Q?\nA. a\nANSWER: A", "line 3 ends a question without"),
    "no text": ("A. a\nB. b\nANSWER: A", "line 1 is an option"),
    "an answer alone": ("ANSWER: A", "line 1 ends a question without"),
}


@pytest.mark.parametrize(("text", "reason"), AIKEN.values(), ids=AIKEN)
def test_aiken_says_which_line_is_wrong(text: str, reason: str) -> None:
    ledger = read("aiken", f"{text}\n\n{GOOD}")
    assert reason in ledger.questions[0].refusal
    assert {part.fate for part in ledger.questions[0].parts} == {Fate.DROPPED}
    assert sources(ledger)[-1]["prompt"] == "Q?"


def test_aiken_that_ends_too_early() -> None:
    ledger = read("aiken", "Q?\nA. a\nB. b")
    assert ledger.questions[0].refusal == "the file ends on line 3 without `ANSWER: A`"


CSV: dict[str, tuple[str, dict[str, Any]]] = {
    "single choice": (
        "type,prompt,option_1,option_2,feedback_1,feedback_2,right,feedback\nsingle_choice,Q **x**,a,b,f,g,2,all",
        {"prompt": "Q **x**", "feedback": "all",
         "options": [{"text": "a", "feedback": "f"}, {"text": "b", "right": True, "feedback": "g"}]},
    ),
    "several right": (
        "prompt,type,right,option_1,option_2,option_3\nQ,multiple_response,1; 3,a,b,c",
        {"prompt": "Q", "options": [{"text": "a", "right": True, "feedback": ""}, {"text": "b", "feedback": ""},
                                    {"text": "c", "right": True, "feedback": ""}]},
    ),
    "true or false": (
        "type,prompt,right,if_true,if_false\ntrue_false,Q,False,x,y",
        {"prompt": "Q", "right": False, "if_true": "x", "if_false": "y"},
    ),
    "short text": ("type,prompt,option_1,option_2\nshort_text,Q,a,b",
                   {"prompt": "Q", "accept": ["a", "b"], "feedback": ""}),
    "a number": ("type,prompt,right,tolerance\nnumeric,Q,1.50,0.5",
                 {"prompt": "Q", "answer": "1.50", "tolerance": 0.5, "feedback": ""}),
    "ordering": (
        "type,prompt,option_1,option_2,feedback_2\nordering,Q,a,b,f",
        {"prompt": "Q", "items": [{"text": "a", "feedback": ""}, {"text": "b", "feedback": "f"}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CSV.values(), ids=CSV)
def test_a_row(text: str, expected: dict[str, Any]) -> None:
    ledger = read("csv", text)
    [found] = sources(ledger)
    assert {
        key: value for key, value in found.items() if key not in ("id", "competency", "section", "type")
    } == expected
    assert told(ledger) == []


def test_what_a_row_says_of_its_question() -> None:
    text = (
        "id,type,prompt,right,competency,section,scenario,critical,difficulty,tags\n"
        "one,true_false,Q,true,PC1,ears,true,true,easy,a;B c\n"
    )
    ledger = read("csv", text)
    head = {"id": "one", "type": "true_false", "competency": "PC1", "section": "ears", "scenario": True,
            "critical": True, "tags": ["a", "b-c"], "difficulty": "easy"}  # fmt: skip
    assert {key: sources(ledger)[0][key] for key in head} == head
    assert told(ledger) == [(2, "changed", "tags", "a;B c")]


ROWS = {
    "no type": (",Q,1,a,b", "not a type that a table can hold"),
    "another type": ("scenario,Q,1,a,b", "known are: single_choice"),
    "a type misspelt": ("singel_choice,Q,1,a,b", "did you mean 'single_choice'"),
    "no prompt": ("single_choice,,1,a,b", "no text"),
    "no such option": ("single_choice,Q,3,a,b", "`right` is '3'"),
    "an empty option": ("single_choice,Q,2,a,", "`right` is '2'"),
    "several for one": ("single_choice,Q,1;2,a,b", "more than one option"),
    "right is no number": ("multiple_response,Q,x,a,b", "`right` is 'x'"),
    "neither true nor false": ("true_false,Q,yes,,", "not true or false"),
    "no number": ("numeric,Q,many,,", "no number"),
    "no spelling": ("short_text,Q,,,", "no spelling"),
    "too many cells": ("single_choice,Q,1,a,b,c", "6 cells, but the header has 5"),
}


@pytest.mark.parametrize(("row", "reason"), ROWS.values(), ids=ROWS)
def test_a_broken_row_leaves_the_others_alone(row: str, reason: str) -> None:
    ledger = read("csv", f"type,prompt,right,option_1,option_2\n{row}\n\nsingle_choice,Good,1,a,b\n")
    assert reason in ledger.questions[0].refusal
    assert [source["prompt"] for source in sources(ledger)] == ["Good"]


@pytest.mark.parametrize(("column", "value"), [("competency", "pc1"), ("scenario", "maybe"), ("difficulty", "huge")])
def test_a_cell_that_no_question_can_have(column: str, value: str) -> None:
    ledger = read("csv", f"type,prompt,right,{column}\ntrue_false,Q,true,{value}")
    assert ledger.questions[0].refusal == f"'{value}' is no {column}"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("type,promt\n", 1, 2, "unknown column 'promt'; did you mean 'prompt'?"),
        ("prompt\nQ\n", 1, 1, "the column 'type' is missing"),
        ("type,prompt,type\n", 1, 3, "column 'type' twice"),
        ("type,prompt,option_0\n", 1, 3, "unknown column 'option_0'"),
        ('type,prompt\ntrue_false,"Q\n', 2, 1, "not CSV"),
        ('type,prompt\n\ntrue_false,"Q" x\n', 3, 1, "not CSV"),
    ],
)
def test_a_table_that_is_none(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(FaultyFile) as caught:
        read("csv", text)
    found = [fault for fault in caught.value.faults if message in fault.message]
    assert [(fault.line, fault.column) for fault in found] == [(line, column)]
