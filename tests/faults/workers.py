"""A warmed process in which workers work, each in a forked child that is killed at the n-th point it passes.

A point lies before and after each statement and each commit, and before and after each line of the dialogue with the
mail server. A line of JSON on its input asks for some workers at once, all at the same moment of the test's clock; when
all have died or found nothing due, a line of JSON says how many were killed.
"""

import gc
import json
import logging
import os
import smtplib
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from lms.db import Database
from lms.delivery.seal_key import read_key
from lms.permissions import operator
from lms.services import seals
from tests import world
from tests.faults.points import Points
from tests.working import make_worker


def watch_mail(points: Points) -> None:
    """Look at what is said to the mail server, and at what it answers."""
    for name in ("send", "getreply"):
        setattr(smtplib.SMTP, name, _passing(points, name, getattr(smtplib.SMTP, name)))


def _passing(points: Points, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
    def run(line: smtplib.SMTP, *given: Any) -> Any:
        points.reach(f"before {name}")
        result = act(line, *given)
        points.reach(f"after {name}")
        return result

    return run


def work(wanted: dict[str, Any], die_at: int) -> None:
    """The whole life of a child."""
    points = Points(die_at, "kill", wanted.get("since", ""))
    points.watch()
    watch_mail(points)
    if wanted.get("seal_key"):
        seal(wanted)
        return
    make_worker(Database(wanted["url"]), wanted["port"], datetime.fromisoformat(wanted["at"])).run(once=True)


def seal(wanted: dict[str, Any]) -> None:
    """What the job of sealing does, slice by slice."""
    private, actor = read_key(Path(wanted["seal_key"])), operator(datetime.fromisoformat(wanted["at"]))
    Database(wanted["url"]).in_slices(
        lambda session, after: seals.seal_slice(session, actor, payload={}, after=after, private=private)
    )


def start(wanted: dict[str, Any], die_at: int) -> int:
    """Fork one; returns its number."""
    pid = os.fork()
    if pid == 0:
        work(wanted, die_at)
        os._exit(0)
    return pid


def warm() -> None:
    """What takes long to load is here already when a child begins."""
    letters = make_worker(Database("sqlite://"), 0).letters
    letters.write("course_assigned", "en", "Amina", {"course": "", "due_on": world.DUE, "mandatory": False})


def main() -> None:
    """Work until nobody asks any more."""
    logging.disable()
    warm()
    gc.disable()  # a child lives for a moment; collecting would copy the memory that it shares
    for line in sys.stdin:
        wanted = json.loads(line)
        children = [start(wanted, die_at) for die_at in wanted["die_at"]]
        ends = [os.waitpid(pid, 0)[1] for pid in children]
        assert all(os.WIFSIGNALED(end) or os.WEXITSTATUS(end) == 0 for end in ends), "a worker failed by itself"
        print(json.dumps({"killed": sum(os.WIFSIGNALED(end) for end in ends)}), flush=True)


if __name__ == "__main__":
    main()
