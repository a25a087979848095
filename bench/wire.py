"""One browser of many: HTTP/1.1 on a connection that is kept, in one thread with a thousand others."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.load import AGENT

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Reply:
    """What the server answered; the header's names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_told_to_wait(self) -> bool:
        """Whether the server is busy, and says when to come back."""
        return self.status == 503 and "retry-after" in self.headers


class Browser:
    """Somebody signed in, with at most one connection."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        self._cookie = cookie
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What says who asks."""
        return {"Cookie": self._cookie, "User-Agent": AGENT}

    async def get(self, path: str) -> Reply:
        """Read a page."""
        return await self._ask("GET", path, b"", "")

    async def send_form(self, path: str, **fields: str) -> Reply:
        """Send a form."""
        return await self._ask("POST", path, urlencode(fields).encode(), f"Content-Type: {FORM}\r\n")

    async def send_json(self, path: str, body: Any, token: str) -> Reply:
        """Send what the quiz's script sends."""
        headers = f"Content-Type: {JSON}\r\nX-CSRF-Token: {token}\r\n"
        return await self._ask("POST", path, json.dumps(body).encode(), headers)

    def close(self) -> None:
        """Leave: as a phone does that loses its link."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, method: str, path: str, body: bytes, more: str) -> Reply:
        """Once more on a new connection where the old one was closed while nothing was asked, as browsers do."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nUser-Agent: {AGENT}\r\n"
            f"Cookie: {self._cookie}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        )
        request = head.encode() + body
        if self._streams is not None:
            try:
                return await self._exchange(*self._streams, request)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
        self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        return await self._exchange(*self._streams, request)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> Reply:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.close()
        if "set-cookie" in headers:
            self._cookie = headers["set-cookie"].partition(";")[0]
        return Reply(int(head[0].split()[1]), headers, body)
