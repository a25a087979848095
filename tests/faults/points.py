"""A warmed process that answers one request in a forked child and strikes it at its n-th point.

A point lies before and after each statement and each commit. A line of JSON on its input asks for one; a line of JSON
tells what came of it.
"""

import gc
import itertools
import json
import logging
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.faults.field import AGENT, let_go, opened

MOST_TRIES = 3  # a broken connection may be met once more when it is taken from the pool again
RESET = "postgresql reset"  # raised by nobody: the socket is shut down, and what is sent next fails
ERRORS: dict[str, Exception] = {
    "sqlite locked": sqlite3.OperationalError("database is locked"),
    "sqlite full": sqlite3.OperationalError("database or disk is full"),
    "sqlite input": sqlite3.OperationalError("disk I/O error"),
    "postgresql full": psycopg.errors.DiskFull("could not extend file: No space left on device"),
    "postgresql deadlock": psycopg.errors.DeadlockDetected("deadlock detected"),
}


class Points:
    """Counts the points that a request passes, from the first with some words in its name on, and strikes at one."""

    def __init__(self, at: int = 0, how: str = "", since: str = "") -> None:
        self.at, self.how, self.since, self.passed = at, how, since, list[str]()

    def watch(self) -> None:
        """Look at every engine of this process."""
        for name in ("do_execute", "do_executemany"):
            event.listen(Engine, name, self._statement(name))
        event.listen(Engine, "do_execute_no_params", self._bare_statement)
        event.listen(Engine, "commit", lambda connection: self._commit("before commit", connection.connection))
        event.listen(Session, "after_commit", lambda session: self._commit("after commit", None))

    def _statement(self, name: str) -> Callable[..., bool]:
        def execute(cursor: Any, statement: str, values: Any, context: Any) -> bool:
            self.reach(f"before {statement[:40]}", cursor.connection)
            getattr(context.dialect, name)(cursor, statement, values, context)
            self.reach(f"after {statement[:40]}", cursor.connection)
            return True

        return execute

    def _bare_statement(self, cursor: Any, statement: str, context: Any) -> bool:
        self.reach(f"before {statement[:40]}", cursor.connection)
        context.dialect.do_execute_no_params(cursor, statement, context)
        self.reach(f"after {statement[:40]}", cursor.connection)
        return True

    def _commit(self, name: str, connection: Any) -> None:
        try:
            self.reach(name, getattr(connection, "dbapi_connection", None))
        except (sqlite3.Error, psycopg.Error) as error:  # here SQLAlchemy does not wrap what a listener raises
            raise OperationalError("COMMIT", None, error) from error

    def reach(self, name: str, connection: Any = None) -> None:
        """A point; at the one that was chosen it strikes."""
        if not self.passed and self.since not in name:
            return
        self.passed.append(name)
        if len(self.passed) != self.at:
            return
        if self.how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.how != RESET:
            raise ERRORS[self.how]
        elif connection is not None:
            with socket.socket(fileno=os.dup(connection.fileno())) as line, suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def ask(app: Flask, wanted: dict[str, Any], tell: Callable[[Any], None]) -> int:
    """Send the request; the answer is told when its last byte is out, before anything that is done after that."""
    headers = {"Cookie": wanted["cookie"], "User-Agent": AGENT, "X-CSRF-Token": wanted["token"]}
    builder = EnvironBuilder(
        wanted["path"], method="POST", headers=headers, data=wanted["body"], content_type=wanted["kind"]
    )
    parts, status, sent = run_wsgi_app(app, builder.get_environ())
    text = b"".join(parts).decode()
    code = int(status.partition(" ")[0])
    tell({"status": code, "body": text if sent.get("Content-Type") == "application/json" else sent.get("Location", "")})
    if hasattr(parts, "close"):
        parts.close()
    return code


def answer_in_child(app: Flask, wanted: dict[str, Any], out: int) -> None:
    """The whole life of a child: one request with its fault, and where it lives on, the same request again."""

    def tell(what: Any) -> None:
        os.write(out, json.dumps(what).encode() + b"\n")

    points = Points(wanted["at"], wanted["how"])
    points.watch()
    ask(app, wanted, tell)
    tell({"passed": list(points.passed), "first": "after commit" in points.passed})
    if wanted["how"]:
        again = itertools.takewhile(lambda code: code >= 500, (ask(app, wanted, tell) for _ in range(MOST_TRIES)))
        tell({"usable": len(list(again)) < MOST_TRIES})


def one(app: Flask, wanted: dict[str, Any]) -> dict[str, Any]:
    """Fork, and collect what the child told."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        answer_in_child(app, wanted, into)
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as pipe:
        told = [json.loads(line) for line in pipe]
    _pid, status = os.waitpid(pid, 0)
    answers = [entry for entry in told if "status" in entry]
    other = {key: value for entry in told if "status" not in entry for key, value in entry.items()}
    return {"answer": answers[0] if answers else None, "killed": os.WIFSIGNALED(status), **other}


def main(url: str) -> None:
    """Answer until nobody asks any more. The first request has no fault: it warms what the others find."""
    with opened(url) as field:
        logging.disable()  # each fault is told on purpose; its trace takes longer than the request
        gc.disable()  # a child lives for one request; collecting would copy the memory that it shares
        for line in sys.stdin:
            wanted = json.loads(line)
            told = (
                {"status": ask(field.app, wanted, lambda what: None)}
                if wanted["how"] == "warm"
                else one(field.app, wanted)
            )
            let_go(field.app)  # the children open connections of their own, and the file is about to be replaced
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
