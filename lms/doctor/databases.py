"""The database: where it lies, whether it answers, whether it keeps what it says that it keeps, its clock."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lms.db import Database
from lms.doctor.finding import Finding, advise, fine, wrong

# The oldest PostgreSQL that knows CREATE OR REPLACE TRIGGER, which the append-only tables are made with.
OLDEST_POSTGRESQL = 14
NETWORK = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "glusterfs", "ncpfs", "beegfs",
    "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "vboxsf", "fuse.vmhgfs-fuse",
}  # fmt: skip
SQLITE_MODE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
POSTGRESQL_MODE = {
    "server_encoding": ("UTF8", "names in other scripts would be refused or spoiled. Make the database in UTF8"),
    "fsync": ("on", "a power cut can destroy it. Set fsync = on"),
    "full_page_writes": ("on", "a power cut can destroy it. Set full_page_writes = on"),
    "TimeZone": ("UTC", "instants would come back as others. Nothing may set it after the connection began"),
}
SAFE_COMMITS = ("on", "local", "remote_write", "remote_apply")
DRIFT, TOO_FAR = timedelta(seconds=5), timedelta(seconds=60)
# The program is not older than this: a clock that shows an earlier year is wrong.
FIRST_YEAR = 2026


def check_place(database: Database, mounts: str | None = None) -> list[Finding]:
    """An SQLite file must lie on a local disk: locks over a network do not hold."""
    if not database.is_sqlite:
        return []
    if database.url.database in (None, "", ":memory:"):
        text_ = "the records are in memory alone, and gone when the process ends."
        return [wrong("database", text_, "Set LMS_DATABASE_URL, such as sqlite:////srv/learning/lms.sqlite3")]
    if mounts is None:
        table = Path("/proc/mounts")
        mounts = table.read_text(encoding="utf-8", errors="replace") if table.is_file() else ""
    kind = file_system(Path(str(database.url.database)).resolve(), mounts)
    if kind in NETWORK:
        text_ = f"the file lies on a network share ({kind}), where SQLite's locks do not hold: records can be spoiled."
        return [wrong("database", text_, "Move it to a local disk, or use PostgreSQL.")]
    return _check_readers(Path(str(database.url.database)))


def _check_readers(file: Path) -> list[Finding]:
    """Every user of the machine who can read the file can read everybody's records."""
    if not file.is_file() or not file.stat().st_mode & stat.S_IROTH or _is_closed(file.resolve().parent):
        return []
    return [advise("database", f"every user of this machine can read {file}.", f"chmod o-rwx {file.parent}")]


def _is_closed(folder: Path) -> bool:
    return any(not place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def file_system(path: Path, mounts: str) -> str:
    """The kind of file system that `path` lies on, from the lines of /proc/mounts; empty when it cannot be told."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def check_reach(database: Database) -> list[Finding]:
    """Whether it answers; an SQLite file that is not there is not made by looking."""
    shown = database.url.render_as_string(hide_password=True)
    if database.is_sqlite and database.url.database and not Path(database.url.database).is_file():
        return [wrong("database", f"there is none yet at {shown}.", "Make it: flask lms upgrade")]
    try:
        with database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except RuntimeError as error:  # of lms.db: a pragma that did not hold
        return [wrong("database", f"{error}", "Put the file on a local disk, and let nobody else set its mode.")]
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()
        what = "Does it run, and are address, name and password in LMS_DATABASE_URL right?"
        return [wrong("database", f"{shown} does not answer: {said[0] if said else 'no reason given'}", what)]
    return [fine("database", f"{shown} answers.")]


def check_mode(database: Database) -> list[Finding]:
    """What a database says that it does, read back from it."""
    return _sqlite_mode(database) if database.is_sqlite else _postgresql_mode(database)


def _sqlite_mode(database: Database) -> list[Finding]:
    with database.engine.connect() as connection:
        found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in SQLITE_MODE}
        version = connection.scalar(text("SELECT sqlite_version()"))
    off = [
        f"{name} is {found[name]!r}, not {wanted!r}" for name, wanted in SQLITE_MODE.items() if found[name] != wanted
    ]
    if off:
        what = "Something in the host changes the plugin's connections: it must leave them alone."
        return [wrong("database mode", f"{'; '.join(off)}: what was saved could be lost.", what)]
    return [fine("database mode", f"SQLite {version}: WAL, full synchronisation, foreign keys.")]


def _postgresql_mode(database: Database) -> list[Finding]:
    with database.engine.connect() as connection:
        found = {name: connection.scalar(text(f"SHOW {name}")) for name in POSTGRESQL_MODE}
        commits = connection.scalar(text("SHOW synchronous_commit"))
        number = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000
    faults = [
        wrong("database mode", f"PostgreSQL's {name} is {found[name]}, not {wanted}: {why.split('. ')[0]}.",
              f"{why.split('. ')[1]}.")
        for name, (wanted, why) in POSTGRESQL_MODE.items() if found[name] != wanted
    ]  # fmt: skip
    if commits not in SAFE_COMMITS:
        text_ = f"PostgreSQL's synchronous_commit is {commits}: a power cut can lose answers that people saw as saved."
        faults.append(wrong("database mode", text_, "Set synchronous_commit = on."))
    if number < OLDEST_POSTGRESQL:
        text_ = f"PostgreSQL {number} is too old."
        faults.append(wrong("database mode", text_, f"{OLDEST_POSTGRESQL} or newer is needed."))
    return faults or [fine("database mode", f"PostgreSQL {number}: UTF8, UTC, durable commits.")]


def check_clock(database: Database, now: datetime) -> list[Finding]:
    """This machine's clock against the database's, against the program's age and against the newest record."""
    if now.year < FIRST_YEAR:
        return [wrong("clock", f"it shows the year {now.year}.", "Set this machine's clock, and let NTP keep it.")]
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            theirs = connection.scalar(text("SELECT clock_timestamp()"))
        apart = abs(datetime.now(UTC) - theirs) if theirs else timedelta(0)
        seconds = round(apart.total_seconds())
        what = "Let NTP keep both clocks: deadlines and dates are told by them."
        if apart > TOO_FAR:
            return [wrong("clock", f"this machine and the database are {seconds} seconds apart.", what)]
        if apart > DRIFT:
            return [advise("clock", f"this machine and the database are {seconds} seconds apart.", what)]
    return [fine("clock", f"{now:%Y-%m-%d %H:%M} UTC.")]
