"""Becomes the web server as host/ runs it, again and again, in a moment: what takes long to import is here already.

Each line on its input starts one, and its process number comes back. Requests come in through a socket that was opened
before the first and stays open after the last: whoever knocks while none runs waits, and is not refused.
"""

import os
import sys

import gunicorn.workers.gthread  # noqa: F401
from gunicorn.app.wsgiapp import WSGIApplication

import app  # noqa: F401

CONFIG = "host/gunicorn.conf.py"


def serve(listener: int) -> None:
    """Be gunicorn with the host's configuration, until somebody ends this process."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # the answers of this process are read by the test, not those of the server
    sys.argv = ["gunicorn", "--config", CONFIG, "--bind", f"fd://{listener}", "app:create_app()"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def main(listener: int) -> None:
    """Start a server for each line that comes in; the one before is dead by then."""
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            serve(listener)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
