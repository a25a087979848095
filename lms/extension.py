"""Mounts the plugin into a Flask app: `LMS(app, url_prefix="/learn")`."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import URL

from lms.cli import lms_commands
from lms.db import Database
from lms.delivery.letters import Language, Letters
from lms.delivery.mail import HostMailer, Mailing, find_carrier
from lms.delivery.seal_key import find_key
from lms.errors import ConfigurationError
from lms.identity.host import Identify, identify_user
from lms.settings import KEPT_MONTHS, read_headers, read_settings
from lms.web import make_blueprint, meet
from lms.web.assets import own_files
from lms.web.language import catalogue, days_of, direction_of, spoken
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
    `email` and `name`. `mailer(message)` hands a mail to the host's own mail server and returns when it is taken; by
    default the plugin sends by LMS_MAIL_URL. Raises ConfigurationError.
    """

    def __init__(
        self, app: Flask, url_prefix: str, database: str | URL | None = None, identify: Identify | None = None,
        mailer: Callable[[EmailMessage], None] | None = None,
    ) -> None:  # fmt: skip
        settings = read_settings()
        url = database or settings["LMS_DATABASE_URL"]
        _refuse_what_cannot_work(app, url_prefix, url)
        address = settings["LMS_BASE_URL"].rstrip("/") + url_prefix
        folder = Path(app.instance_path, "mail")
        self.plugin = Plugin(
            database=Database(url),
            identify=identify or identify_user,
            organisation=settings["LMS_ORGANISATION"],
            plan_cycle_start=settings["LMS_PLAN_CYCLE_START"],
            courses=settings["LMS_COURSES"],
            address=address,
            mailing=Mailing(
                carrier=HostMailer(mailer) if mailer else find_carrier(settings["LMS_MAIL_URL"], folder),
                letters=Letters(_speak, organisation=settings["LMS_ORGANISATION"], address=address),
                sender=settings["LMS_MAIL_FROM"],
            ),
            clock=lambda: datetime.now(UTC),
            signing_keys=lambda: [*(app.config.get("SECRET_KEY_FALLBACKS") or ()), str(app.secret_key or "")],
            open_reviews=settings["LMS_REVIEW_LINKS"] == "1",
            keep_jobs=int(settings["LMS_KEEP_JOBS_DAYS"]),
            import_share=int(settings["LMS_IMPORT_SHARE"]),
            months={name: int(settings[f"LMS_KEEP_{name.upper()}_MONTHS"]) for name in KEPT_MONTHS},
            seal_key=settings["LMS_SEAL_KEY"],
            find_seal_key=partial(find_key, Path(settings["LMS_SEAL_KEY"])),
            export_headers=read_headers(settings["LMS_SF_COLUMNS"]),
            second_person_from=int(settings["LMS_SECOND_PERSON_FROM"]),
        )
        app.extensions["lms"] = self.plugin
        app.register_blueprint(make_blueprint(url_prefix))
        app.cli.add_command(lms_commands)
        meet(app)


def _speak(language: str) -> Language:
    code = spoken(language)
    return Language(code, catalogue(code), days_of(code).__getitem__, direction_of(code))


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
