"""What the fixtures of this folder give."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lms.db import Database
from lms.demonstration import Account

NOW = datetime(2026, 3, 18, 14, 30, tzinfo=UTC)
COURSES = Path(__file__).parents[2] / "courses"

MakeDatabase = Callable[..., Database]


@dataclass(frozen=True)
class Made:
    """A finished demonstration."""

    database: Database
    accounts: list[Account]
