"""Starts a web server as `make run` does, and reads what it and the database server cost."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
AS_THE_HOST = ("--config", "host/gunicorn.conf.py")  # two processes of four threads
BARE = ("--workers", "2", "--threads", "4", "--keep-alive", "5", "--no-control-socket", "--log-level", "warning")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running web server, and the process of the database server beside it (None for SQLite)."""

    port: int
    pid: int
    database_pid: int | None

    def cpu_seconds(self) -> float:
        """Processor time so far of the web processes and of the database's."""
        roots = [self.pid] + ([self.database_pid] if self.database_pid else [])
        return sum(_cpu_seconds(pid) for root in roots for pid in _family(root))

    def memory_mib(self) -> tuple[float, float]:
        """Proportional set size, MiB: of the workers, and of them with their master, which holds a share of theirs."""
        master, *workers = (_pss_kib(pid) / 1024 for pid in _family(self.pid))
        return sum(workers), sum(workers) + master


@contextmanager
def serve(
    application: str, environment: dict[str, str], database_pid: int | None, options: tuple[str, ...] = AS_THE_HOST
) -> Iterator[Server]:
    """gunicorn on a free port, with the host's configuration or as bare as the plain page needs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    bind = () if options is AS_THE_HOST else ("--bind", f"127.0.0.1:{port}")
    command = [sys.executable, "-m", "gunicorn", *options, *bind, application]
    with tempfile.NamedTemporaryFile("w+") as log:  # written, as everywhere: what it costs belongs to the figures
        settings = {**os.environ, **environment, "PORT": str(port)}
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log)
        try:
            _wait_for(port, process, log)
            yield Server(port, process.pid, database_pid)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: IO[str]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            log.seek(0)
            raise SystemExit(f"The web server did not start:\n{log.read()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The web server did not answer within 30 seconds.")


def _family(pid: int) -> list[int]:
    """The process and all below it."""
    children = _read(pid, f"task/{pid}/children").split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process and of its children that ended."""
    fields = _read(pid, "stat").rpartition(") ")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICK


def _pss_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _read(pid: int, name: str) -> str:
    """What the kernel says of a process; nothing where it has just ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
