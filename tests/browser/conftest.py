"""The first host, served on a free port of this machine, and browsers that visit it."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from bench.courses import keep_options
from tests.world import PEOPLE

PASSWORD = "three-quiet-bridges"
ROOT = Path(__file__).resolve().parents[2]
SLUG = "partnership-basics"


class Site:
    """The running host: its address, its app, and the doors that its operator uses."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app, self.address = app, address

    def command(self, *words: str, code: int = 0) -> str:
        """Run `flask lms ...` and return what it printed."""
        result = self.app.test_cli_runner().invoke(args=["lms", *words])
        assert result.exit_code == code, result.output
        return str(result.output)

    def invitation(self, output: str, email: str) -> str:
        """The link that the operator is told to hand over."""
        found = re.search(rf"^{re.escape(email)}: .*?(http\S+)$", output, re.MULTILINE)
        assert found, output
        return re.sub(r"http://[^/]+", self.address, found[1])


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The first host over a database in the folder, which may be there already."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LMS_DATABASE_URL", f"sqlite:///{folder}/lms.sqlite3")
    monkeypatch.setenv("LMS_SECRET_KEY", "tests-only-" + "y" * 32)
    from app import create_app
    from host import accounts

    app = create_app()
    accounts.prepare(app)
    return app


@contextmanager
def serve(app: Flask) -> Iterator[Site]:
    """The app on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A fresh installation: nothing is loaded, and nobody can sign in yet."""
    with serve(install(tmp_path, monkeypatch)) as running:
        yield running


def courses_with_options(folder: Path) -> Path:
    """The real courses; of the first one's quiz the questions with options, for tests that tick whatever is drawn.

    It is version 1, so that the real one can follow it; its task takes files too.
    """
    shutil.copytree(ROOT / "courses", folder)
    keep_options(folder / SLUG)
    sheet = folder / SLUG / "course.yaml"
    text = re.sub(r"^version: \d+$", "version: 1", sheet.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = text.replace("evidence: [text, link", "evidence: [text, file, link")
    sheet.write_text(text, encoding="utf-8")
    return folder


def write_people(folder: Path) -> Path:
    """HR's file of the small organisation, with the functions of the real role profiles."""
    path = folder / "people.csv"
    path.write_text(PEOPLE.replace(",grants,", ",finance,"), encoding="utf-8")
    return path


@pytest.fixture
def people_file(tmp_path: Path) -> Path:
    """HR's file."""
    return write_people(tmp_path)


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of `filled`, made once by the operator's commands; tests copy it."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as monkeypatch:
        site = Site(install(folder, monkeypatch), "")
        people = write_people(folder)
        _fill(site, people, courses_with_options(folder / "courses"))
        site.app.extensions["lms"].database.dispose()
        site.app.extensions["host_database"].dispose()
    return folder


@pytest.fixture
def filled(filled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The courses are published with options, HR's file is in, Ingrid is HR, and everybody has a password."""
    for path in filled_folder.glob("lms.sqlite3*"):
        shutil.copy(path, tmp_path / path.name)
    with serve(install(tmp_path, monkeypatch)) as running:
        yield running


def _fill(site: Site, people: Path, courses: Path) -> None:
    from host import accounts

    site.command("upgrade")
    site.command("load", str(courses))
    site.command("people", str(people), "--no-invite")
    emails = re.findall(r"[a-z]+@[a-z]+\.example", people.read_text(encoding="utf-8"))
    accounts.create_many(site.app, [(email, email.partition("@")[0]) for email in emails], PASSWORD)
    site.command("grant", "ingrid@lantern.example", "hr_officer")
    site.command("grant", "olga@lantern.example", "author")
    site.command("grant", "sam@lantern.example", "administrator")


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """visit(site, "amina@…") is a page of a new browser, signed in; anonymous without an e-mail."""
    opened: list[BrowserContext] = []

    def open_page(site: Site, email: str | None = None, *, width: int = 1280, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, base_url=site.address, java_script_enabled=script
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        if email:
            sign_in(page, email)
        return page

    yield open_page
    for context in opened:
        context.close()


def sign_in(page: Page, email: str) -> None:
    """Through the host's own page, as a person would."""
    page.goto("/learn/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
