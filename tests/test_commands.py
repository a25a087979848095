"""The operator's commands on the installation: what they ask, what they say, what they load."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import inspect, select, text

from lms.db import Database
from lms.migrations import VERSION_TABLE
from lms.models import AuditEntry
from tests.conftest import make_host
from tests.services import steps

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_a_backup_and_its_way_back(run: FlaskCliRunner, sqlite: Database, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    made = run.invoke(args=["lms", "backup", str(file)])
    assert made.exit_code == 0
    assert "as of 2026-11-23 09:00:00 UTC" in made.output
    assert f"{file}: checked, SHA-256 of the records " in made.output
    before = steps.contents(sqlite)
    with sqlite.transaction() as session:
        session.execute(text("UPDATE lms_people SET display_name = 'Spoiled'"))
    done = run.invoke(args=["lms", "restore", str(file), "--replace"], input="replace\n")
    assert done.exit_code == 0
    assert "The database holds 10 people. They and all their records go" in done.output
    assert "       10 lms_people" in done.output
    assert "Every export that was made after that moment is newer" in done.output
    after = steps.contents(sqlite)
    assert len(after["lms_audit_entries"]) == len(before["lms_audit_entries"]) + 1
    assert {name: rows for name, rows in after.items() if name != "lms_audit_entries"} == {
        name: rows for name, rows in before.items() if name != "lms_audit_entries"
    }
    with sqlite.read() as session:
        assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "backup.restore"


@pytest.mark.parametrize("typed", ["", "yes", "Replace"])
def test_a_restore_wants_the_word(run: FlaskCliRunner, sqlite: Database, tmp_path: Path, typed: str) -> None:
    file = str(tmp_path / "one.backup")
    run.invoke(args=["lms", "backup", file])
    with steps.unchanged(sqlite):
        refused = run.invoke(args=["lms", "restore", file, "--replace"], input=f"{typed}\n")
    assert (refused.exit_code, "Nothing was changed." in refused.output) == (1, True)


def test_a_restore_does_not_replace_by_itself(run: FlaskCliRunner, sqlite: Database, tmp_path: Path) -> None:
    file = str(tmp_path / "one.backup")
    run.invoke(args=["lms", "backup", file])
    with steps.unchanged(sqlite):
        refused = run.invoke(args=["lms", "restore", file])
    assert refused.exit_code == 1
    assert refused.output == "The database holds 10 people. With --replace the backup takes their place.\n"


def test_a_backup_that_is_not_there(run: FlaskCliRunner, tmp_path: Path) -> None:
    refused = run.invoke(args=["lms", "restore", str(tmp_path / "nowhere")])
    assert (refused.exit_code, "No such file" in refused.output, "Traceback" in refused.output) == (1, True, False)


@pytest.mark.parametrize("typed", ["", "y", "yes"])
def test_uninstalling_wants_the_word(run: FlaskCliRunner, sqlite: Database, typed: str) -> None:
    with steps.unchanged(sqlite):
        refused = run.invoke(args=["lms", "uninstall"], input=f"{typed}\n")
    assert (refused.exit_code, "Nothing was changed." in refused.output) == (1, True)


@pytest.mark.parametrize(("options", "typed"), [([], "uninstall\n"), (["--yes"], "")])
def test_uninstalling(database: Database, options: list[str], typed: str) -> None:
    with database.transaction() as session:
        session.execute(text("CREATE TABLE customers (id INTEGER)"))
    done = make_host(database).test_cli_runner().invoke(args=["lms", "uninstall", *options], input=typed)
    assert done.exit_code == 0, done.output
    assert "flask lms backup FILE" in done.output
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) - {VERSION_TABLE} == {"customers"}


def test_a_web_process_loads_no_commands() -> None:
    """YAML, pydantic and Alembic belong to commands; in each worker they would be dead weight."""
    program = (
        "import sys, flask_login, flask\n"
        "from lms.extension import LMS\n"
        "app = flask.Flask('host'); flask_login.LoginManager(app)\n"
        "LMS(app, url_prefix='/learn', database='sqlite://')\n"
        "print(sorted({'yaml', 'pydantic', 'alembic', 'psycopg', 'markdown_it'} & set(sys.modules)))\n"
        "app.test_cli_runner().invoke(args=['lms', '--help'])\n"
        "print('yaml' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "True"]
