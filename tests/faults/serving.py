"""The web server under test: started in a moment, killed at any."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from tests.faults.field import Field, settings

ROOT = Path(__file__).resolve().parents[2]


class Served:
    """gunicorn with two workers over the field, behind a socket that outlives it."""

    def __init__(self, field: Field, folder: Path) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self.log = folder / "server.log"
        environ = {k: v for k, v in os.environ.items() if not k.startswith("LMS_")}
        environ |= {**settings(field.url), "TMPDIR": str(folder)}
        fd = self._listener.fileno()
        with self.log.open("w") as log:
            self._zygote = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.zygote", str(fd)], cwd=ROOT, env=environ, pass_fds=[fd],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self.master = 0
        self.start()

    def start(self) -> None:
        """Start a server; it answers whoever waits at the socket."""
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write("start\n")
        self._zygote.stdin.flush()
        self.master = int(self._zygote.stdout.readline())

    def workers(self) -> list[int]:
        """The processes that answer requests, as many as there are just now."""
        with suppress(FileNotFoundError, ProcessLookupError):
            return [int(pid) for pid in Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()]
        return []

    def kill_worker(self, random: Random) -> None:
        """One worker; its master starts another."""
        if workers := self.workers():
            _kill(random.choice(workers))

    def kill_workers(self, _random: Random) -> None:
        """Both workers at once."""
        for pid in self.workers():
            _kill(pid)

    def kill_master(self, _random: Random) -> None:
        """The master alone: its workers go on for a moment, beside those of its successor."""
        _kill(self.master)
        self.start()

    def kill_all(self, _random: Random) -> None:
        """The whole server; then it is started again."""
        workers = self.workers()
        _kill(self.master)  # first, so that it starts no worker any more
        for pid in workers:
            _kill(pid)
        self.start()

    def stop(self) -> None:
        """End everything that was started here."""
        workers = self.workers()
        for pid in (self.master, *workers):
            _kill(pid)
        self._listener.close()
        self._zygote.kill()
        self._zygote.communicate()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def served(field: Field, folder: Path) -> Iterator[Served]:
    """A running server."""
    server = Served(field, folder)
    try:
        yield server
    finally:
        server.stop()
