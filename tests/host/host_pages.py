"""A host without the plugin: the real pages, mails and database, with cheap hashes; and how a person uses it."""

import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from host import accounts, commands, serving
from lms.settings import read_settings

ROOT = Path(__file__).parents[2]
PASSWORD = "lantern bridge quiet harbour"
CHEAP = {"argon2__type": "ID", "argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}


def build(folder: Path, **settings: str) -> Flask:
    """A host on the database in `folder`; two of them are two processes of one site."""
    app = Flask(
        "host_under_test",
        instance_path=str(folder / "instance"),
        static_folder=None,
        template_folder=str(ROOT / "templates"),
    )
    app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = CHEAP
    given = {
        "LMS_DATABASE_URL": f"sqlite:///{folder}/host.sqlite3",
        "LMS_SECRET_KEY": "k" * 40,
        "LMS_BASE_URL": "https://learn.example.org",
        **settings,
    }
    # A setting that lms.settings does not declare yet must not stop these tests.
    extra = {name: given.pop(name) for name in ["LMS_TRUSTED_HOSTS"] if name in given}
    values = {**read_settings(given), **extra}
    serving.init(app, values)
    accounts.init(app, values)
    commands.init(app)
    app.add_url_rule("/learn/", "learn", lambda: "the plugin")
    accounts.prepare(app)
    return app


def token_of(page: str) -> str:
    """The CSRF token of the first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def fill_in(client: FlaskClient, path: str, **fields: str) -> Any:
    """Load a page with a form, and send the form."""
    page = client.get(path)
    assert page.status_code == 200, page.headers
    return client.post(path, data={"csrf_token": token_of(page.text), **fields})


def sign_in(client: FlaskClient, address: str = "amina@example.org", password: str = PASSWORD) -> Any:
    """Send the sign-in form."""
    return fill_in(client, "/sign-in", email=address, password=password)


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the start page offers to go on learning."""
    return "Go to my learning" in client.get("/").text


def read_mails(app: Flask, count: int) -> list[EmailMessage]:
    """The mails in instance/mail, of which there are `count`; they are written after the answer."""
    app.extensions["host_mailer"].finish()
    files = sorted(Path(app.instance_path, "mail").glob("*.eml"))
    assert len(files) == count
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]  # type: ignore[misc]


def link_in(message: EmailMessage, beginning: str) -> str:
    """The path of the link in a mail that begins with `beginning`, on the site's own address."""
    text = message.get_content()
    found = re.search(r"https://learn\.example\.org(" + re.escape(beginning) + r"\S+)", text)
    assert found, text
    return found[1]
