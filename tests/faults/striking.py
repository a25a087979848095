"""Asks the warmed process for a request and its fault, and puts the database back to where it was before."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import text

from lms.models import Base
from tests.faults.field import Field, let_go, settings
from tests.faults.serving import ROOT

# What starting, saving and handing in may write to; the counts of all tables show whether that is true.
TOUCHED = (
    "lms_attempts", "lms_attempt_questions", "lms_answer_events", "lms_answer_values", "lms_attempt_results",
    "lms_completions", "lms_evidence", "lms_levels", "lms_standings", "lms_audit_entries", "lms_sign_in_identities",
)  # fmt: skip


class Striker:
    """The warmed process over a field, and the field's first state."""

    def __init__(self, field: Field, folder: Path) -> None:
        self.field = field
        self._kept = Kept(field, folder)
        environ = {k: v for k, v in os.environ.items() if not k.startswith("LMS_")}
        with (folder / "points.log").open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.points", field.url], cwd=ROOT, env=environ | settings(field.url),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip

    def ask(self, request: dict[str, Any], at: int = 0, how: str = "") -> dict[str, Any]:
        """What came of a request that was struck at its `at`-th point."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**request, "at": at, "how": how}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())  # type: ignore[no-any-return]

    def put_back(self) -> None:
        """As if nothing had happened."""
        self._kept.put_back()

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


class Kept:
    """A state of a database that is come back to many times: a copied file, or copied tables."""

    def __init__(self, field: Field, folder: Path) -> None:
        self._app, self._database, self._copy = field.app, field.database, folder / "kept.sqlite3"
        if self._database.is_sqlite:
            with self._database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            let_go(self._app)
            shutil.copy(str(self._database.url.database), self._copy)
            return
        with self._database.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA kept"))
            for table in TOUCHED:
                connection.execute(text(f"CREATE TABLE kept.{table} AS TABLE public.{table}"))

    def put_back(self) -> None:
        """Bring the state back."""
        if self._database.is_sqlite:
            let_go(self._app)  # a connection that stays would keep the file's old memory
            for end in ("-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(f"{self._database.url.database}{end}").unlink()
            shutil.copy(self._copy, str(self._database.url.database))
            return
        restored = [f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept.{table}" for table in TOUCHED]
        with self._database.engine.begin() as connection:
            # Facts refuse to be deleted; a replica's session is asked by no trigger and no foreign key.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("; ".join(restored))


def counts(field: Field) -> dict[str, int]:
    """How many rows each table has, and how many attempts are open."""
    asked = [f"SELECT '{name}' AS name, count(*) AS rows FROM {name}" for name in Base.metadata.tables]
    asked.append("SELECT 'open', count(*) FROM lms_attempts WHERE is_open")
    with field.database.engine.connect() as connection:
        return {row.name: row.rows for row in connection.exec_driver_sql(" UNION ALL ".join(asked))}
