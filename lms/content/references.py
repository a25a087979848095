"""The four reference files beside the courses: framework, roles, steps and paths."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.content.codes import keyed, listed, repeated, unknown
from lms.content.course import ReferenceContent
from lms.content.folder_files import decode
from lms.content.plan_schema import PlanTemplates
from lms.content.reference_schema import REFERENCES as NEEDED
from lms.content.reference_schema import Framework, Paths, Roles, Steps
from lms.content.validation import validate
from lms.content.yaml_files import Document, read_yaml
from lms.errors import Fault
from lms.rules.frameworks import leads_back
from lms.rules.levels import SHIPPED
from lms.rules.needs import Need, read_need

Reference = Framework | Roles | Steps | Paths | PlanTemplates
REFERENCES: dict[str, type[Reference]] = {**NEEDED, "plan-templates": PlanTemplates}
FILES = tuple(f"{kind}.yaml" for kind in REFERENCES)


@dataclass(frozen=True)
class KnownCodes:
    """What courses may point to; None where the file that says so cannot be read."""

    competencies: frozenset[str] | None = None
    steps: frozenset[str] | None = None
    functions: frozenset[str] | None = None


def read_references(
    folder: Path, files: dict[str, bytes]
) -> tuple[tuple[ReferenceContent, ...], KnownCodes, list[Fault]]:
    """The valid reference files, the codes that they declare, and every fault in them."""
    faults: list[Fault] = []
    read: dict[str, tuple[Document, Reference]] = {}
    for kind in REFERENCES:
        file = str(folder / f"{kind}.yaml")
        if f"{kind}.yaml" not in files:
            if kind not in NEEDED:
                continue
            faults.append(Fault(file, 1, 1, "the file is missing; every library has framework, roles, steps and paths"))
            continue
        document, value, found = read_reference(kind, file, files[f"{kind}.yaml"])
        faults += found
        if document and value:
            read[kind] = (document, value)
    known = known_codes(value for _, value in read.values())
    for document, value in read.values():
        faults += check_reference(document, value, known)
    broken = {fault.file for fault in faults}
    contents = tuple(
        ReferenceContent(kind, value.version, hashlib.sha256(files[f"{kind}.yaml"]).hexdigest(), reference_body(value))
        for kind, (document, value) in read.items()
        if document.file not in broken
    )
    return contents, known, faults


def read_reference(kind: str, file: str, body: bytes) -> tuple[Document | None, Reference | None, list[Fault]]:
    """One reference file in itself, and its faults."""
    text, faults = decode(file, body)
    document, found = read_yaml(file, text) if text is not None else (None, [])
    value, wrong = validate(document, REFERENCES[kind]) if document else (None, [])
    return document, value, faults + found + wrong


def reference_body(value: Reference) -> dict[str, Any]:
    """A reference as plain JSON data."""
    body: dict[str, Any] = value.model_dump(mode="json")
    return body


def known_codes(values: Iterable[Reference]) -> KnownCodes:
    """The codes that reference files declare."""
    competencies = steps = functions = None
    for value in values:
        if isinstance(value, Framework):
            competencies = frozenset(competency.code for competency in value.competencies)
        elif isinstance(value, Steps):
            steps = frozenset(step.id for step in value.steps)
        elif isinstance(value, Roles):
            functions = frozenset(function.code for function in value.functions)
    return KnownCodes(competencies, steps, functions)


def check_reference(document: Document, value: Reference, known: KnownCodes) -> Iterable[Fault]:
    """The faults that a valid file has in itself and beside the others."""
    if isinstance(value, Framework):
        return _check_framework(document, value, known)
    if isinstance(value, Roles):
        return _check_roles(document, value, known)
    if isinstance(value, Steps):
        return _check_steps(document, value)
    if isinstance(value, PlanTemplates):
        return _check_templates(document, value, known)
    return _check_paths(document, value)


def _check_framework(document: Document, value: Framework, known: KnownCodes) -> list[Fault]:
    levels = [(("levels", i, "level"), str(entry.level)) for i, entry in enumerate(value.levels)]
    faults = repeated(document, "level", levels)
    faults += [] if faults else _check_rule(document, value)
    codes = [(("competencies", i, "code"), c.code) for i, c in enumerate(value.competencies)]
    faults += repeated(document, "competency", codes)
    for position, competency in enumerate(value.competencies):
        path = ("competencies", position)
        faults += unknown(document, "step", listed((*path, "steps"), competency.steps), known.steps)
        faults += repeated(document, "step", listed((*path, "steps"), competency.steps))
        faults += repeated(document, "action", listed((*path, "actions"), competency.actions))
        for level in range(1, 5):
            if level not in competency.levels:
                message = f"competency '{competency.code}' has no indicators of level {level}; all of 1 to 4 are needed"
                faults.append(document.fault((*path, "levels"), message))
    return faults + _check_mapping(document, value)


def _check_mapping(document: Document, value: Framework) -> list[Fault]:
    here = {competency.code for competency in value.competencies}
    faults = repeated(document, "old competency", [(("mapping", i, "old"), m.old) for i, m in enumerate(value.mapping)])
    known = here | {move.old for move in value.mapping}
    for position, move in enumerate(value.mapping):
        path = ("mapping", position)
        new = listed((*path, "new"), move.new)
        faults += repeated(document, "new competency", new) + unknown(document, "competency", new, known)
        if move.old in here:
            message = (
                f"'{move.old}' is a competency of this framework: a code keeps its meaning, give what is new another"
            )
            faults.append(document.fault((*path, "old"), message))
        if not move.new and not move.reason:
            faults.append(document.fault(path, f"'{move.old}' goes nowhere; write the `reason`, or the `new` codes"))
    moves = {move.old: tuple(move.new) for move in value.mapping}
    for position, move in enumerate(value.mapping):
        if leads_back(move.old, moves):
            message = f"the mapping leads from '{move.old}' back to it; map it to a competency of this framework"
            faults.append(document.fault(("mapping", position, "new"), message))
    return faults


def _check_rule(document: Document, value: Framework) -> list[Fault]:
    """The first level whose condition cannot be, since those above may refer to it."""
    lower: list[Need] = []
    for position, level in enumerate(value.levels):
        if level.level != position + 1:
            return [
                document.fault(("levels", position, "level"), f"level {position + 1} stands here; order them 1 to 4")
            ]
        try:
            shipped = SHIPPED["needs"][position]
            lower.append(read_need(level.needs.model_dump(mode="json") if level.needs else shipped, lower))
        except ValueError as error:
            return [document.fault(("levels", position, "needs"), f"needs of level {level.level}: {error}")]
    return []


def _check_roles(document: Document, value: Roles, known: KnownCodes) -> list[Fault]:
    functions = [(("functions", i, "code"), f.code) for i, f in enumerate(value.functions)]
    faults = repeated(document, "function", functions)
    faults += repeated(document, "role", [(("roles", i, "code"), r.code) for i, r in enumerate(value.roles)])
    defaults = [
        entry for i, role in enumerate(value.roles) for entry in listed(("roles", i, "functions"), role.functions)
    ]
    faults += unknown(document, "function", defaults, {code for _, code in functions})
    faults += repeated(document, "default profile of function", defaults)
    for position, role in enumerate(value.roles):
        entries = keyed(("roles", position, "targets"), role.targets)
        faults += unknown(document, "competency", entries, known.competencies)
    return faults


def _check_steps(document: Document, value: Steps) -> list[Fault]:
    faults = repeated(document, "step", [(("steps", i, "id"), step.id) for i, step in enumerate(value.steps)])
    lists = {"partner_types": value.partner_types, "purposes": value.purposes, "stages": value.stages}
    for name, entries in lists.items():
        faults += repeated(document, "code", [((name, i, "code"), entry.code) for i, entry in enumerate(entries)])
    return faults


def _check_paths(document: Document, value: Paths) -> list[Fault]:
    faults = repeated(document, "path", [(("paths", i, "code"), path.code) for i, path in enumerate(value.paths)])
    for position, path in enumerate(value.paths):
        faults += repeated(document, "course", listed(("paths", position, "courses"), path.courses))
    return faults


def _check_templates(document: Document, value: PlanTemplates, known: KnownCodes) -> list[Fault]:
    faults = repeated(document, "template", [(("templates", i, "code"), t.code) for i, t in enumerate(value.templates)])
    for place, template in enumerate(value.templates):
        for number, aim in enumerate(template.objectives):
            path = ("templates", place, "objectives", number)
            if aim.competency:
                faults += unknown(document, "competency", [((*path, "competency"), aim.competency)], known.competencies)
            for step, one in enumerate(aim.steps):
                if one.kind == "course" and not one.course:
                    faults.append(document.fault((*path, "steps", step), "a step of the kind course names its course"))
                elif one.kind != "course" and (one.course or not one.text):
                    message = f"a step of the kind {one.kind} has a text and no course"
                    faults.append(document.fault((*path, "steps", step), message))
    return faults
