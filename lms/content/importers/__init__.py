"""Question banks of other programs: read whole, with what becomes of every part of them, and added to a quiz.

A format is one reader, listed here: it gets the file's name and bytes, and fills a ledger.
"""

import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lms.content.draft import Draft
from lms.content.importers.aiken import read_aiken
from lms.content.importers.bank_file import read_bank_file, refused
from lms.content.importers.csv_bank import read_csv_bank
from lms.content.importers.gift import read_gift
from lms.content.importers.heads import give_ids, slug
from lms.content.importers.ledger import Fate, Foreign, Ledger, Part
from lms.content.importers.moodle_xml import read_moodle_xml
from lms.content.importers.quiz_file import add_questions
from lms.content.importers.quiz_lines import as_source
from lms.content.reader import read_draft, require_course_folder
from lms.content.references import KnownCodes
from lms.errors import N_, Fault, Invalid

FORMATS: dict[str, Callable[[str, bytes, Ledger], None]] = {
    "gift": read_gift,
    "moodle-xml": read_moodle_xml,
    "aiken": read_aiken,
    "csv": read_csv_bank,
}

__all__ = ["FORMATS", "Fate", "Foreign", "Import", "Ledger", "Part", "ToDo", "plan_import", "read_bank", "write_import"]


@dataclass(frozen=True)
class ToDo:
    """A fault that the imported questions bring with them: how often, and where first."""

    count: int
    first: Fault


@dataclass(frozen=True)
class Import:
    """What an import would write; `body` is None where no question is taken."""

    ledger: Ledger
    quiz: Path
    pool: str
    body: bytes | None
    to_do: tuple[ToDo, ...] = ()


def read_bank(file: Path, format: str) -> Ledger:
    """Every part of a bank and what becomes of it. Raises FaultyFile where nothing can be taken of the file."""
    ledger = Ledger()
    FORMATS[format](str(file), read_bank_file(file), ledger)
    if not ledger.questions:
        raise refused([Fault(str(file), 1, 1, f"no question was found; is it a file of the format {format}?")])
    return ledger


def plan_import(bank: Path, format: str, *, folder: Path, pool: str = "") -> Import:
    """What importing a bank into a course folder would do. Writes nothing.

    Raises NotFound where there is no such course, Invalid for a name that no pool can have, FaultyFile for a bank or a
    quiz.yaml that cannot be read.
    """
    require_course_folder(folder)
    if pool and slug(pool, len(pool)) != pool:
        raise Invalid(N_("%(pool)s is no name of a pool: a-z, 0-9 and hyphens."), pool=repr(pool))
    ledger = read_bank(bank, format)
    quiz = folder / "quiz.yaml"
    before = read_draft(folder, KnownCodes())
    give_ids(ledger.taken, before.quiz_ids)
    ledger.settle()
    if os.path.lexists(quiz) and "quiz.yaml" not in before.files:
        raise refused([Fault(str(quiz), 1, 1, "it cannot be read, or is a link; put a file there")])
    pool = pool or _free_name(slug(bank.stem, 60) or "imported", before)
    if not ledger.taken:
        return Import(ledger, quiz, pool, None)
    sources = [as_source(question) for question in ledger.taken]
    body = add_questions(str(quiz), before.files.get("quiz.yaml", b""), pool, sources)
    after = read_draft(folder, KnownCodes(), {"quiz.yaml": body})
    return Import(ledger, quiz, pool, body, _to_do(before, after))


def write_import(planned: Import) -> None:
    """Put the new quiz.yaml in the place of the old one, whole or not at all."""
    if planned.body is not None:
        partial = planned.quiz.with_name(f"{planned.quiz.name}.partial")
        partial.write_bytes(planned.body)
        partial.replace(planned.quiz)


def _free_name(wanted: str, draft: Draft) -> str:
    """The name, or one like it that no pool has."""
    document = draft.documents.get("quiz.yaml")
    pools = document.data.get("pools") if document is not None and isinstance(document.data, dict) else None
    taken = {pool.get("id") for pool in pools if isinstance(pool, dict)} if isinstance(pools, list) else set()
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def _to_do(before: Draft, after: Draft) -> tuple[ToDo, ...]:
    """The faults that are new, those of one kind together, in the order of the file."""
    new = Counter(map(_kind, after.faults))
    new.subtract(map(_kind, before.faults))
    first = {_kind(fault): fault for fault in sorted(after.faults, reverse=True)}
    return tuple(sorted((ToDo(n, first[kind]) for kind, n in new.items() if n > 0), key=lambda one: one.first))


def _kind(fault: Fault) -> tuple[str, str]:
    """What faults that differ in a name alone have in common."""
    return fault.file, re.sub(r"'[^']*'", "'…'", fault.message)
