"""`make run` keeps a worker beside the server, and makes the key that a demonstration is sealed with."""

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from host.run import _make_seal_key, serve_and_work
from lms.db import Database
from lms.services.seals import list_keys
from tests.conftest import make_host

# Ends when the worker was started for the third time: the line is closed then.
SERVER = """
import sys
with open("line", "r+b", buffering=0) as line:
    for _ in range(3):
        line.read(1)
sys.exit(7)
"""
WORKER = """
import sys
with open("line", "wb", buffering=0) as line:
    line.write(b"x")
sys.exit(3)
"""


@pytest.fixture
def as_it_was() -> Iterator[None]:
    """What this process does with signals."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("as_it_was")
def test_a_worker_that_ends_is_started_again_and_this_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("line")
    for name, text in (("its_server", SERVER), ("its_worker", WORKER)):
        Path(f"{name}.py").write_text(text)
    assert serve_and_work(("its_server",), ("its_worker",), pause=0.01) == 7
    assert capfd.readouterr().err.count("The worker has ended (3): mails wait. It is started again.") >= 2


def test_a_demonstration_has_one_key_also_where_it_was_killed_before_the_database_knew_it(
    sqlite: Database, tmp_path: Path
) -> None:
    app, path = make_host(sqlite), tmp_path / "instance" / "seal_key"
    app.extensions["lms"].seal_key = str(path)
    for _start in range(2):
        _make_seal_key(app)
        with sqlite.read() as session:
            assert len(list_keys(session)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
