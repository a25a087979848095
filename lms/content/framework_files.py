"""The framework and the role profiles out of the courses folder, and back into it: as YAML or as a table (CSV)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.content.framework_tables import (
    indicators_table,
    kind_of_table,
    profiles_table,
    read_indicators,
    read_profiles,
)
from lms.content.importers.bank_file import read_bank_file, refused, text_of
from lms.content.importers.quiz_lines import item_lines
from lms.content.reference_schema import REFERENCES
from lms.content.references import KnownCodes, Reference, check_reference, known_codes, read_reference, reference_body
from lms.content.validation import validate
from lms.content.yaml_files import Document, read_yaml
from lms.errors import N_, Fault, Invalid
from lms.rules.frameworks import Difference, compare_frameworks, compare_roles

_BLOCK = {"framework": "competencies", "roles": "roles"}  # what a table holds of each file


@dataclass(frozen=True)
class FrameworkImport:
    """What an import would write: the file's new bytes, and what it said and would say; `number` is the new version."""

    kind: str
    path: Path
    body: bytes
    number: int
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def changes(self) -> bool:
        """Whether anything but the version would differ."""
        return {**self.before, "version": 0} != {**self.after, "version": 0}

    def differences(self) -> list[Difference]:
        """What would be other than it is."""
        if self.kind == "framework":
            return compare_frameworks(self.before, self.after)
        return compare_roles(self.before, self.after, {})


@dataclass(frozen=True)
class _There:
    """A reference file as it lies in the courses folder."""

    document: Document
    value: Reference
    body: bytes


def export_framework(folder: Path, kind: str, suffix: str) -> bytes:
    """The framework or the roles of a courses folder; `suffix` is ".yaml" (the file itself) or ".csv"."""
    if suffix not in (".yaml", ".csv"):
        raise Invalid(N_("%(suffix)s is no format: name the file .yaml or .csv."), suffix=repr(suffix))
    there = _read(folder, kind)
    if suffix == ".yaml":
        return there.body
    body = reference_body(there.value)
    return indicators_table(body) if kind == "framework" else profiles_table(body, _competencies(folder))


def plan_framework(file: Path, *, folder: Path, newest: Mapping[str, int]) -> FrameworkImport:
    """What taking a file into the courses folder would do; `newest` are the published versions. Writes nothing.

    Raises FaultyFile with every fault by line and column.
    """
    given = read_bank_file(file)
    if file.suffix == ".csv":
        kind = kind_of_table(str(file), given)
        there = _read(folder, kind)
        text, document = "", _table(str(file), given, folder, there, kind)
    else:
        text, kind, document = _yaml(str(file), given)
        there = _read(folder, kind)
    value, faults = validate(document, REFERENCES[kind])
    if value is not None:
        faults += check_reference(document, value, _known(folder, kind, value))
    if value is None or faults:
        raise refused(faults)
    before, after = reference_body(there.value), reference_body(value)
    lowest = max(there.value.version, newest.get(kind, 0) + 1)
    number = max(value.version, lowest) if {**before, "version": 0} != {**after, "version": 0} else there.value.version
    text = text or _spliced(there, kind, after)
    body = re.sub(r"^version:.*$", f"version: {number}", text, count=1, flags=re.MULTILINE).encode()
    return FrameworkImport(kind, folder / f"{kind}.yaml", body, number, before, {**after, "version": number})


def write_framework(planned: FrameworkImport) -> None:
    """Put the new file in the place of the old one, whole or not at all."""
    partial = planned.path.with_name(f"{planned.path.name}.partial")
    partial.write_bytes(planned.body)
    partial.replace(planned.path)


def _read(folder: Path, kind: str) -> _There:
    path = folder / f"{kind}.yaml"
    body = path.read_bytes()
    document, value, faults = read_reference(kind, str(path), body)
    if document is None or value is None or faults:
        raise refused(faults)
    return _There(document, value, body)


def _known(folder: Path, kind: str, instead: Reference) -> KnownCodes:
    """The codes of all files, one of them with other content."""
    read = {name: read_reference(name, name, (folder / f"{name}.yaml").read_bytes())[1] for name in REFERENCES}
    return known_codes(value for value in ({**read, kind: instead}).values() if value)


def _competencies(folder: Path) -> list[str]:
    return [competency["code"] for competency in reference_body(_read(folder, "framework").value)["competencies"]]


def _table(file: str, given: bytes, folder: Path, there: _There, kind: str) -> Document:
    around = {name: value for name, value in there.document.data.items() if name != _BLOCK[kind]}
    if kind == "framework":
        return read_indicators(file, given, around)
    return read_profiles(file, given, around, _competencies(folder))


def _yaml(file: str, given: bytes) -> tuple[str, str, Document]:
    text = text_of(file, given)
    document, faults = read_yaml(file, text)
    if document is None or faults:
        raise refused(faults)
    for kind, block in _BLOCK.items():
        if isinstance(document.data, dict) and block in document.data:
            return text, kind, document
    raise refused([Fault(file, 1, 1, "neither `competencies` (a framework) nor `roles`: not one of the two files")])


def _spliced(there: _There, kind: str, after: Mapping[str, Any]) -> str:
    """The file with other lines for what the table holds; all else stays as it stands, with its comments."""
    keys = {path[0]: place for path, place in there.document.keys.items() if len(path) == 1}
    if any(place.column > 1 for place in keys.values()):
        message = "the keys must stand on lines of their own, from the first column on, to be written anew"
        raise refused([Fault(there.document.file, 1, 1, message)])
    first = keys[_BLOCK[kind]].line - 1
    following = [place.line - 1 for place in keys.values() if place.line - 1 > first]
    lines = there.document.lines
    last = min(following, default=len(lines))
    while lines[last - 1].startswith("#") or not lines[last - 1].strip():
        last -= 1  # what stands above the next key belongs to it
    write = _competency_lines if kind == "framework" else _role_lines
    new = [line for entry in after[_BLOCK[kind]] for line in write(entry)]
    return "\n".join([*lines[:first], f"{_BLOCK[kind]}:", *new, *(lines[last:] or [""])])


def _competency_lines(competency: Mapping[str, Any]) -> Iterator[str]:
    yield from item_lines({name: value for name, value in competency.items() if name != "levels"}, 2)
    yield "    levels:"
    for level, some in sorted(competency["levels"].items()):
        yield f"      {level}:"
        for one in some:
            yield from item_lines(one, 8)


def _role_lines(role: Mapping[str, Any]) -> Sequence[str]:
    targets = ", ".join(f"{code}: {level}" for code, level in role["targets"].items())
    return [*item_lines({k: v for k, v in role.items() if k != "targets"}, 2), f"    targets: {{{targets}}}"]
