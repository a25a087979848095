"""JSON schemas of the YAML files, for completion and checks in an author's editor.

`python -m lms.content.schemas courses/schemas` writes them.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from lms.content.references import REFERENCES
from lms.content.schema import Course, QuestionHead, Quiz
from lms.questions import TYPES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schemas() -> dict[str, dict[str, Any]]:
    """A JSON schema for each of course, quiz, framework, roles, steps, paths and templates of plans."""
    schemas = {kind: TypeAdapter(model).json_schema() for kind, model in REFERENCES.items()}
    schemas["course"] = TypeAdapter(Course).json_schema()
    schemas["quiz"] = _quiz_schema()
    return {kind: {"$schema": DIALECT, **schemas[kind]} for kind in sorted(schemas)}


def _quiz_schema() -> dict[str, Any]:
    """The quiz, in which a question is one of the types: the common keys and the type's own."""
    schema = TypeAdapter(Quiz).json_schema()
    definitions = schema["$defs"]
    head = TypeAdapter(QuestionHead).json_schema()
    variants = []
    for name, kind in TYPES.items():
        own = TypeAdapter(kind.source).json_schema()
        definitions.update(own.pop("$defs", {}))
        definitions[name] = {
            "title": name,
            "description": own.get("description", ""),
            "type": "object",
            "additionalProperties": False,
            "properties": {**head["properties"], "type": {"const": name}, **own["properties"]},
            "required": [*head["required"], *own.get("required", ())],
        }
        variants.append({"$ref": f"#/$defs/{name}"})
    definitions["Pool"]["properties"]["questions"]["items"] = {"oneOf": variants}
    return schema


def schema_text(schema: dict[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write_schemas(folder: Path) -> None:
    """Write every schema as `<kind>.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, schema in json_schemas().items():
        (folder / f"{kind}.json").write_text(schema_text(schema), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
