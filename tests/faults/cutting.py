"""A small TCP proxy that cuts a connection after so many bytes of the request or of the answer."""

import selectors
import socket
import struct
import threading
from contextlib import suppress

UP, DOWN = "request", "answer"
CHUNK = 65536


class Proxy:
    """Passes on one connection after the other; the next one is cut as `cut_next` says."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._plan: tuple[str, int] | None = None
        self.cuts = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def cut_next(self, direction: str, after: int) -> None:
        """Cut the next connection after so many bytes in that direction; those that follow are whole."""
        self._plan = (direction, after)

    def stop(self) -> None:
        """Take no connection any more."""
        with suppress(OSError):  # wakes whoever accepts
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            plan, self._plan = self._plan, None
            with client, socket.create_connection(("127.0.0.1", self._upstream)) as server:
                self._pass_on(client, server, plan)

    def _pass_on(self, client: socket.socket, server: socket.socket, plan: tuple[str, int] | None) -> None:
        """Both ways, until one side ends or the plan says so."""
        direction, left = plan or ("", 0)
        with selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, (server, UP))
            ready.register(server, selectors.EVENT_READ, (client, DOWN))
            while True:
                for key, _events in ready.select():
                    target, way = key.data
                    data = _receive(key.fileobj)  # type: ignore[arg-type]
                    if way == direction and len(data) > left:
                        _send(target, data[:left])
                        self._cut(client, server)
                        return
                    if not data or not _send(target, data):
                        return
                    left -= len(data) if way == direction else 0

    def _cut(self, *ends: socket.socket) -> None:
        """As when a cable is pulled: what is still on its way does not arrive, and nobody says goodbye."""
        self.cuts += 1
        for end in ends:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _receive(end: socket.socket) -> bytes:
    with suppress(OSError):
        return end.recv(CHUNK)
    return b""


def _send(end: socket.socket, data: bytes) -> bool:
    with suppress(OSError):
        end.sendall(data)
        return True
    return False
