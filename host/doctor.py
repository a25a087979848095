"""What `flask lms doctor` says of this host: addresses, proxies, accounts, and files that only one may read."""

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from host.users import HostBase
from lms.db import Database
from lms.doctor import Finding, advise, examining, fine, wrong
from lms.settings import read_settings

LOCAL = ("127.0.0.1", "localhost", "::1")


def init(app: Flask) -> None:
    """Answer when the doctor asks."""
    examining.connect(examine, sender=app)


def examine(app: Flask, **_more: Any) -> list[Finding]:
    """Everything that is to say about this host."""
    settings = read_settings()
    return [
        *check_addresses(settings),
        *check_secrets(Path(app.instance_path)),
        *check_accounts(app),
    ]


def check_addresses(settings: Mapping[str, str]) -> list[Finding]:
    """The address that mails name, the names that are taken, and how many proxies are believed."""
    address, names = urlsplit(settings["LMS_BASE_URL"]), settings["LMS_TRUSTED_HOSTS"]
    found = []
    if address.scheme not in ("http", "https") or not address.hostname:
        text = f"LMS_BASE_URL is {settings['LMS_BASE_URL']!r}, and links in mails begin with it."
        return [wrong("address", text, "It looks like https://learning.example.org")]
    if address.hostname in LOCAL:
        text = f"links in mails begin with {settings['LMS_BASE_URL']}, which leads to the reader's own machine."
        return [advise("address", text, "Right on a laptop. On a server set LMS_BASE_URL to the site's address.")]
    if address.scheme == "http":
        text = f"{settings['LMS_BASE_URL']} is not encrypted: passwords travel in the open."
        found.append(wrong("address", text, "Serve HTTPS (docs/deployment.md) and set LMS_BASE_URL to https://..."))
    if not names:
        text = "the site answers under any name, because LMS_TRUSTED_HOSTS is empty."
        found.append(advise("address", text, f"LMS_TRUSTED_HOSTS={address.hostname}"))
    elif not _is_named(address.hostname, names):
        text = f"LMS_BASE_URL leads to {address.hostname}, which LMS_TRUSTED_HOSTS ({names}) refuses."
        found.append(wrong("address", text, "Add it to LMS_TRUSTED_HOSTS."))
    if settings["LMS_PROXIES"] == "0":
        text = "no proxy is believed (LMS_PROXIES=0): behind one, everybody counts as one visitor over HTTP."
        found.append(advise("address", text, "LMS_PROXIES=1 behind one proxy. Without one, gunicorn must end TLS."))
    return found or [fine("address", f"{settings['LMS_BASE_URL']}, behind {settings['LMS_PROXIES']} proxies.")]


def _is_named(host: str, names: str) -> bool:
    given = [name.strip().lower() for name in names.split(",")]
    return any(host == name or (name.startswith(".") and f".{host}".endswith(name)) for name in given)


def check_secrets(instance: Path) -> list[Finding]:
    """Whether others of this machine can read the key or the mails, which hold links that let people in."""
    found = []
    for path in (instance / "secret_key", instance / "mail"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & (stat.S_IRGRP | stat.S_IROTH):
            text = f"others of this machine can read {path}."
            found.append(wrong("secrets", text, f"chmod go-rwx {path}"))
    return found


def check_accounts(app: Flask) -> list[Finding]:
    """Whether the accounts' tables are there. An unreachable database has been told already."""
    database: Database = app.extensions["host_database"]
    if database.is_sqlite and not Path(str(database.url.database)).is_file():
        return []
    try:
        with database.engine.connect() as connection:
            here = set(inspect(connection).get_table_names())
    except (DBAPIError, RuntimeError):  # RuntimeError: SQLite does not hold a setting, which has been told too
        return []
    missing = sorted(set(HostBase.metadata.tables) - here)
    if missing:
        return [wrong("accounts", f"the tables {', '.join(missing)} are missing.", "flask host prepare")]
    return [fine("accounts", "their tables are there.")]
