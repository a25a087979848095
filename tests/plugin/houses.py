"""The three hosts, furnished: their own people are there, and the small organisation is in the plugin's database."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
from babel.messages import mofile, pofile
from flask import Flask
from werkzeug.security import generate_password_hash

from lms.db import Database
from tests import world
from tests.filled import PEOPLE, email
from tests.plugin.hosts import club, intranet, office

STRANGER = "stranger@elsewhere.example"
EVERYBODY = [*map(email, PEOPLE), STRANGER]
TRANSLATIONS = Path(office.__file__).parent / "translations" / "de" / "LC_MESSAGES"


@dataclass(frozen=True)
class House:
    """A host as visitors meet it."""

    name: str
    app: Flask
    root: str  # where its own pages begin
    learning: str  # where the plugin's pages begin

    @property
    def site(self) -> Any:
        """The WSGI application."""
        return self.app.wsgi_app

    @property
    def frame(self) -> str:
        """What is in every page that wears this host's dress."""
        return f'data-frame="{self.name}"'


def _intranet(url: str, _folder: Path, **how: bool) -> House:
    app = intranet.create_app(url, **how)
    with app.app_context():
        flask_migrate.upgrade()
        secret = generate_password_hash("open", method="pbkdf2:sha256:1")
        for address in EVERYBODY:
            intranet.db.session.add(
                intranet.Account(public_id=address, email=address, full_name=address, password_hash=secret)
            )
        intranet.db.session.commit()
    return House("intranet", app, "", "/learn")


def _club(url: str, _folder: Path, **how: bool) -> House:
    return House("club", club.create_app(dict.fromkeys(EVERYBODY, "open"), url, **how), "", "/club/learning")


def _office(url: str, folder: Path, **how: bool) -> House:
    compiled = folder / "office" / "de" / "LC_MESSAGES"
    compiled.mkdir(parents=True, exist_ok=True)
    with (TRANSLATIONS / "messages.po").open("rb") as source, (compiled / "messages.mo").open("wb") as target:
        mofile.write_mo(target, pofile.read_po(source, locale="de"))
    return House("office", office.create_app(str(folder / "office"), url, **how), office.ROOT, f"{office.ROOT}/learn")


HOUSES: dict[str, Callable[..., House]] = {"intranet": _intranet, "club": _club, "office": _office}


def build(name: str, database: Database, folder: Path, **how: bool) -> House:
    """The host of that name, with the plugin on the database; `learning=False` is the host alone."""
    house = HOUSES[name](database.url.render_as_string(hide_password=False), folder, **how)
    if "lms" in house.app.extensions:
        house.app.extensions["lms"].clock = lambda: world.NOW
    return house


def leave(house: House) -> None:
    """Let go of the databases."""
    if "lms" in house.app.extensions:
        house.app.extensions["lms"].database.dispose()
    if "sqlalchemy" in house.app.extensions:
        with house.app.app_context():
            intranet.db.engine.dispose()
