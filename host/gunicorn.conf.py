"""How `make run` serves: two processes of four threads; an office server and a laptop have two processors or more."""

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `gunicorn` alone does not look where it is started

from host import logs

bind = f"127.0.0.1:{os.environ.get('PORT') or 5000}"
workers = 2
threads = 4
worker_class = "gthread"
preload_app = True  # loaded once and shared: half of the memory; a restart, not a HUP, takes in new code
timeout = 60
graceful_timeout = 30  # requests under way are answered before a worker ends
keepalive = 5
accesslog = None  # links with tokens pass through addresses; host.logs tells requests without them
logconfig_dict = logs.config()
forwarded_allow_ips = ""  # LMS_PROXIES alone decides whose X-Forwarded-* is believed
control_socket_disable = True  # nothing else on this machine needs to steer it

# The workers' metrics meet in a folder of this master's own: new, and so empty, with every start. A HUP runs this file
# again in the same process, which keeps its folder; a successor (USR2) makes its own.
_METRICS, _MINE = "PROMETHEUS_MULTIPROC_DIR", f"learning-metrics-{os.getpid()}-"
if _MINE not in os.environ.get(_METRICS, ""):
    os.environ[_METRICS] = tempfile.mkdtemp(prefix=_MINE)


def when_ready(server: Any) -> None:
    """What is loaded by now stays: out of the collector's sight, its memory goes on being shared.

    A page that anybody may see, and that asks no database, is made first: the frame and its texts are then loaded once
    and not by each worker. A page makes thousands of objects, and nearly all of them go without the collector: it looks
    less often.
    """
    server.app.wsgi().test_client().get("/sign-in")
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def post_fork(server: Any, _worker: Any) -> None:
    """A connection belongs to the process that opened it: each worker opens its own."""
    application = server.app.wsgi()
    for database in {application.extensions["host_database"], application.extensions["lms"].database}:
        database.dispose(close=False)


def child_exit(_server: Any, worker: Any) -> None:
    """What a worker that ended had under way is not under way any more."""
    if "prometheus_client" in sys.modules:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """The folder goes with its master."""
    if _MINE in os.environ[_METRICS]:
        shutil.rmtree(os.environ[_METRICS], ignore_errors=True)
