"""Checks of codes that many files need: given once, and known."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from lms.content.validation import suggestion
from lms.content.yaml_files import Document
from lms.errors import Fault

Entry = tuple[Sequence[str | int], str]


def repeated(document: Document, what: str, entries: Iterable[Entry]) -> list[Fault]:
    """A fault for every entry (path, code) whose code an earlier entry has."""
    faults = []
    first: dict[str, int] = {}
    for path, code in entries:
        line = document.fault(path, "").line
        if code in first:
            faults.append(document.fault(path, f"{what} '{code}' twice (first on line {first[code]}); keep one"))
        first.setdefault(code, line)
    return faults


def unknown(document: Document, what: str, entries: Iterable[Entry], known: Collection[str] | None) -> list[Fault]:
    """A fault for every entry whose code is not known; None as `known` means that nobody can tell."""
    if known is None:
        return []
    return [
        document.fault(path, f"unknown {what} '{code}'{suggestion(code, sorted(known))}", at_key=True)
        for path, code in entries
        if code not in known
    ]


def listed(path: Sequence[str | int], values: Iterable[object]) -> list[Entry]:
    """The entries of a list of codes."""
    return [((*path, position), str(value)) for position, value in enumerate(values)]


def keyed(path: Sequence[str | int], values: Mapping[str, object]) -> list[Entry]:
    """The entries of a mapping whose keys are codes."""
    return [((*path, code), code) for code in values]
