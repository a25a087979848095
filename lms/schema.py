"""Which version the plugin's tables have, and which versions this program knows; Alembic need not be loaded for it."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

VERSION_TABLE = "lms_alembic_version"
_SCRIPTS = Path(__file__).parent / "migrations" / "versions"


def known_versions() -> list[str]:
    """The versions of this program, oldest first: each script's file begins with the version that it makes."""
    return sorted(path.name.partition("_")[0] for path in _SCRIPTS.glob("[0-9]*.py"))


def newest_version() -> str:
    """The version that this program needs."""
    return known_versions()[-1]


def current_version(connection: Connection) -> str | None:
    """The version of the tables, or None where there are none of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608  (a constant)
    return found
