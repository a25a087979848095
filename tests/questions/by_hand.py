"""Questions as YAML gives them, made, checked and marked by hand."""

from typing import Any

from pydantic import TypeAdapter

from lms.questions import TYPES

Faults = list[tuple[tuple[str | int, ...], str]]


def made(name: str, **written: Any) -> Any:
    """The type's source."""
    return TypeAdapter(TYPES[name].source).validate_python({"prompt": "Well?", **written})


def faults(name: str, **written: Any) -> Faults:
    """What `check` says."""
    return [(fault.path, fault.message) for fault in TYPES[name].check(made(name, **written))]


def mark(name: str, value: Any, **written: Any) -> Any:
    """The mark of an answer."""
    return TYPES[name].mark(TYPES[name].right(made(name, **written)), value)
