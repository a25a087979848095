"""From pydantic's errors to faults with a place and words that an author understands."""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from lms.content.schema import DRAW_FORMS, PATTERNS
from lms.content.yaml_files import Document, Path
from lms.errors import Fault

Checked = TypeVar("Checked")

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "dataclass_type": "keys with values",
}
_RANGES = {
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_long": "at most {max_length} characters long",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "literal_error": "{expected}",
}


def validate(
    document: Document,
    kind: type[Checked],
    path: Iterable[str | int] = (),
    data: Any = None,
    also_known: Iterable[str] = (),
) -> tuple[Checked | None, list[Fault]]:
    """The value at a path as `kind`, or its faults. `data` replaces the value there (a part of its keys, say).

    `also_known` are keys that are read elsewhere, named in the list of known ones.
    """
    start = tuple(str(part) for part in path)
    data = document.at(start) if data is None else data
    try:
        # Strict, and as JSON: "yes" is no boolean, "3" no number, and a dataclass may be given as a mapping.
        adapter: TypeAdapter[Checked] = _adapter(kind)  # type: ignore[arg-type]
        return adapter.validate_json(json.dumps(data), strict=True), []
    except ValidationError as error:
        known = list(also_known)
        return None, [_fault(document, kind, start, found, known) for found in error.errors(include_url=False)]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def _schema(kind: Any) -> dict[str, Any]:
    return _adapter(kind).json_schema()


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'? known are: x, y` for a word that is not known."""
    names = list(known)
    close = get_close_matches(word, names, n=1)
    meant = f"; did you mean '{close[0]}'?" if close else ";"
    return f"{meant} known are: {', '.join(names) or 'none'}"


def _fault(document: Document, kind: Any, start: Path, error: Any, also_known: list[str]) -> Fault:
    loc = tuple(str(part) for part in error["loc"])
    at_key = bool(loc) and loc[-1] == "[key]"
    loc = loc[:-1] if at_key else loc
    loc = tuple(part for i, part in enumerate(loc) if not (part in DRAW_FORMS and loc[i - 1] == "draw"))
    name = ".".join(_counted(loc)) or "the file"
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        known = (also_known if len(loc) == 1 else []) + _known_keys(kind, loc[:-1])
        return document.fault((*start, *loc), f"unknown key '{loc[-1]}'{suggestion(loc[-1], known)}", at_key=True)
    if error["type"] == "missing":
        inside = f" in {'.'.join(_counted(loc[:-1]))}" if loc[:-1] else ""
        return document.fault((*start, *loc[:-1]), f"missing key '{loc[-1]}'{inside}; add it")
    given = error["input"]
    if error["type"] in _KINDS:
        return document.fault((*start, *loc), f"{name} must be {_KINDS[error['type']]}, not {_described(given)}")
    if error["type"] == "string_too_short":
        return document.fault((*start, *loc), f"{name} is empty; write it")
    if error["type"] == "string_pattern_mismatch":
        wanted = PATTERNS.get(error["ctx"]["pattern"], error["ctx"]["pattern"])
        return document.fault((*start, *loc), f"{name} must be {wanted}, not {_described(given)}", at_key=at_key)
    if error["type"] in _RANGES:
        wanted = _RANGES[error["type"]].format(**error.get("ctx", {}))
        got = f", not {_described(given)}" if isinstance(given, str | int | float) else ""
        return document.fault((*start, *loc), f"{name} must be {wanted}{got}", at_key=at_key)
    return document.fault((*start, *loc), f"{name}: {error['msg']}", at_key=at_key)


def _counted(loc: Iterable[str]) -> list[str]:
    """Positions in lists as people count them."""
    return [str(int(part) + 1) if part.isascii() and part.isdigit() else part for part in loc]


def _described(given: Any) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, int | float):
        return f"{given} (put it in quotes if it is text)"
    if isinstance(given, str):
        return f"'{given[:60]}'"
    return "a list" if isinstance(given, list) else "keys with values"


def _known_keys(kind: Any, loc: Path) -> list[str]:
    """The keys that a mapping at this place may have, from the JSON schema of the model."""
    whole = _schema(kind)
    part = _resolved(whole, whole)
    for step in loc:
        inner = part.get("properties", {}).get(step) or part.get("items") or part.get("additionalProperties") or {}
        part = _resolved(whole, inner if isinstance(inner, dict) else {})
    return list(part.get("properties", {}))


def _resolved(whole: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    options = [option for option in part.get("anyOf", part.get("oneOf", ())) if option.get("type") != "null"]
    if options:  # the one that has parts, where there is one
        part = next((option for option in options if not {"$ref", "items"}.isdisjoint(option)), options[0])
    reference = part.get("$ref")
    found: dict[str, Any] = whole["$defs"][reference.rsplit("/", 1)[1]] if reference else part
    return found
