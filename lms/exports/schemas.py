"""The published schema of a layout: JSON Schema of one line of JSON Lines; its `version` is semantic.

The last number goes up for words, the middle one for a new column at the end; a column that moves, goes or changes its
meaning makes a new layout.
"""

from typing import Any

from lms.exports.kinds import KINDS
from lms.exports.layout import Layout

_KINDS: dict[str, dict[str, Any]] = {
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "date-time": {"type": ["string", "null"], "format": "date-time"},
    "flag": {"enum": ["Y", "N"]},
    "": {"type": ["string", "null"]},
}


def make_schema(layout: Layout) -> dict[str, Any]:
    """The columns in their order, each with its type."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": layout.name,
        "version": layout.version,
        "type": "object",
        "properties": {name: _KINDS[KINDS.get(name, "")] for name in layout.names},
        "required": list(layout.names),
        "additionalProperties": False,
    }
