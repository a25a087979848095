"""Mounts the plugin into a Flask app: `LMS(app, url_prefix="/learn")`."""

import re
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import URL

from lms.cli import lms_commands
from lms.db import Database
from lms.errors import ConfigurationError
from lms.identity.host import Identify, identify_user
from lms.settings import read_settings
from lms.web import make_blueprint, meet
from lms.web.assets import own_files
from lms.web.plugin import Plugin

__all__ = ["LMS", "own_files"]

NO_LOGIN_MANAGER = """\
The learning plugin needs to know who is signed in, and this app has no flask-login LoginManager.
Add these lines before LMS(app, ...):

    from flask_login import LoginManager
    login_manager = LoginManager(app)
    login_manager.login_view = "..."          # the endpoint of your sign-in page

    @login_manager.user_loader
    def load_user(user_id):
        return ...                            # your user with that id, or None
"""


class LMS:
    """The plugin. `database` is a URL (default: the setting LMS_DATABASE_URL); the engine and sessions are its own.

    `identify(user)` turns the host's user into an `lms.identity.Identity`; by default it reads flask-login's id,
    `email` and `name`. Raises ConfigurationError.
    """

    def __init__(
        self, app: Flask, url_prefix: str, database: str | URL | None = None, identify: Identify | None = None
    ) -> None:
        settings = read_settings()
        url = database or settings["LMS_DATABASE_URL"]
        _refuse_what_cannot_work(app, url_prefix, url)
        self.plugin = Plugin(
            database=Database(url),
            identify=identify or identify_user,
            organisation=settings["LMS_ORGANISATION"],
            plan_cycle_start=settings["LMS_PLAN_CYCLE_START"],
            courses=settings["LMS_COURSES"],
            address=settings["LMS_BASE_URL"].rstrip("/") + url_prefix,
            clock=lambda: datetime.now(UTC),
        )
        app.extensions["lms"] = self.plugin
        app.register_blueprint(make_blueprint(url_prefix))
        app.cli.add_command(lms_commands)
        meet(app)


def _refuse_what_cannot_work(app: Flask, url_prefix: str, url: str | URL) -> None:
    if "lms" in app.extensions:
        raise ConfigurationError("This app has the learning plugin already: mount it once.")
    if not hasattr(app, "login_manager"):
        raise ConfigurationError(NO_LOGIN_MANAGER)
    if not re.fullmatch(r"(/[\w.~-]+)+", url_prefix):
        raise ConfigurationError(f"url_prefix is {url_prefix!r}; it is a path below your own pages, such as '/learn'.")
    kind = str(url).partition(":")[0].partition("+")[0]
    if kind not in ("sqlite", "postgresql"):
        raise ConfigurationError(f"The learning plugin keeps its records in SQLite or PostgreSQL, not in {kind!r}.")
