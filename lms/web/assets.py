"""The plugin's own files and the style sheet that they build on; nothing else can be named."""

import hashlib
from functools import lru_cache
from pathlib import Path

from bootstrap_wrapper import get_bootstrap_dir
from flask import send_from_directory, url_for
from flask.typing import ResponseReturnValue

from lms.errors import NotFound
from lms.web.gate import view

OWN = Path(__file__).parent.parent / "static"
OURS = ("lms.css", "certificate.css", "certificate.js", "quiz.js")
FILES = {**dict.fromkeys(OURS, OWN), "bootstrap.min.css": Path(get_bootstrap_dir()) / "css"}
FOR_A_YEAR = 365 * 24 * 3600  # an address names one content: a new content has a new address


@view("/static/<path:path>")
def static(path: str) -> ResponseReturnValue:
    """One of the files."""
    if path not in FILES:
        raise NotFound()
    return send_from_directory(FILES[path], path, max_age=FOR_A_YEAR)


def asset(path: str) -> str:
    """The address of a file, with a part that changes with its content."""
    return url_for("lms.static", path=path, v=_fingerprint(path))


@lru_cache
def _fingerprint(path: str) -> str:
    return hashlib.sha256((FILES[path] / path).read_bytes()).hexdigest()[:10]
