"""The documents say what the program does: tables, commands, links, examples."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask
from flask_login import FlaskLoginClient

from host.commands import group as host_commands
from lms import migrations
from lms.cli import lms_commands
from lms.delivery.host import Invitation, invite
from lms.exports import LAYOUTS
from lms.extension import NO_LOGIN_MANAGER
from lms.rules.people_sheet import COLUMNS, REQUIRED
from tests.docs.pages import PAGES, ROOT, blocks, command_table, prose, read, table_after

HR, OPERATORS, INTEGRATORS = (ROOT / "docs" / name for name in ("hr.md", "operators.md", "integrators.md"))
DECISIONS = ROOT / "docs" / "decisions"
GROUPS = {"lms": lms_commands, "host": host_commands}
LINK = re.compile(r"\]\(([^)]+)\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_hrs_columns_are_those_that_are_read() -> None:
    assert table_after(HR, "## HR's file of people") == list(COLUMNS.items())
    sentence = read(HR).split("must\nbe there as columns")[0].rsplit(".", 1)[1]
    assert re.findall(r"`(\w+)`", sentence) == list(REQUIRED)


def test_the_exports_columns_are_those_that_are_written() -> None:
    rows = table_after(HR, "## Export")
    assert tuple(column for column, _meaning in rows) == LAYOUTS["full_v1"].names
    assert all(meaning.strip() for _column, meaning in rows)
    assert re.findall(r"^\| (\d+) \|", read(HR), re.MULTILINE) == [str(n) for n in range(1, 66)]


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_the_commands_are_those_that_are_there(group: click.Group) -> None:
    assert command_table(group) in read(OPERATORS)


def commands() -> Iterator[tuple[str, str]]:
    """Every command of ours in any shell block, with its page."""
    for page in PAGES:
        for block in [text for language in ("sh", "") for text in blocks(page, language)]:
            for line in block.splitlines():
                if line.startswith(tuple(f"flask --app app {group} " for group in GROUPS)):
                    yield name(page), line.split("   #")[0]


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_every_command_can_be_called_like_that(page: str, line: str) -> None:
    _flask, _app, _name, group, command, *arguments = shlex.split(line)
    found = GROUPS[group].get_command(click.Context(GROUPS[group]), command)
    if isinstance(found, click.Group):
        command, *arguments = arguments
        found = found.get_command(click.Context(found), command)
    assert found, f"{group} has no command {command!r}"
    with found.make_context(command, arguments) as context:
        assert context.params.keys() >= {part.name for part in context.command.params} - {"help"}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target.split("#")[0] for target in LINK.findall(prose(page))]
    inner = [target for target in targets if target and not target.startswith(("http://", "https://", "mailto:"))]
    # The example in docs/authors.md links inside of a course.
    examples = {"02-five-principles.md", "media/table.svg"}
    assert [target for target in inner if not (page.parent / target).exists() and target not in examples] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_named_files_exist(page: Path) -> None:
    """`lms/rules/` and the like: what a page names in the code must be there."""
    named = re.findall(r"`((?:lms|host|tests|docs|bench)/[\w/.-]+)`", prose(page))
    own = {"lms/layout.html"}  # under templates/, as Jinja names it
    assert [path for path in named if not (ROOT / path).exists() and path not in own] == []


def test_decisions_are_numbered_and_say_the_four_things() -> None:
    pages = sorted(DECISIONS.glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        found = re.findall(r"^## (.*)$", read(page), re.MULTILINE)
        assert found[:4] == ["What", "Why", "Rejected", "How it is held"], page.name


def python_block(holding: str) -> str:
    """The one Python block of the integrators' page in which this stands."""
    [found] = [block for block in blocks(INTEGRATORS, "python") if holding in block]
    return found


def run_block(holding: str, **space: object) -> dict[str, Any]:
    """What the block defines, as a module of its own would."""
    space = {"__name__": "example_host", **space}
    exec(compile(python_block(holding), "docs/integrators.md", "exec"), space)
    return space


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application of docs/integrators.md, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    app = run_block("app.secret_key")["app"]
    assert isinstance(app, Flask)
    database = app.extensions["lms"].database
    migrations.upgrade(database)
    assert (tmp_path / "learning.sqlite3").is_file()
    yield app
    database.dispose()


def test_the_example_host_works(example: Flask) -> None:
    client = example.test_client()
    refused = client.get("/learn/")
    assert refused.status_code == 302
    assert refused.location.startswith("/sign-in")
    page = client.get("/learn/", follow_redirects=True)
    assert page.status_code == 200
    assert "amina@example.org" in page.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    joined = client.post("/learn/welcome", data={"csrf_token": token[1]}, follow_redirects=True)
    assert joined.status_code == 200
    assert joined.request.path == "/learn/"


def test_the_commands_of_the_example_bring_her_in(example: Flask, tmp_path: Path) -> None:
    """In the order of the page, on its file of people; `run` would serve, and `doctor` asks for a real key."""
    shutil.copytree(ROOT / "courses", tmp_path / "courses")
    (tmp_path / "people.csv").write_text(blocks(INTEGRATORS, "csv")[0], encoding="utf-8")
    [lines] = [block for block in blocks(INTEGRATORS, "sh") if "lms upgrade" in block]
    *commands, run = [shlex.split(line)[3:] for line in lines.splitlines() if line.startswith("flask")]
    assert run == ["run"]
    told = {words[1]: example.test_cli_runner().invoke(args=words) for words in commands}
    assert [name for name, result in told.items() if result.exit_code] == ["doctor"]
    wrong = re.findall("^wrong .*", told["doctor"].output, re.MULTILINE)
    assert [line for line in wrong if "secret key" not in line] == []
    page = example.test_client().get("/learn/", follow_redirects=True)
    assert page.request.path == "/learn/"
    assert "Amina" in page.text
    assert "/learn/hr/records" in page.text


def test_the_factory_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    space = run_block("def create_app():")
    app, db, user_class = space["create_app"](), space["db"], space["User"]
    app.test_client_class = FlaskLoginClient
    app.add_url_rule("/sign-in", "sign_in", lambda: "sign in here")
    database = app.extensions["lms"].database
    migrations.upgrade(database)
    with app.app_context():
        db.create_all()
        user = user_class(email="amina@example.org", name="Amina Diallo")
        db.session.add(user)
        db.session.commit()
        assert database.url == db.engine.url
        page = app.test_client(user=user).get("/learn/", follow_redirects=True)
        assert "amina@example.org" in page.text
        db.engine.dispose()
    database.dispose()
    assert app.test_client().get("/learn/").location.startswith("/sign-in")
    assert (tmp_path / "instance" / "site.sqlite3").is_file()
    assert not space["leave_out_learning"]("lms_people", "table", {})
    assert space["leave_out_learning"]("user", "table", {})
    assert space["leave_out_learning"](None, "schema", {})


def test_the_example_is_short() -> None:
    lines = [line for line in python_block("app.secret_key").splitlines() if line.strip()]
    assert len(lines) <= 15


def test_the_example_invites(example: Flask) -> None:
    run_block("invited.connect_via", app=example)
    [invitation] = invite(example, [("rosa@rioclaro.example", "Rosa Quispe")])
    assert isinstance(invitation, Invitation)
    assert invitation.email == "rosa@rioclaro.example"


def test_the_example_frame_is_taken(example: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    (folder / "lms").mkdir(parents=True)
    (folder / "lms" / "layout.html").write_text(blocks(INTEGRATORS, "jinja")[0], encoding="utf-8")
    frame = "<!doctype html><title>{% block title %}{% endblock %}</title>{% block head %}{% endblock %}<p>my own frame"
    (folder / "base.html").write_text(frame + "{% block content %}{% endblock %}", encoding="utf-8")
    page = example.test_client().get("/learn/", follow_redirects=True)
    assert "my own frame" in page.text
    assert "amina@example.org" in page.text


def test_the_lines_that_a_host_needs_are_those_of_the_refusal() -> None:
    [block] = blocks(INTEGRATORS, "text")
    refusal = [line.strip() for line in NO_LOGIN_MANAGER.splitlines()]
    assert [line for line in block.splitlines() if line.strip() not in refusal] == []
