"""`flask lms backup` and `restore`: our tables (and those that the host adds) as of one moment, in one checked file.

Which tables: all whose names begin with one of the prefixes of the installation, `lms_` and what the host registers
in `Plugin.backed_up`. No other table of the database is ever read or touched.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, inspect, select

from lms import migrations
from lms.backup import postgresql, sqlite
from lms.backup.archive import Manifest, pack, read_manifest, unpack
from lms.db import Database
from lms.errors import Conflict, Invalid
from lms.models import AuditEntry, ExportRun, Person
from lms.schema import VERSION_TABLE, current_version, known_versions, newest_version

__all__ = ["Manifest", "Restored", "back_up", "count_people", "read_manifest", "restore"]


@dataclass(frozen=True)
class Restored:
    """What a restore brought back, and what had been done since and is gone."""

    manifest: Manifest
    tables_version: str
    lost_acts: int
    later_exports: int


def back_up(
    database: Database, target: Path, *, prefixes: tuple[str, ...], at: datetime, programs: str = ""
) -> Manifest:
    """Write a backup while the server goes on. `programs` is the folder of PostgreSQL's client programs.

    Raises Conflict for a name that is taken, and for a database without tables of ours.
    """
    with database.engine.connect() as connection:
        version = current_version(connection)
        schema = "main" if database.is_sqlite else postgresql.schema_of(connection)
    if version is None:
        raise Conflict("This database holds no tables of the plugin: there is nothing to back up.")
    with TemporaryDirectory(prefix=".backup-", dir=target.resolve().parent) as folder:
        dumped = Path(folder, "dump")
        if database.is_sqlite:
            rows = sqlite.dump(database, prefixes, dumped)
        else:
            rows = postgresql.dump(database, prefixes, dumped, programs)
        made = Manifest(
            kind=database.url.get_backend_name(),
            schema=schema,
            tables_version=version,
            prefixes=list(prefixes),
            made_at=at.astimezone(UTC).isoformat(),
            rows=rows,
        )
        return pack(dumped, made, target)


def restore(
    database: Database, source: Path, *, prefixes: tuple[str, ...], replace: bool = False, programs: str = ""
) -> Restored:
    """Put a backup in the place of our tables, bring them to this program's version, and renew their triggers.

    Everything that can be refused is refused before the database is touched. Raises Invalid for a broken file or one
    of another kind, Conflict for a database that holds people (unless `replace`) and for a backup of a newer program.
    """
    manifest = read_manifest(source)
    _require_fitting(database, manifest, prefixes)
    lost, later = _since(database, manifest.moment)
    if not replace and (people := count_people(database)):
        raise Conflict(
            "The database holds %(people)d people. With --replace the backup takes their place.", people=people
        )
    ours = tuple(manifest.prefixes)
    with TemporaryDirectory(prefix="lms-restore-") as folder:  # readable by its owner alone
        dumped = Path(folder, "dump")
        unpack(source, manifest, dumped)
        if database.is_sqlite:
            _check_rows(sqlite.read_rows(dumped), manifest)
            _upgrade_apart(dumped)
            sqlite.restore(database, dumped, ours)
        else:
            postgresql.restore(database, dumped, ours, manifest.rows, programs)
    migrations.upgrade(database)
    return Restored(manifest, newest_version(), lost, later)


def count_people(database: Database) -> int:
    """How many people the database holds; 0 where there are no tables."""
    with database.read() as session:
        if not inspect(session.connection()).has_table(Person.__tablename__):
            return 0
        return session.scalar(select(func.count()).select_from(Person)) or 0


def _require_fitting(database: Database, manifest: Manifest, prefixes: tuple[str, ...]) -> None:
    kind = database.url.get_backend_name()
    with database.engine.connect() as connection:
        schema = "main" if database.is_sqlite else postgresql.schema_of(connection)
    if (manifest.kind, manifest.schema) != (kind, schema):
        raise Invalid(
            "This is a backup of %(theirs)s; the database is %(ours)s. No way leads from one to the other.",
            theirs=f"{manifest.kind} ({manifest.schema})", ours=f"{kind} ({schema})",
        )  # fmt: skip
    if manifest.tables_version not in known_versions():
        raise Conflict(
            "The backup is of a newer program (tables of version %(theirs)s; this program knows %(ours)s and older). "
            "Install that program first.", theirs=manifest.tables_version, ours=newest_version(),
        )  # fmt: skip
    foreign = sorted(name for name in manifest.rows if not name.startswith(prefixes))
    # What a restore drops is named in the file: no more of it than is this application's.
    if not isinstance(manifest.prefixes, list) or not set(manifest.prefixes) <= set(prefixes):
        foreign = [str(manifest.prefixes)]
    if foreign or VERSION_TABLE not in manifest.rows:
        named = ", ".join(foreign[:3]) or "none of ours"
        raise Invalid("The backup holds tables that are not this application's: %(tables)s.", tables=named)


def _check_rows(found: dict[str, int], manifest: Manifest) -> None:
    if found != manifest.rows:
        raise Invalid("The backup does not hold the rows that its manifest names. Nothing was changed.")


def _upgrade_apart(dumped: Path) -> None:
    """Migrate the copy, so that a migration that fails leaves the database as it was."""
    copy = Database(f"sqlite:///{dumped}")
    migrations.upgrade(copy)
    with copy.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy.dispose()


def _since(database: Database, moment: datetime) -> tuple[int, int]:
    """How many acts, and how many exports, the database holds that are newer than the backup."""
    counted = []
    with database.read() as session:
        here = inspect(session.connection())
        for at in (AuditEntry.at, ExportRun.started_at):
            is_there = here.has_table(at.class_.__tablename__)
            counted.append(session.scalar(select(func.count()).where(at > moment)) or 0 if is_there else 0)
    return counted[0], counted[1]
