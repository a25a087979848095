"""Reads and checks the courses folder: files in, dataclasses and faults out."""

from pathlib import Path

from lms.content.course import Library
from lms.content.coverage import Coverage, coverage
from lms.content.guesses import DRAWS, guess_library
from lms.content.notes import how_to_sign_off, library_notes
from lms.content.reader import note_translation, read_course, read_library, read_whole_or_one
from lms.content.sign_off import append_sign_off
from lms.errors import N_, Fault, FaultyFile
from lms.rules.guessing import Played

__all__ = [
    "DRAWS", "Coverage", "Played", "append_sign_off", "check_library", "coverage", "guess_library", "how_to_sign_off",
    "json_schemas", "library_notes", "load_library", "note_translation", "read_course", "read_library",
    "read_whole_or_one",
]  # fmt: skip


def check_library(folder: Path) -> list[Fault]:
    """Every fault of a courses folder, or of one course folder in it, sorted by file, line and column."""
    return read_whole_or_one(folder)[1]


def load_library(folder: Path) -> Library:
    """Everything in a courses folder, ready to publish. Raises FaultyFile with all faults."""
    library, faults = read_library(folder)
    if faults:
        message = N_("%(count)s faults in %(folder)s; `flask lms check` lists them. Nothing was loaded.")
        raise FaultyFile(message, faults, count=len(faults), folder=str(folder))
    return library


def json_schemas() -> dict[str, dict[str, object]]:
    """A JSON schema for each of course, quiz, framework, roles, steps and paths."""
    from lms.content import schemas

    return schemas.json_schemas()
