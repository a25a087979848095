"""`flask lms worker`: does what was written down to be done later."""

import os
import signal
import socket
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

import click
from flask import current_app

from lms.cli.group import lms_commands, plain_errors, plugin
from lms.delivery.host import forget, invite
from lms.jobs import Worker
from lms.services import stopping
from lms.services.review_links import sign


class Stop:
    """Whether the worker was asked to stop. By a queue, whose `put` a signal may call while the same thread waits in
    `get`: an Event's `set` could wait there for ever."""

    def __init__(self) -> None:
        self.is_asked = False
        self._bell: SimpleQueue[None] = SimpleQueue()

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        """The handler of a signal."""
        self.is_asked = True
        self._bell.put(None)

    def wait(self, seconds: float) -> None:
        """For so long, or until it is asked."""
        with suppress(Empty):
            self._bell.get(timeout=seconds)


@lms_commands.command()
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@plain_errors
def worker(once: bool) -> None:
    """Do the jobs: send mails, tell what is due; any number of workers share one database. TERM ends it in order."""
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    app, mailing = current_app._get_current_object(), plugin().mailing  # type: ignore[attr-defined]
    click.echo("Working. TERM or Ctrl+C ends it, after the job that is under way.")
    taken = Worker(
        database=plugin().database, carrier=mailing.carrier, letters=mailing.letters, sender=mailing.sender,
        invite=partial(invite, app), sign=_sign, sign_stop=_sign_stop, clock=plugin().clock, wait=stop.wait,
        is_stopping=lambda: stop.is_asked, name=f"{socket.gethostname()}:{os.getpid()}",
        keep=timedelta(days=plugin().keep_jobs), months=plugin().months, forget=partial(forget, app),
        import_share=plugin().import_share, seal_key=Path(plugin().seal_key),
    ).run(once)  # fmt: skip
    click.echo(f"{taken} jobs were taken.")


def _sign(request: str) -> str:
    return sign(plugin().signing_keys(), request, plugin().clock())


def _sign_stop(mail: str) -> str:
    return stopping.sign(plugin().signing_keys(), mail)
