"""The published JSON schemas are those of the program."""

from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from lms.content import json_schemas
from lms.content.schemas import schema_text, write_schemas
from lms.questions import TYPES

SCHEMAS = Path(__file__).parents[2] / "courses" / "schemas"


@pytest.mark.parametrize("kind", sorted(json_schemas()))
def test_file_equals_the_program(kind: str) -> None:
    message = "run `python -m lms.content.schemas courses/schemas`"
    assert (SCHEMAS / f"{kind}.json").read_text(encoding="utf-8") == schema_text(json_schemas()[kind]), message


def test_no_other_file_lies_there(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert {path.name for path in SCHEMAS.iterdir()} == {path.name for path in tmp_path.iterdir()}


def test_quiz_schema_knows_every_type() -> None:
    definitions = json_schemas()["quiz"]["$defs"]
    assert isinstance(definitions, dict)
    head = {"id", "type", "competency", "section"}
    for name, kind in TYPES.items():
        needed = {one.name for one in fields(kind.source) if one.default is one.default_factory is MISSING}
        assert definitions[name]["properties"]["type"] == {"const": name}
        assert {one.name for one in fields(kind.source)} | head <= set(definitions[name]["properties"])
        assert set(definitions[name]["required"]) == needed | head
