"""The documents say what the program does: tables, commands, links, examples."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from host.commands import group as host_commands
from lms import migrations
from lms.cli import lms_commands
from lms.content.people_file import COLUMNS, REQUIRED
from lms.delivery.host import Invitation, invite
from lms.exports import LAYOUTS
from lms.extension import NO_LOGIN_MANAGER
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
                if line.startswith("flask --app app "):
                    yield name(page), line.split("   #")[0]


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_every_command_can_be_called_like_that(page: str, line: str) -> None:
    _flask, _app, _name, group, command, *arguments = shlex.split(line)
    with GROUPS[group].commands[command].make_context(command, arguments) as context:
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


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application of docs/integrators.md, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    source = blocks(INTEGRATORS, "python")[0]
    space: dict[str, object] = {"__name__": "example_host"}
    exec(compile(source, "docs/integrators.md", "exec"), space)
    app = space["app"]
    assert isinstance(app, Flask)
    database = app.extensions["lms"].database
    migrations.upgrade(database)
    assert (tmp_path / "learning.sqlite3").is_file()
    yield app
    database.engine.dispose()


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


def test_the_example_is_short() -> None:
    lines = [line for line in blocks(INTEGRATORS, "python")[0].splitlines() if line.strip()]
    assert len(lines) <= 15


def test_the_example_invites(example: Flask) -> None:
    exec(blocks(INTEGRATORS, "python")[1], {"app": example})
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
