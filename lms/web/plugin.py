"""The plugin as a running app holds it, and what belongs to one request."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app, g, request
from jinja2 import Environment
from sqlalchemy.orm import Session

from lms.db import PATIENCE, Database
from lms.identity.host import Identify
from lms.permissions import Actor
from lms.services.actors import link_identity


@dataclass
class Plugin:
    """One installation in one app; `app.extensions["lms"]`."""

    database: Database
    identify: Identify
    organisation: str
    plan_cycle_start: str
    courses: str  # the folder that commands read; requests never do
    address: str  # where the world finds the plugin, whatever a request's headers say
    mailing: Any  # an lms.delivery.mail.Mailing, for the commands: no request sends a mail
    clock: Callable[[], datetime]  # tests replace it
    signing_keys: Callable[[], list[str]]  # the host's, the newest last
    open_reviews: bool = True  # whether a reviewer's signed link works without signing in
    keep_jobs: int = 90  # days
    import_share: int = 10  # percent of people whom a file may move or end without a second person
    months: Mapping[str, int] = field(default_factory=dict)  # for how many months each class of data is kept
    seal_key: str = ""  # the file of the private key, for the commands and the worker
    find_seal_key: Callable[[], Any] = lambda: None  # that key, which signs manifests, or None
    export_headers: Mapping[str, str] = field(default_factory=dict)  # of sf_history_v1: column -> the receiver's word
    second_person_from: int = 200  # people whom a rule's change may touch before somebody else has to agree
    patience: float = PATIENCE  # tests shorten it
    environment: Environment | None = field(default=None, repr=False)
    # Prefixes of the tables that `flask lms backup` holds; a host that keeps its accounts beside ours adds its own.
    backed_up: tuple[str, ...] = ("lms_",)

    @property
    def verify_at(self) -> str:
        """The address at which anybody checks a certificate, up to its number."""
        return f"{self.address}/verify/"


def plugin() -> Plugin:
    """The plugin of the current app."""
    return current_app.extensions["lms"]  # type: ignore[no-any-return]


def actor() -> Actor:
    """Who makes the current request; the gate has set it."""
    return g.lms_actor  # type: ignore[no-any-return]


def reading() -> Session:
    """The request's session for reading; opened once, never committed."""
    if "lms_session" not in g:
        g.lms_session = plugin().database.read()
    return g.lms_session  # type: ignore[no-any-return]


@contextmanager
def transaction() -> Iterator[Session]:
    """The request's one write transaction; the read session is let go first, so that a view sees what it wrote.

    Raises Busy when other writers take too long.
    """
    close_reading()
    with plugin().database.transaction(plugin().patience) as session:
        _link_sign_in(session)
        yield session


def _link_sign_in(session: Session) -> None:
    """With their first act, who was matched by e-mail is bound to the sign-in: a later change of e-mail cannot part
    them, and nobody else who gets that e-mail comes in as them."""
    who, identity = g.get("lms_actor"), g.get("lms_identity")
    if who is not None and not who.is_linked and request.method == "POST":
        link_identity(session, who.person_id, provider=identity.provider, subject=identity.subject, at=who.at)


def close_reading(_error: BaseException | None = None) -> None:
    """Let the read session go; also the blueprint's teardown."""
    session = g.pop("lms_session", None)
    if session is not None:
        session.close()
