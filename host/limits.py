"""How often one may try to sign in, counted in the database so that it holds over all processes and machines."""

import hashlib
import ipaddress
import random
import time
from typing import Any

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_login import current_user
from limits.storage import Storage
from sqlalchemy import Column, Float, Integer, String, Table, delete, select, text
from sqlalchemy.exc import SQLAlchemyError

from host.mailer import normal_email
from host.users import HostBase
from lms.db import PATIENCE, Database
from lms.errors import Invalid

SIGN_INS = "10 per minute"
FORGOTTEN = "5 per hour"
FORGOTTEN_BY_ADDRESS = "30 per hour"
CERTIFICATES = "30 per minute"
ANSWERS = "30 per minute"

counters = Table(
    "host_limits",
    HostBase.metadata,
    Column("key", String(200), primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("expires", Float, nullable=False, index=True),
)

# One statement, so that it is exact on SQLite and PostgreSQL alike, however many count at once.
_COUNT = text("""
    INSERT INTO host_limits (key, hits, expires) VALUES (:key, :amount, :now + :seconds)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN host_limits.expires <= :now THEN :amount ELSE host_limits.hits + :amount END,
        expires = CASE WHEN host_limits.expires <= :now THEN :now + :seconds ELSE host_limits.expires END
    RETURNING hits""")


class SqlStorage(Storage):
    """The counters of Flask-Limiter in the table host_limits."""

    STORAGE_SCHEME = ["host-sql"]  # as the library declares it

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,
        *,
        database: Database,
        **options: float | str | bool,
    ) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self.database = database

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What may be wrapped as a StorageError."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and return how many there are now. Once in a hundred times, forget what has run out."""
        now = time.time()
        with self.database.transaction(PATIENCE) as session:
            values = {"key": key, "amount": amount, "now": now, "seconds": float(expiry)}
            hits = session.execute(_COUNT, values).scalar_one()
        if random.random() < 0.01:
            with self.database.transaction(PATIENCE) as session:
                session.execute(delete(counters).where(counters.c.expires < now))
        return int(hits)

    def get(self, key: str) -> int:
        """How many there are now."""
        with self.database.read() as session:
            query = select(counters.c.hits).where(counters.c.key == key, counters.c.expires > time.time())
            return session.scalar(query) or 0

    def get_expiry(self, key: str) -> float:
        """When the count begins again, in seconds since 1970."""
        with self.database.read() as session:
            return session.scalar(select(counters.c.expires).where(counters.c.key == key)) or time.time()

    def check(self) -> bool:
        """Whether the table can be read."""
        self.get("")
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        with self.database.transaction(PATIENCE) as session:
            return session.execute(delete(counters)).rowcount  # type: ignore[attr-defined,no-any-return]

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self.database.transaction(PATIENCE) as session:
            session.execute(delete(counters).where(counters.c.key == key))


def network() -> str:
    """Where the request comes from; of IPv6 the /64, because one connection owns all of it."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def account() -> str:
    """The account that a form names, as a hash: the table need not know who tried to sign in."""
    email = request.form.get("email", "")
    try:
        email = normal_email(email)  # two spellings of one account share its limit
    except Invalid:
        email = email.strip().lower()
    return hashlib.sha256(email.encode(errors="replace")).hexdigest()


def signed_in() -> str:
    """The account that is signed in."""
    return str(getattr(current_user, "public_id", "nobody"))


def _refused(response: Response) -> bool:
    """Whether an attempt failed: success answers with a redirect."""
    return response.status_code == 200


def _remember_when(limit: Any) -> None:
    g.host_retry_after = max(1, limit.reset_at - int(time.time()))


def _say_when(response: Response) -> Response:
    """A refusal that the plugin worded says when to come back, as the host's own pages do."""
    if response.status_code == 429 and "host_retry_after" in g:
        response.headers.setdefault("Retry-After", str(g.host_retry_after))
    return response


def init(app: Flask, database: Database) -> None:
    """Put limits before the views that guess a password, send a mail, or take a link.

    Per address only refused sign-ins count: a training room of thirty comes from one address, and someone who tries
    one password on many accounts is refused nearly every time.
    """
    limiter = Limiter(
        network,
        storage_uri="host-sql://",
        storage_options={"database": database},  # type: ignore[dict-item]
        strategy="fixed-window",
        on_breach=_remember_when,
    )
    limiter.init_app(app)
    app.after_request(_say_when)

    def guard(endpoint: str, limit: str, key: Any, **options: Any) -> None:
        view = app.view_functions[endpoint]
        limited: Any = limiter.limit(limit, key_func=key, methods=["POST"], **options)(view)
        app.view_functions[endpoint] = limited

    guard("security.login", SIGN_INS, account)
    guard("security.login", SIGN_INS, network, deduct_when=_refused)
    guard("security.forgot_password", FORGOTTEN, account)
    guard("security.forgot_password", FORGOTTEN_BY_ADDRESS, network)
    guard("security.reset_password", SIGN_INS, network)
    guard("security.change_password", SIGN_INS, signed_in)


def guard_open_pages(app: Flask) -> None:
    """Once the plugin is mounted: limit what needs no sign-in, how often a network may check certificates and answer by
    reviewers' links.

    Nobody guesses a number of 80 bits or a signature; what is kept is the machine, and who has a record here: a link
    lets its reviewer name a colleague by e-mail.
    """
    (limiter,) = app.extensions["limiter"]
    for endpoint in ("lms.verify", "lms.verify_number"):
        limit = limiter.shared_limit(CERTIFICATES, "certificates", key_func=network)
        app.view_functions[endpoint] = limit(app.view_functions[endpoint])
    answers = limiter.limit(ANSWERS, key_func=network)
    app.view_functions["lms.decide_link"] = answers(app.view_functions["lms.decide_link"])
