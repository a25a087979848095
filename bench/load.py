"""Eight people at once: each a thread with one connection that is kept open, as a browser keeps it."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.serving import Server

AGENT = "bench"
TOGETHER = 8


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    body: bytes
    location: str


class Visitor:
    """A signed-in person with a connection."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Cookie": cookie, "User-Agent": AGENT}

    def get(self, path: str, expected: int = 200) -> Answer:
        """Read a page."""
        return self._ask("GET", path, None, {}, expected)

    def post_form(self, path: str, fields: dict[str, str], expected: int = 302) -> Answer:
        """Send a form."""
        body = urlencode(fields)
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"}, expected)

    def post_json(self, path: str, body: str, token: str) -> Answer:
        """Send what the quiz's script sends."""
        return self._ask("POST", path, body, {"Content-Type": "application/json", "X-CSRF-Token": token}, 200)

    def stream(self, path: str, fields: dict[str, str]) -> tuple[float, int]:
        """Send a form and read a long answer: seconds to its first piece, and how many lines came."""
        begun = time.perf_counter()
        headers = {**self._headers, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.close()  # a new one: the last may have rested too long
        self._connection.request("POST", path, urlencode(fields), headers)
        response = self._connection.getresponse()
        piece = response.read1(65536)
        first, lines = time.perf_counter() - begun, piece.count(b"\n")
        if response.status != 200:
            raise SystemExit(f"POST {path} answered {response.status}")
        while piece := response.read1(1 << 20):
            lines += piece.count(b"\n")
        return first, lines

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str], expected: int) -> Answer:
        try:
            response = self._send(method, path, body, headers)
        except (ConnectionError, http.client.RemoteDisconnected):  # closed by the server while nothing was asked
            self._connection.close()
            response = self._send(method, path, body, headers)
        answer = Answer(response.status, response.read(), response.headers.get("Location", ""))
        if kept := response.headers.get("Set-Cookie"):
            self._headers["Cookie"] = kept.partition(";")[0]
        if answer.status != expected:
            raise RuntimeError(f"{method} {path} answered {answer.status}, not {expected}: {answer.location}")
        return answer

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self._connection.request(method, path, body, {**self._headers, **headers})
        return self._connection.getresponse()


@dataclass(frozen=True)
class Load:
    """What came of a load."""

    per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float


@dataclass
class _Shared:
    until: float
    seconds: list[float] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


def warm(acts: Sequence[Callable[[], None]]) -> None:
    """Each act once, so that the workers have met the page before."""
    for act in acts:
        act()


def put(server: Server, acts: Sequence[Callable[[], None]], seconds: float) -> Load:
    """Let all acts run at once, each again and again, for some seconds; one act is one page or one attempt.

    An act that has nothing left to do raises StopIteration, and its thread ends.
    """
    shared = _Shared(time.perf_counter() + seconds)
    before, begun = server.cpu_seconds(), time.perf_counter()
    threads = [threading.Thread(target=_repeat, args=(act, shared)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cpu = time.perf_counter() - begun, server.cpu_seconds() - before
    if shared.errors:
        raise shared.errors[0]
    times = [1000 * value for value in shared.seconds]
    p95 = statistics.quantiles(times, n=20)[-1]
    return Load(len(times) / took, statistics.median(times), p95, 1000 * cpu / len(times))


def _repeat(act: Callable[[], None], shared: _Shared) -> None:
    try:
        while time.perf_counter() < shared.until:
            begun = time.perf_counter()
            act()
            shared.seconds.append(time.perf_counter() - begun)
    except StopIteration:
        pass
    except BaseException as error:
        shared.errors.append(error)
