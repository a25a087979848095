"""Serves the plugin's files; nothing else can be named."""

from flask import send_from_directory, url_for
from flask.typing import ResponseReturnValue

from lms.assets import FILES, MODULES, fingerprint, modules_folder
from lms.errors import NotFound
from lms.web.gate import view

FOR_A_YEAR = 365 * 24 * 3600  # an address names one content: a new content has a new address


@view("/static/<path:path>")
def static(path: str) -> ResponseReturnValue:
    """One of the files."""
    folder, _, name = path.rpartition("/")
    if name not in FILES or (folder and name not in MODULES):
        raise NotFound()
    # A page of the version before may still ask: it gets what there is, and keeps nothing under the old name.
    return send_from_directory(FILES[name], name, max_age=FOR_A_YEAR if folder in ("", modules_folder()) else 0)


def asset(path: str) -> str:
    """The address of a file, with a part that changes with its content."""
    if path in MODULES:
        return url_for("lms.static", path=f"{modules_folder()}/{path}")
    return url_for("lms.static", path=path, v=fingerprint(path))
