"""The host's accounts: one table, and the store through which Flask-Security reads and writes it.

The store keeps no session open across a request. Flask-Security hashes passwords and sends mails between reading
an account and committing it; with one session per request SQLite's only writer would wait for both.
"""

import uuid
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask_security import UserMixin
from flask_security.core import RoleMixin
from flask_security.datastore import Datastore, UserDatastore
from sqlalchemy import Executable, String, bindparam, select
from sqlalchemy.orm import DeclarativeBase, Mapped, make_transient_to_detached, mapped_column

from lms.db import PATIENCE, Database


class HostBase(DeclarativeBase):
    """The host's own tables; all begin with `host_`, none refers to a table of the plugin."""


def _random_id() -> str:
    return uuid.uuid4().hex


class User(HostBase, UserMixin):
    """Someone who can sign in here. `public_id` never changes; `fs_uniquifier` does with every new password."""

    __tablename__ = "host_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=_random_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case always, so that one index finds it
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))  # None: invited, no password chosen yet
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=_random_id)
    created_at: Mapped[str] = mapped_column(String(32), default=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    version: Mapped[int] = mapped_column(default=1)

    # Two uses of one link at the same moment: the second finds another version and is refused (StaleDataError).
    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy declares it so


class NoRole(RoleMixin):
    """Flask-Security wants a class of roles. Who may do what is the plugin's business, so there are none."""


class UserStore(Datastore, UserDatastore):
    """Accounts in short reads and short writes; every `put` is committed before it returns."""

    def __init__(self, database: Database) -> None:
        Datastore.__init__(self, database)  # type: ignore[no-untyped-call]
        UserDatastore.__init__(self, User, NoRole)

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> User | None:
        """The account with the one given attribute, or None.

        By `fs_uniquifier` (a session, or a link out of a mail) only active accounts are found, so that whoever is
        deactivated is out at the next request.
        """
        ((attribute, value),) = wanted.items()
        if attribute == "email":
            value = value.lower()
        found = self.db.read_rows(_find_by(attribute), {"value": value})
        if not found:
            return None
        # As the session would make it, at half the cost: every request of somebody who is signed in begins here.
        user = User(**found[0]._mapping)
        make_transient_to_detached(user)
        return user

    def find_role(self, role: str) -> None:
        """There are no roles."""

    def put(self, model: User) -> User:
        """Store the account now. Raises StaleDataError when it changed since it was read, Busy when others write
        for too long."""
        with self.db.transaction(PATIENCE) as session:
            session.add(model)
            session.flush()
            session.expunge(model)  # before the commit expires it: the caller goes on using it
        return model

    def commit(self) -> None:
        """Nothing is left to commit: `put` has done it."""


@cache
def _find_by(attribute: str) -> Executable:
    """Built once: every request of somebody who is signed in asks it."""
    query = select(*User.__table__.columns).where(getattr(User, attribute) == bindparam("value"))
    return query.where(User.active) if attribute == "fs_uniquifier" else query
