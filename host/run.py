"""`python -m host.run`, which is `make run`: from a fresh checkout to a running site."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from host import accounts, serving
from lms import migrations
from lms.content import load_library
from lms.delivery.seal_key import read_or_make_key
from lms.demonstration import Account, make_demonstration
from lms.errors import ConfigurationError, LmsError
from lms.models import Person
from lms.permissions import operator
from lms.services.publishing import publish_library
from lms.services.seals import add_key, list_keys
from lms.settings import read_settings

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "host" / "gunicorn.conf.py"
SERVER = ("gunicorn", "--config", str(CONFIG), "app:create_app()")
WORKER = ("flask", "--app", "app", "lms", "worker")
PAUSE = 5.0  # seconds between two looks at the worker: no more often is it started again
OLDEST = (3, 11)
PATCHED = (3, 11, 13)
# For the fictional people of the demonstration alone, on this machine; not a secret.
DEMONSTRATION_PASSWORD = "lantern-bridge-demo"  # noqa: S105
SHOWN = 8


def prepare_installation(app: Flask) -> None:
    """Bring the plugin's tables and courses up to date, and fill an empty database with the demonstration."""
    database, who = app.extensions["lms"].database, operator(datetime.now(UTC))
    migrations.upgrade(database)
    library = load_library(Path(app.extensions["lms"].courses))
    with database.transaction() as session:
        publish_library(session, who, library=library)
    with database.read() as session:
        is_empty = session.scalar(select(Person.id).limit(1)) is None
    unfinished = accounts_file(app).with_suffix(".unfinished")
    if unfinished.exists() and not is_empty:
        raise ConfigurationError(
            "The demonstration was interrupted while it was made, and nobody can sign in. Empty the database (for the "
            f"local one: delete instance/lms.sqlite3*), delete {unfinished}, and run this again."
        )
    if is_empty and _is_local():
        print("Making a demonstration organisation ...", flush=True)
        unfinished.touch()
        people = make_demonstration(database, who, cycle_start=app.extensions["lms"].plan_cycle_start)
        accounts.create_many(app, [(account.email, account.name) for account in people], DEMONSTRATION_PASSWORD)
        accounts_file(app).write_text(_who_can_sign_in(people), encoding="utf-8")
        unfinished.unlink()
    if _is_local():
        _make_seal_key(app)


def _make_seal_key(app: Flask) -> None:
    """The worker seals the demonstration's records from the start; elsewhere the operator makes the key."""
    database, path = app.extensions["lms"].database, Path(app.extensions["lms"].seal_key)
    with database.transaction() as session:
        if not list_keys(session):
            add_key(session, operator(datetime.now(UTC)), new=read_or_make_key(path), old=None)


def _is_local() -> bool:
    """Whether the site is served to this machine alone: the demonstration's password is known to everybody."""
    return urlsplit(read_settings()["LMS_BASE_URL"]).hostname in ("127.0.0.1", "localhost", "::1")


def accounts_file(app: Flask) -> Path:
    """Where the demonstration's accounts are listed; another database has another list, or none."""
    name = hashlib.sha256(read_settings()["LMS_DATABASE_URL"].encode()).hexdigest()[:10]
    return Path(app.instance_path, f"demo-accounts-{name}.txt")


def _who_can_sign_in(people: list[Account]) -> str:
    lines = [f"  {account.email:<44} {account.role_in_words}" for account in people[:SHOWN]]
    others = f"  and {len(people) - SHOWN} others, whom the people in these roles see on their pages"
    return "\n".join([f"Sign in as one of these, with the password: {DEMONSTRATION_PASSWORD}", *lines, others, ""])


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> str | None:
    """Return a warning for an old patch level. Raises SystemExit for a Python that cannot run this."""
    found = ".".join(map(str, version))
    if version[:2] < OLDEST:
        raise SystemExit(f"Python {found} is too old: 3.11 or newer is needed.")
    if version < PATCHED:
        return f"Python {found} lacks security fixes; it works, but 3.11.13 or newer is safer."
    return None


def check_port(port: int) -> None:
    """Raises SystemExit when something else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SystemExit(
                f"Port {port} cannot be used ({error.strerror}). Stop what runs there, or choose another: "
                f"PORT={port + 1} make run"
            ) from None


def read_port(given: str) -> int:
    """The port of the PORT variable; 5000 when it is empty. Raises SystemExit."""
    if not given:
        return 5000
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 65535:
        raise SystemExit(f"PORT is {given!r}; it is a number from 1 to 65535.")
    return int(given)


def greeting(app: Flask, port: int) -> str:
    """What stands on the terminal: where to look, and who can sign in."""
    lines = [f"Partnership Learning runs at http://127.0.0.1:{port}/   (Ctrl+C ends it)"]
    listed = accounts_file(app)
    if listed.is_file():
        lines += ["", listed.read_text(encoding="utf-8").rstrip()]
    else:
        lines += ["", 'Whoever was invited can sign in. To invite: flask --app app host invite EMAIL "NAME"']
    return "\n".join(lines)


def serve_and_work(server: tuple[str, ...] = SERVER, worker: tuple[str, ...] = WORKER, pause: float = PAUSE) -> int:
    """gunicorn, and one worker beside it, which is started again when it ends by itself; whoever ends this process ends
    both. Returns how the server ended."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    is_ending = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_ending
        is_ending = True
        for process in running.values():
            process.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    running["server"], running["worker"] = _start(server), _start(worker)
    while (code := _ended(running["server"], pause)) is None:
        ended = running["worker"].poll()
        if ended is not None and not is_ending:
            print(f"The worker has ended ({ended}): mails wait. It is started again.", file=sys.stderr, flush=True)
            running["worker"] = _start(worker)
    running["worker"].terminate()
    running["worker"].wait()
    return code


def _start(command: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", *command])  # noqa: S603  (fixed words)


def _ended(process: "subprocess.Popen[bytes]", within: float) -> int | None:
    """How it ended; None when it is still running after so many seconds."""
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        return None


def main() -> None:
    """Prepare, say where to look, serve and work."""
    warning = check_python()
    if warning:
        print(warning, file=sys.stderr)
    port = read_port(os.environ.get("PORT", ""))
    check_port(port)
    os.chdir(ROOT)  # the settings name files from here, and gunicorn finds app.py here
    try:
        from app import create_app  # here, so that an old Python is refused in words and not by an import

        if not os.environ.get("LMS_SECRET_KEY"):
            serving.make_secret_file(str(ROOT / "instance"))
        app = create_app()
        accounts.prepare(app)
        prepare_installation(app)
    except LmsError as error:
        raise SystemExit(str(error)) from None
    print(greeting(app, port), flush=True)
    raise SystemExit(serve_and_work())


if __name__ == "__main__":
    main()
