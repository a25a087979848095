"""The framework and the roles as tables: out and in again they are the same, and faults name row and column."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.content import check_library, load_library
from lms.content.framework_files import export_framework, plan_framework, write_framework
from lms.content.framework_tables import indicators_table, profiles_table, read_indicators, read_profiles
from lms.content.reference_schema import Framework, Roles
from lms.content.references import reference_body
from lms.content.validation import validate
from lms.errors import FaultyFile, Invalid
from tests.content.sample import FRAMEWORK, GOOD, ROLES, write_library

COURSES = Path(__file__).parents[2] / "courses"
HEAD = "competency,name,line,actions,steps,level,letter,text,prompt"
SMALL = f"""{HEAD}
PC1,Relationship,Builds trust,1;5,S1,1,a,Says why,What shows it
PC1,,,,,2,a,Does so,What shows it
PC1,,,,,3,a,Helps,What shows it
PC1,,,,,4,a,Changes,What shows it
"""
TARGETS = "role,name,audience,functions,offered,PC1\n"

# What a cell may hold, formulas and quotes too; the schema strips blanks at the edges.
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(" \n,;\"'=-+@"), max_size=30
)
TEXT = WORDS.map(str.strip).filter(bool)
CODE = st.from_regex(r"[A-Z][A-Z0-9-]{0,5}", fullmatch=True)
INDICATOR = st.fixed_dictionaries({"text": TEXT, "prompt": TEXT})
COMPETENCY = st.fixed_dictionaries(
    {
        "name": TEXT,
        "line": TEXT,
        "actions": st.lists(st.integers(1, 7), min_size=1, max_size=3, unique=True),
        "steps": st.lists(CODE, min_size=1, max_size=3, unique=True),
        "levels": st.fixed_dictionaries({str(n): st.lists(INDICATOR, min_size=1, max_size=3) for n in range(1, 5)}),
    }
)


@given(st.dictionaries(CODE, COMPETENCY, min_size=1, max_size=3))
@settings(max_examples=60)
def test_a_framework_comes_back_as_it_was(competencies: dict[str, Any]) -> None:
    whole = {"competencies": [{"code": code, **rest} for code, rest in competencies.items()]}
    around = {
        "version": 1,
        "title": "T",
        "levels": [{"level": n, "name": "N", "line": "L", "proof": "P"} for n in range(1, 5)],
    }
    document = read_indicators("file.csv", indicators_table(whole), around)
    value, faults = validate(document, Framework)
    assert value is not None, faults
    assert reference_body(value)["competencies"] == whole["competencies"]


@given(st.dictionaries(CODE, COMPETENCY, min_size=1, max_size=2))
@settings(max_examples=40)
def test_what_a_table_says_is_written_and_read_again(competencies: dict[str, Any]) -> None:
    known = [{"code": code, **rest, "steps": ["S1"]} for code, rest in competencies.items()]
    with TemporaryDirectory() as name:
        folder, table = write_library(Path(name) / "courses", GOOD), Path(name) / "table.csv"
        table.write_bytes(indicators_table({"competencies": known}))
        write_framework(plan_framework(table, folder=folder, newest={}))
        assert export_framework(folder, "framework", ".csv") == table.read_bytes()
        assert not plan_framework(table, folder=folder, newest={}).changes


ROLE = st.fixed_dictionaries(
    {
        "name": TEXT,
        "audience": st.sampled_from(["staff", "partner_staff", "everyone"]),
        "functions": st.lists(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,5}", fullmatch=True), max_size=3),
        "offered": st.booleans(),
        "targets": st.dictionaries(st.sampled_from(["PC1", "PC2", "PX"]), st.integers(1, 4)),
    }
)


@given(st.dictionaries(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,5}", fullmatch=True), ROLE, min_size=1, max_size=4))
@settings(max_examples=60)
def test_roles_come_back_as_they_were(roles: dict[str, Any]) -> None:
    whole = {"roles": [{"code": code, **rest} for code, rest in roles.items()]}
    codes = ["PC1", "PC2", "PX"]
    around = {"version": 1, "functions": [{"code": "f", "name": "F"}]}
    value, faults = validate(read_profiles("file.csv", profiles_table(whole, codes), around, codes), Roles)
    assert value is not None, faults
    assert reference_body(value)["roles"] == whole["roles"]


def test_no_cell_of_a_table_runs() -> None:
    one = {"code": "PC1", "name": "=1+1", "line": "-x", "actions": [1], "steps": ["S1"],
           "levels": {"1": [{"text": "@a", "prompt": "\uff0bb"}]}}  # fmt: skip
    table = indicators_table({"competencies": [one]}).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith("'")] == ["'=1+1", "'-x", "'@a", "'\uff0bb"]


@pytest.mark.parametrize("kind", ["framework", "roles"])
@pytest.mark.parametrize("suffix", [".csv", ".yaml"])
def test_what_is_shipped_goes_out_and_in_and_stays(tmp_path: Path, kind: str, suffix: str) -> None:
    table = tmp_path / f"table{suffix}"
    table.write_bytes(export_framework(COURSES, kind, suffix))
    planned = plan_framework(table, folder=COURSES, newest={})
    assert not planned.changes
    assert planned.differences() == []


def folder_with(tmp_path: Path, **files: str) -> Path:
    return write_library(tmp_path / "courses", {**GOOD, **{f"{name}.yaml": text for name, text in files.items()}})


def write(tmp_path: Path, text: str | bytes, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


AS_WRITTEN = {
    "plain": SMALL,
    "byte order mark": f"\ufeff{SMALL}",
    "Windows": SMALL.replace("\n", "\r\n"),
    "semicolons": SMALL.replace(";", "|").replace(",", ";").replace("1|5", '"1;5"'),
    "without letters": SMALL.replace(",a,", ",,"),
}


@pytest.mark.parametrize("text", AS_WRITTEN.values(), ids=AS_WRITTEN)
def test_as_spreadsheets_write_it(tmp_path: Path, text: str) -> None:
    assert not plan_framework(write(tmp_path, text), folder=folder_with(tmp_path), newest={}).changes


def test_an_import_writes_its_part_and_leaves_the_rest_with_its_comments(tmp_path: Path) -> None:
    head, _, body = FRAMEWORK.partition("competencies:\n")
    after = "\n# Where old codes went.\nmapping:\n  - {old: PC0, new: [PC1]}\n"
    folder = folder_with(tmp_path, framework=f"# Ours.\n{head}competencies:\n{body}{after}")
    table = write(tmp_path, SMALL.replace("Says why", "Says why: since when # 5"))
    planned = plan_framework(table, folder=folder, newest={"framework": 3})
    assert [(one.what, one.how, one.after) for one in planned.differences()] == [
        ("indicator", "reworded", "Says why: since when # 5")
    ]
    assert planned.number == 4
    write_framework(planned)
    text = (folder / "framework.yaml").read_text(encoding="utf-8")
    assert text.startswith(f"# Ours.\n{head.replace('version: 3', 'version: 4')}competencies:\n  - code: PC1\n")
    assert text.endswith(after)
    assert check_library(folder) == []
    assert load_library(folder).references[0].body == {**planned.after, "version": 4}
    assert not plan_framework(table, folder=folder, newest={"framework": 3}).changes


@pytest.mark.parametrize(
    ("newest", "number"), [({}, 3), ({"framework": 2}, 3), ({"framework": 3}, 4), ({"framework": 7}, 8)]
)
def test_changed_content_has_a_number_that_is_not_published(
    tmp_path: Path, newest: dict[str, int], number: int
) -> None:
    table = write(tmp_path, SMALL.replace("Helps", "Helps out"))
    assert plan_framework(table, folder=folder_with(tmp_path), newest=newest).number == number


def test_targets_in(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    table = write(tmp_path, f"{TARGETS}finance,Finance,staff,grants,FALSE,3\neveryone,Everyone else,everyone,,true,-\n")
    planned = plan_framework(table, folder=folder, newest={"roles": 1})
    assert [(one.code, one.before, one.after) for one in planned.differences()] == [
        ("finance:PC1", "2", "3"), ("everyone:PC1", "1", ""),
    ]  # fmt: skip
    write_framework(planned)
    assert check_library(folder) == []
    assert (folder / "roles.yaml").read_text(encoding="utf-8").endswith(ROLES[ROLES.index("functions:\n") :])


FAULTS = {
    "no table": ("a,b\n", [(1, 1, "neither a column 'competency'")]),
    "a column is missing": (SMALL.replace(",prompt\n", "\n").replace(",What shows it", ""), [(1, 1, "'prompt' is m")]),
    "too many cells": (SMALL.replace("Helps,", "Helps,,"), [(4, 10, "10 cells, but the header has 9")]),
    "an unknown column": (SMALL.replace("letter", "leter"), [(1, 7, "did you mean 'letter'?")]),
    "a column twice": (SMALL.replace("letter", "text"), [(1, 8, "column 'text' twice")]),
    "not UTF-8": (SMALL.encode() + b"\xe9", [(6, 1, "not UTF-8")]),
    "an open quote": (f'{HEAD}\nPC1,"Rel', [(2, 1, "not CSV")]),
    "a level that is none": (SMALL.replace(",4,a", ",5,a"), [(5, 6, "at most 4"), ]),
    "a word for a level": (SMALL.replace(",4,a", ",top,a"), [(5, 6, "must be a whole number")]),
    "an empty prompt": (SMALL.replace("Helps,What shows it", "Helps,"), [(4, 9, "prompt is empty; write it")]),
    "an empty text": (SMALL.replace("Helps", ""), [(4, 8, "text is empty; write it")]),
    "an action that is none": (SMALL.replace("1;5", "1;x"), [(2, 4, "must be a whole number, not 'x'")]),
    "an unknown step": (SMALL.replace(",S1,", ",S9,"), [(2, 5, "unknown step 'S9'")]),
    "no name": (SMALL.replace("Relationship", ""), [(2, 1, "missing key 'name'")]),
    "rows that disagree": (SMALL.replace("PC1,,,,,2", "PC1,Other,,,,2"), [(3, 2, "name differs from that of line 2")]),
    "a letter twice": (f"{SMALL}PC1,,,,,4,a,More,What shows it\n", [(5, 7, "the letters must be a, b, each once")]),
    "a gap in the letters": (SMALL.replace("4,a", "4,c"), [(5, 7, "the letters must be a, each once")]),
    "no code": (SMALL.replace("PC1,", ","), [(2, 1, "must be a code of A-Z")]),
    "a level is missing": ("".join(SMALL.splitlines(keepends=True)[:-1]), [(2, 1, "has no indicators of level 4")]),
    "targets: a level": (f"{TARGETS}finance,Finance,staff,grants,false,5\n", [(2, 6, "at most 4, not 5")]),
    "targets: an audience": (f"{TARGETS}finance,Finance,all,grants,false,1\n", [(2, 3, "'everyone', not 'all'")]),
    "targets: offered": (f"{TARGETS}finance,Finance,staff,grants,maybe,1\n", [(2, 5, "true or false, not 'maybe'")]),
    "targets: a function": (f"{TARGETS}finance,Finance,staff,cook,false,1\n", [(2, 4, "unknown function 'cook'")]),
    "targets: a role twice": (f"{TARGETS}a,A,staff,,,1\na,A,staff,,,1\n", [(3, 1, "role 'a' twice")]),
    "targets: a competency is missing": (TARGETS.replace(",PC1", ""), [(1, 1, "the column 'PC1' is missing")]),
    "targets: an unknown competency": (TARGETS.replace("PC1", "PC1,PC2"), [(1, 7, "unknown column 'PC2'")]),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_faults_name_row_and_column(tmp_path: Path, name: str) -> None:
    text, expected = FAULTS[name]
    folder, table = folder_with(tmp_path), write(tmp_path, text)
    before = (folder / "framework.yaml").read_bytes()
    with pytest.raises(FaultyFile) as refused:
        plan_framework(table, folder=folder, newest={})
    found = [(fault.line, fault.column, fault.message) for fault in refused.value.faults]
    assert len(found) == len(expected), found
    for (line, column, words), (at_line, at_column, message) in zip(expected, found, strict=True):
        assert (line, column) == (at_line, at_column), message
        assert words in message
    assert (folder / "framework.yaml").read_bytes() == before


def test_another_format_is_refused() -> None:
    with pytest.raises(Invalid, match=r"name the file \.yaml or \.csv"):
        export_framework(COURSES, "framework", ".xlsx")


@pytest.mark.parametrize(("text", "words"), [("version: 1\n", "neither `competencies`"), ("a: [", "not YAML")])
def test_yaml_that_is_none_of_the_two(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        plan_framework(write(tmp_path, text, "given.yaml"), folder=folder_with(tmp_path), newest={})
    assert words in str(refused.value.faults[0])


def test_a_file_in_one_line_cannot_be_written_anew(tmp_path: Path) -> None:
    role = '{"code": "finance", "name": "F", "audience": "staff", "targets": {}}'
    functions = '[{"code": "grants", "name": "G"}]'
    folder = folder_with(tmp_path, roles=f'{{"version": 1, "roles": [{role}], "functions": {functions}}}\n')
    with pytest.raises(FaultyFile) as refused:
        plan_framework(write(tmp_path, f"{TARGETS}finance,F,staff,,,1\n"), folder=folder, newest={})
    assert "on lines of their own" in str(refused.value.faults[0])
