"""Every command of the README is run: in order, in a fresh copy of the checkout, as a reader would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from host.run import DEMONSTRATION_PASSWORD
from host.serving import make_secret_file
from lms.demonstration.cast import ACCOUNTS
from tests.docs.pages import README, ROOT, blocks, read

COPIED = ("app.py", "host", "lms", "templates", "courses", "Makefile", "requirements.txt", "requirements-dev.txt")
# `make run` and `make test` install and serve: here make only says what it would do.
PRELUDE = """set -eu
make() { command make -n "$@" > /dev/null; }
"""
STARTS = ("make ", "flask --app app ", "export ", ". .venv/bin/activate")


def shell_blocks() -> list[str]:
    return [text for language in ("sh", "bash", "shell", "console") for text in blocks(README, language)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What somebody has after `git clone` and a first `make run`: the files, a virtual environment, a secret key."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    make_secret_file(str(tmp_path / "instance"))
    return tmp_path


def run(checkout: Path, script: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("LMS_", "FLASK_"))}
    environ["PATH"] = f"{Path(sys.executable).parent}:{environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", PRELUDE + script], cwd=checkout, env=environ, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def test_only_commands_that_are_known_how_to_test() -> None:
    """A new kind of command needs a thought on how it is run here."""
    lines = [line for text in shell_blocks() for line in text.splitlines()]
    assert len(lines) > 10
    assert [line for line in lines if not f"{line} ".startswith(STARTS)] == []
    assert "make run" in lines
    assert "make test" in lines


def test_every_command_runs(checkout: Path) -> None:
    (example,) = blocks(README, "csv")
    (checkout / "people.csv").write_text(example, encoding="utf-8")
    run(checkout, "".join(shell_blocks()))
    for name in ("trial.sqlite3", "office.sqlite3"):
        assert (checkout / "instance" / name).is_file()
    header, *rows = (checkout / "records.csv").read_text(encoding="utf-8").splitlines()
    assert header.count(",") == 64
    assert rows == []  # nobody of the three people has a record yet
    assert (checkout / "records.csv.manifest.json").is_file()


def test_a_command_that_fails_is_noticed(checkout: Path) -> None:
    """The test above can fail: a wrong file, and an unknown target of make."""
    for line in ("flask --app app lms people nowhere.csv\ntrue\n", "make rum\ntrue\n"):
        with pytest.raises(AssertionError):
            run(checkout, line)


def test_who_can_sign_in_is_who_the_demonstration_makes() -> None:
    page = read(README)
    assert f"`{DEMONSTRATION_PASSWORD}`" in page
    assert [part.email for part in ACCOUNTS if f"| `{part.email}` |" not in page] == []


def test_the_makefile_has_the_targets() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "make run" in listed
    assert "make test" in listed
