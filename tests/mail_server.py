"""A real mail server on loopback, which keeps what it takes."""

import asyncio
import email
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

Hook = Callable[[str], None]


class MailServer:
    """What came in, in order. `refuses` maps an address to the answer it gets; `hook(moment)` is called when a
    recipient is named (`RCPT`), and before and after a mail is taken (`DATA`, `TAKEN`); at the moment `breaks_at` the
    line is cut."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        self.hook: Hook = lambda moment: None
        self.breaks_at = ""
        self.port = 0

    def _pass(self, server: Any, moment: str) -> None:
        self.hook(moment)
        if moment == self.breaks_at:
            server.transport.abort()

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        self._pass(server, "RCPT")
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self._pass(server, "DATA")
        content = envelope.content.replace(b"\r\n", b"\n")
        self.mails.append(email.message_from_bytes(content, policy=default))  # type: ignore[arg-type]
        self._pass(server, "TAKEN")
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        """The Message-ID of each mail that was taken."""
        return [mail["Message-ID"] for mail in self.mails]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A running server, in a thread of its own. aiosmtpd's own controller cannot begin at a free port."""
    server, loop = MailServer(), asyncio.new_event_loop()
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    # The loop is the thread's alone: this one may be in the middle of the browser's, which Playwright keeps running.
    ready = threading.Event()
    thread = threading.Thread(target=_serve, args=(server, loop, listener, ready))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _serve(
    server: MailServer, loop: asyncio.AbstractEventLoop, listener: socket.socket, ready: threading.Event
) -> None:
    """Listen until the loop is stopped."""
    make = loop.create_server(lambda: SMTP(server, loop=loop, hostname="loopback", enable_SMTPUTF8=True), sock=listener)
    listening = loop.run_until_complete(make)
    ready.set()
    loop.run_forever()
    listening.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
