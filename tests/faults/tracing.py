"""Reads from strace in which order a web server writes to the disk or the database, and answers."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "fsync,fdatasync,pwrite64,sendto,recvfrom,write"
LINE = re.compile(r"^(\d+) +(.*)$")
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")


@contextmanager
def traced(pids: list[int], into: Path) -> Iterator[None]:
    """Follow the processes while this lasts; PermissionError where nobody may."""
    strace = shutil.which("strace")
    if strace is None:
        raise PermissionError("strace is not installed")
    followed = [part for pid in pids for part in ("-p", str(pid))]
    command = [strace, "-f", "-y", "-s", "96", "-e", f"trace={CALLS}", "-o", str(into), *followed]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    told = [process.stderr.readline() for _ in pids]  # "Process 123 attached", once for each
    if not all("attached" in line for line in told):
        process.kill()
        process.communicate()
        raise PermissionError(" ".join(told))
    try:
        yield
    finally:
        process.terminate()  # lets go of the processes and leaves them running
        process.communicate(timeout=60)


@dataclass
class Order:
    """What one thread has done since its last request came in."""

    request: str = ""
    written: bool = False  # to the log that a commit appends to, or a COMMIT sent
    kept: bool = False  # the log is flushed, or PostgreSQL has said that it has committed


@dataclass
class Trace:
    """The answers to writing requests, and those that were given before what they say was kept."""

    answered: dict[str, int] = field(default_factory=dict)
    too_early: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)  # something was written for it when it was answered already
    _threads: dict[str, Order] = field(default_factory=dict)

    def read(self, path: Path) -> "Trace":
        """All calls in their order; a call counts where it returned, but an answer where it was begun."""
        unfinished: dict[str, str] = {}
        for line in path.read_text(errors="replace").splitlines():
            if not (found := LINE.match(line)):
                continue
            thread, call = found.groups()
            if call.endswith("<unfinished ...>"):
                unfinished[thread] = call.removesuffix("<unfinished ...>")
                if "HTTP/1.1 " not in call:
                    continue
                call = unfinished.pop(thread)
            elif resumed := RESUMED.match(call):
                if thread not in unfinished:
                    continue
                call = unfinished.pop(thread) + resumed[2]
            self._note(self._threads.setdefault(thread, Order()), call)
        return self

    def _note(self, order: Order, call: str) -> None:
        name = call.partition("(")[0]
        if name == "recvfrom" and (asked := re.search(r'"POST [^ ]*?(attempts|answers|submit) HTTP', call)):
            order.request, order.written, order.kept = asked[1], False, False
        elif (name in ("pwrite64", "write") and "-wal>" in call) or (name == "sendto" and "COMMIT" in call):
            order.written, order.kept = True, False
            if not order.request:
                self.after.append(call)
        elif (name in ("fsync", "fdatasync") and "-wal>" in call) or (name == "recvfrom" and "COMMIT" in call):
            order.kept = order.written
        elif name in ("sendto", "write") and "HTTP/1.1 " in call and order.request:
            if re.search(r"HTTP/1.1 (200|302) ", call):
                self.answered[order.request] = self.answered.get(order.request, 0) + 1
                if not order.kept:
                    self.too_early.append(f"{order.request}: {call}")
            order.request = ""
