"""All checks, one after the other."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from flask import Flask

from lms.db import Database
from lms.doctor import courses, databases, hosts, room, seals, tables, work
from lms.doctor.finding import Finding, State, examining, wrong
from lms.settings import SETTINGS, read_settings

EXAMPLE = next(setting.default for setting in SETTINGS if setting.name == "LMS_ORGANISATION")


def examine(app: Flask, backups: Path | None = None, greet: bool = False) -> list[Finding]:
    """Everything that there is to say about this installation, in the order in which one would mend it; with `greet`
    the mail server is asked too."""
    plugin, settings = app.extensions["lms"], read_settings()
    database = plugin.database
    found = _checked(
        [
            ("sign-in", partial(hosts.check_sign_in, app)),
            ("secret key", partial(hosts.check_secret_key, app.secret_key)),
            ("cookies", partial(hosts.check_cookies, app.config, settings["LMS_BASE_URL"])),
            ("frame", partial(hosts.check_frame, app)),
            ("organisation", partial(hosts.check_organisation, plugin.organisation, EXAMPLE)),
            ("invitations", partial(hosts.check_invitations, app)),
            ("mail", partial(work.check_mail, plugin.mailing.carrier, plugin.mailing.sender, greet)),
            ("database", partial(databases.check_place, database)),
        ]
    )
    reached = _checked([("database", partial(databases.check_reach, database))])
    found += reached
    is_there = all(finding.state != State.WRONG for finding in reached)
    if is_there:
        found += _examine_database(database, Path(plugin.seal_key), plugin.clock())
    folder = Path(plugin.courses)
    found += _checked(
        [
            ("courses", partial(courses.check_courses, folder, database if is_there else None)),
            ("disk", partial(room.check_room, database, Path(app.instance_path))),
            ("backups", partial(room.check_backups, backups, plugin.clock())),
        ]
    )
    return found + _checked([("host", partial(_ask, receiver, app)) for receiver in examining.receivers_for(app)])


def _examine_database(database: Database, seal_key: Path, now: datetime) -> list[Finding]:
    return _checked(
        [
            ("database mode", partial(databases.check_mode, database)),
            ("clock", partial(databases.check_clock, database, now)),
            ("clock", partial(tables.check_newest, database, now)),
            ("tables", partial(tables.check_version, database)),
            ("triggers", partial(tables.check_triggers, database)),
            ("people", partial(tables.check_people, database)),
            ("jobs", partial(work.check_jobs, database, now)),
            ("seals", partial(seals.check_seals, database, seal_key, now)),
        ]
    )


def _ask(receiver: Callable[[Flask], Iterable[Finding]], app: Flask) -> list[Finding]:
    return list(receiver(app))


def _checked(checks: Iterable[tuple[str, Callable[[], list[Finding]]]]) -> list[Finding]:
    found: list[Finding] = []
    for about, check in checks:
        try:
            found += check()
        except Exception as error:  # whatever it is, the other checks go on
            found.append(wrong(about, f"this could not be looked at ({type(error).__name__}).", "Mend the rest first."))
    return found
