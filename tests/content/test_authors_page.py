"""docs/authors.md says what the program does: every key, type, box, limit and the example."""

import dataclasses
import re
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import BaseModel

from lms.content import DRAWS, check_library, json_schemas, reference_schema, schema
from lms.content.checks import COURSE_BYTES, SECTION_BYTES
from lms.content.folder_files import LARGEST_MEDIA
from lms.content.framework_tables import INDICATORS, PROFILES
from lms.content.importers import FORMATS
from lms.content.importers.csv_bank import COLUMNS
from lms.content.markdown import BOXES
from lms.content.quiz import SCENARIO_PERCENT
from lms.content.quiz_checks import POOL_TIMES
from lms.content.reading_level import HARDEST, LEAST_WORDS, LONGEST_SENTENCE, LONGEST_TRANSLATED
from lms.content.words import HEDGES
from lms.questions import TYPES
from lms.rules.guessing import TOO_FAR, TOO_OFTEN, WORTH_A_LOOK
from tests.content.banks.reading import read
from tests.content.sample import GOOD, write_library

PAGE = (Path(__file__).parents[2] / "docs" / "authors.md").read_text(encoding="utf-8")
MODELS = [
    model for model in (vars(schema) | vars(reference_schema)).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and model is not BaseModel
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_on_the_page(model: type[BaseModel]) -> None:
    assert [name for name in model.model_fields if f"`{name}`" not in PAGE and f"\n{name}:" not in PAGE] == []


@pytest.mark.parametrize("name", TYPES)
def test_every_type_and_its_keys_are_on_the_page(name: str) -> None:
    assert f"| `{name}` |" in PAGE
    hints = get_type_hints(TYPES[name].source)
    inner = [
        part for hint in hints.values() for part in getattr(hint, "__args__", ()) if dataclasses.is_dataclass(part)
    ]
    keys = [field for kind in (TYPES[name].source, *inner) for field in get_type_hints(kind)]
    assert [key for key in keys if f"| `{key}` |" not in PAGE and not key.startswith("__")] == []


def test_needed_keys_of_a_course_are_marked() -> None:
    table = PAGE.split("## course.yaml")[1].split("The keys of `task`")[0]
    for name, field in schema.Course.model_fields.items():
        needed = re.search(rf"^\| `{name}` \| (yes|no) \|", table, re.MULTILINE)
        assert needed, name
        assert (needed[1] == "yes") == field.is_required(), name


def test_boxes_limits_and_schemas_are_on_the_page() -> None:
    for kind, title in BOXES.items():
        assert re.search(rf"^\| `{kind}` \| .* \| {title} \|$", PAGE, re.MULTILINE), kind
    for kind in json_schemas():
        assert f"schemas/{kind}.json" in PAGE, kind
    figures = (SECTION_BYTES // 1024, COURSE_BYTES // 1024, LARGEST_MEDIA // 1024)
    assert [figure for figure in figures if f"{figure} KB" not in PAGE] == []
    assert f"{SCENARIO_PERCENT} %" in PAGE
    assert "# yaml-language-server: $schema=" in PAGE


def test_what_is_warned_of_and_what_is_too_much_is_on_the_page() -> None:
    assert f"more than {LONGEST_SENTENCE} words ({LONGEST_TRANSLATED} in a language other than English)" in PAGE
    assert f"of {LEAST_WORDS} words and more has a LIX above {HARDEST}" in PAGE
    assert POOL_TIMES == 3
    assert "fewer than three times the questions" in PAGE
    words = " ".join(PAGE.split())
    assert f"beats chance by {TOO_FAR} points or passes in more than {TOO_OFTEN} % of the draws" in words
    assert f"From {WORTH_A_LOOK} points on" in words
    assert f"{DRAWS:,} attempts" in words
    assert {"may", "often", "ask", "first", "together"} <= HEDGES["en"]


def test_the_example_quiz_is_good(tmp_path: Path) -> None:
    example = PAGE.split("## quiz.yaml")[1].split("```yaml\n")[1].split("```")[0].replace("      - id: …\n", "")
    example = example.replace("PC3", "PC1").replace("five-principles", "ears")
    assert check_library(write_library(tmp_path / "courses", {**GOOD, "other/quiz.yaml": example})) == []


def test_the_columns_of_a_table_are_on_the_page() -> None:
    part = PAGE.split("## Questions from elsewhere")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \| (.*) \|$", part.split("| column |")[1], re.MULTILINE) == list(COLUMNS.items())
    formats = re.findall(r"^\| `([\w-]+)` \|", part.split("| column |")[0], re.MULTILINE)
    assert formats == list(FORMATS)


def test_the_example_table_is_good() -> None:
    ledger = read("csv", PAGE.split("```csv\n")[1].split("```")[0])
    assert [question.type for question in ledger.taken] == ["single_choice"]
    assert [part for part, _ in ledger.entries() if part.reasons] == []


@pytest.mark.parametrize(("name", "columns"), [("indicators", INDICATORS), ("targets", PROFILES)])
def test_the_columns_of_the_frameworks_tables_are_on_the_page(name: str, columns: dict[str, str]) -> None:
    table = PAGE.split(f"| column of {name} |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE) == list(columns.items())
