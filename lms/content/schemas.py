"""JSON schemas of the YAML files, for completion and checks in an author's editor.

`python -m lms.content.schemas courses/schemas` writes them.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from lms.content.references import REFERENCES
from lms.content.schema import MADE_OF, Course, QuestionHead, Quiz
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
    for of, name in MADE_OF.items():
        definitions[f"made_of_{of}"] = _made_schema(of, name, definitions[name], list(head["required"]))
        variants.append({"$ref": f"#/$defs/made_of_{of}"})
    definitions["Pool"]["properties"]["questions"]["items"] = {"oneOf": variants}
    return schema


def _made_schema(of: str, name: str, written: dict[str, Any], head: list[str]) -> dict[str, Any]:
    """A question of a type whose parts are made."""
    parts = {"items", "pairs", "distractors"}
    kept = {key: value for key, value in written["properties"].items() if key not in parts}
    return {
        **written,
        "title": f"{name}, made of {of}",
        "properties": {**kept, "made_of": {"const": of}},
        "required": [*head, "prompt", "made_of"],
    }


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
