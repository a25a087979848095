"""The plugin's tables: their version, the triggers that keep facts from changing, whether anybody is there."""

from datetime import datetime, timedelta

from sqlalchemy import func, inspect, select, text

from lms.db import Database
from lms.doctor.finding import Finding, advise, fine, wrong
from lms.models import AuditEntry, Person, RoleGrant
from lms.models.append_only import triggers
from lms.schema import current_version, known_versions, newest_version


def check_version(database: Database) -> list[Finding]:
    """Whether the tables have the version that this program needs."""
    with database.engine.connect() as connection:
        found = current_version(connection)
    if found is None:
        return [wrong("tables", "there are none of the plugin's yet.", "Make them: flask lms upgrade")]
    if found not in known_versions():
        text_ = f"they have version {found}, which this program does not know: it is older than the database."
        return [wrong("tables", text_, "Install the newer program again, or restore a backup of this one.")]
    if found != newest_version():
        text_ = f"they have version {found}; this program needs {newest_version()}."
        return [wrong("tables", text_, "Back up, then: flask lms upgrade")]
    return [fine("tables", f"version {found}, the newest.")]


def check_triggers(database: Database) -> list[Finding]:
    """Whether facts can still be neither changed nor deleted."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(AuditEntry.__tablename__):
            return []  # check_version has said it
        present = set(connection.scalars(text(query)))
        missing = sorted(triggers(connection) - present)
    if missing:
        named = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        text_ = f"{len(missing)} are missing ({named}): facts could be changed unseen."
        return [wrong("triggers", text_, "Make them anew: flask lms upgrade. Then ask who dropped them.")]
    return [fine("triggers", "facts can be neither changed nor deleted.")]


def check_people(database: Database) -> list[Finding]:
    """Whether anybody is there, whether anybody is HR, and whether the newest record lies in the future."""
    with database.read() as session:
        if not inspect(session.connection()).has_table(Person.__tablename__):
            return []
        people = session.scalar(select(func.count()).select_from(Person)) or 0
        granted = session.scalar(select(func.count()).select_from(RoleGrant)) or 0
    if not people:
        return [advise("people", "there are none yet.", "flask lms people FILE takes in HR's file.")]
    if not granted:
        return [advise("people", f"{people}, and nobody holds a role.", "flask lms grant EMAIL hr_officer")]
    return [fine("people", f"{people}.")]


def check_newest(database: Database, now: datetime) -> list[Finding]:
    """A record of tomorrow means that a clock is or was wrong."""
    with database.read() as session:
        if not inspect(session.connection()).has_table(AuditEntry.__tablename__):
            return []
        newest = session.scalar(select(func.max(AuditEntry.at)))
    if newest is not None and newest > now + timedelta(hours=1):
        text_ = f"the newest record says {newest:%Y-%m-%d %H:%M} UTC, and it is {now:%Y-%m-%d %H:%M}."
        return [
            wrong("clock", text_, "This clock is behind, or was ahead: let NTP keep it, and look at what was written.")
        ]
    return []
