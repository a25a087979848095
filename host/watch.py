"""Watches every request from outside of the application: its id, and what became of it.

Only what says nothing about a person is seen: the route's template, never the path (it may hold a reference or a
token), never the query, the address or the browser.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"
ROUTE = "host.route"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
QUIET = {"/livez", "/readyz", "/metrics"}  # asked every few seconds, by machines
# Hexadecimal digits and dashes, as nginx and others make them: no room for a name or an address.
_WELL_FORMED = re.compile(r"[0-9a-f-]{16,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")


@dataclass(frozen=True)
class Seen:
    """One answered request. `size` counts the bytes of the body that went out."""

    method: str
    route: str
    status: int
    seconds: float
    size: int

    @property
    def is_quiet(self) -> bool:
        """Whether a machine asked, as it does every few seconds."""
        return self.route in QUIET


Observer = Callable[[Seen], None]


class Watch:
    """WSGI middleware; `begun` is called for each request that comes, `observers` when its last byte is gone."""

    def __init__(self, app: Flask, believe_header: bool) -> None:
        self.begun: list[Callable[[], None]] = []
        self.observers: list[Observer] = []
        self._inner: WSGIApplication = app.wsgi_app
        self._believe_header = believe_header
        app.before_request(_note_route)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer with a request id, and watch the answer to its end."""
        name = self._choose_id(environ)
        request_id.set(name)
        for begin_watching in self.begun:
            begin_watching()
        answer = _Answer(environ, self.observers)

        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            answer.status = int(status[:3])
            return start_response(status, [*headers, (HEADER, name)], exc_info)

        try:
            answer.body = self._inner(environ, begin)
        except BaseException:
            answer.tell()  # the id stays: the server is about to log what happened
            raise
        return answer

    def _choose_id(self, environ: "WSGIEnvironment") -> str:
        given = str(environ.get("HTTP_X_REQUEST_ID", ""))
        if self._believe_header and _WELL_FORMED.fullmatch(given):
            return given
        return uuid.uuid4().hex


class _Answer:
    """The body of an answer, counted on its way out."""

    def __init__(self, environ: "WSGIEnvironment", observers: list[Observer]) -> None:
        self.body: Iterable[bytes] = ()
        self.status = 500
        self._environ, self._observers = environ, observers
        self._started, self._size, self._is_told = time.perf_counter(), 0, False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.body:
            self._size += len(piece)
            yield piece
        self.tell()

    def close(self) -> None:
        """Called by the server at the end, or when the browser has gone."""
        try:
            getattr(self.body, "close", lambda: None)()
        finally:
            self.tell()
            request_id.set("")  # what the server says next on this thread is of no request

    def tell(self) -> None:
        """Let the observers see the answer, once."""
        if self._is_told:
            return
        self._is_told = True
        method = str(self._environ.get("REQUEST_METHOD", ""))
        seen = Seen(
            method=method if method in METHODS else "OTHER",
            route=str(self._environ.get(ROUTE, "files")),  # what never reached Flask is a file of host.serving
            status=self.status,
            seconds=time.perf_counter() - self._started,
            size=self._size,
        )
        for observe in self._observers:
            observe(seen)


def _note_route() -> None:
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule is not None else "none"
