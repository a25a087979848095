"""What the fixtures of this folder give."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from lms.content import load_library
from lms.content.course import Library
from lms.db import Database
from lms.demonstration import Account

NOW = datetime(2026, 3, 18, 14, 30, tzinfo=UTC)
COURSES = Path(__file__).parents[2] / "courses"

MakeDatabase = Callable[..., Database]


@cache
def library_of(courses: Path) -> Library:
    """The courses of a folder, read once: ours take seconds."""
    return load_library(courses)


@dataclass(frozen=True)
class Made:
    """A finished demonstration."""

    database: Database
    accounts: list[Account]
