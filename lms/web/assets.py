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
OURS = ("lms.css", "certificate.css", "certificate.js", "plan.css", "waiting.js")
# The quiz's page. They import one another by name, so their addresses differ in the folder, which stands for them all.
MODULES = ("quiz.js", "boxes.js", "clock.js", "drafts.js", "sending.js", "standing.js")
FILES = {**dict.fromkeys(OURS + MODULES, OWN), "bootstrap.min.css": Path(get_bootstrap_dir()) / "css"}
FOR_A_YEAR = 365 * 24 * 3600  # an address names one content: a new content has a new address


@view("/static/<path:path>")
def static(path: str) -> ResponseReturnValue:
    """One of the files."""
    folder, _, name = path.rpartition("/")
    if name not in FILES or (folder and name not in MODULES):
        raise NotFound()
    # A page of the version before may still ask: it gets what there is, and keeps nothing under the old name.
    is_its_own = folder == (modules_folder() if name in MODULES else "")
    return send_from_directory(FILES[name], name, max_age=FOR_A_YEAR if is_its_own else 0)


def own_files() -> dict[str, Path]:
    """The plugin's own files by their addresses below `/static/`, for a host that serves them itself."""
    return {_address(name): OWN / name for name in OURS + MODULES}


def asset(path: str) -> str:
    """The address of a file, with a part that changes with its content."""
    return url_for("lms.static", path=_address(path), v=None if path in MODULES else _fingerprint(path))


def _address(path: str) -> str:
    return f"{modules_folder()}/{path}" if path in MODULES else path


def modules_folder() -> str:
    """The folder in the modules' addresses; it changes with any of them."""
    return _fingerprint(*MODULES)


@lru_cache
def _fingerprint(*paths: str) -> str:
    content = b"".join((FILES[path] / path).read_bytes() for path in paths)
    return hashlib.sha256(content).hexdigest()[:10]
