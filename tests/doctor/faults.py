"""Ways to break an installation, each with what the doctor must say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from lms.models import append_only
from lms.schema import known_versions, newest_version
from tests.world import NOW


def execute(app: Flask, *statements: str) -> None:
    with app.extensions["lms"].database.transaction() as session:
        for statement in statements:
            session.execute(text(statement))


def forget_user(app: Flask) -> None:
    app.login_manager._user_callback = None


def forget_view(app: Flask) -> None:
    app.login_manager.login_view = None


def name_no_view(app: Flask) -> None:
    app.login_manager.login_view = "nowhere"


def lose_key(app: Flask) -> None:
    app.secret_key = None


def shorten_key(app: Flask) -> None:
    app.secret_key = "k9!xT2"


def repeat_key(app: Flask) -> None:
    app.secret_key = "abcd" * 12


def copy_key(app: Flask) -> None:
    app.secret_key = "change-me-1234567890-ABCDEFGHIJKLMNOPQ"


def open_cookie(app: Flask) -> None:
    app.config.update(SESSION_COOKIE_SECURE=False, PREFERRED_URL_SCHEME="https")


def readable_cookie(app: Flask) -> None:
    app.config["SESSION_COOKIE_HTTPONLY"] = False


def lose_triggers(app: Flask) -> None:
    with app.extensions["lms"].database.transaction() as session:
        append_only.remove(session.connection())


def go_back(app: Flask) -> None:
    execute(app, f"UPDATE lms_alembic_version SET version_num = '{known_versions()[0]}'")


def go_ahead(app: Flask) -> None:
    execute(app, "UPDATE lms_alembic_version SET version_num = '9999'")


def lose_version(app: Flask) -> None:
    execute(app, "DROP TABLE lms_alembic_version")


def old_clock(app: Flask) -> None:
    app.extensions["lms"].clock = lambda: datetime(2001, 1, 1, tzinfo=UTC)


def behind_the_records(app: Flask) -> None:
    app.extensions["lms"].clock = lambda: NOW - timedelta(days=2)


def spoil_course(app: Flask) -> None:
    path = next(Path(app.extensions["lms"].courses).rglob("course.yaml"))
    path.write_text(path.read_text(encoding="utf-8").replace("pass_mark: 70", "pass_mark: 700"), encoding="utf-8")


def change_course(app: Flask) -> None:
    path = next(Path(app.extensions["lms"].courses).rglob("course.yaml"))
    path.write_text(path.read_text(encoding="utf-8").replace("minutes: 20", "minutes: 21"), encoding="utf-8")


WRONG: list[tuple[Callable[[Flask], None], str]] = [
    (forget_user, "sign-in: flask-login has no user_loader"),
    (forget_view, "sign-in: whoever is not signed in gets a bare 401"),
    (name_no_view, "sign-in: login_view is 'nowhere'"),
    (lose_key, "secret key: the application has none"),
    (shorten_key, "secret key: it has 6 characters; 32 are needed"),
    (repeat_key, "secret key: it can be guessed"),
    (copy_key, "secret key: it can be guessed"),
    (open_cookie, "cookies: the site is served over HTTPS, and the session's cookie may travel over HTTP too"),
    (readable_cookie, "cookies: scripts can read"),
    (old_clock, "clock: it shows the year 2001"),
    (spoil_course, "courses: 1 faults"),
    (change_course, "the folder's content is not what was published"),
]
WRONG_IN_THE_DATABASE: list[tuple[Callable[[Flask], None], str]] = [
    (lose_triggers, "triggers: "),
    (
        go_back,
        f"tables: they have version 0001; this program needs {newest_version()}. Back up, then: flask lms upgrade",
    ),
    (go_ahead, "tables: they have version 9999, which this program does not know"),
    (lose_version, "tables: there are none of the plugin's yet. Make them: flask lms upgrade"),
    (behind_the_records, "clock: the newest record says"),
]
