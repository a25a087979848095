"""The plugin's own files and the style sheet that they build on: their names, where they lie, what changes with them.

The web serves them; a host that serves static files itself reads the names here too.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from bootstrap_wrapper import get_bootstrap_dir

OWN = Path(__file__).parent / "static"
OURS = ("lms.css", "certificate.css", "certificate.js", "waiting.js")
# The quiz's page. They import one another by name, so their addresses differ in the folder, which stands for them all.
MODULES = ("quiz.js", "boxes.js", "clock.js", "drafts.js", "sending.js", "standing.js")
FILES = {**dict.fromkeys(OURS + MODULES, OWN), "bootstrap.min.css": Path(get_bootstrap_dir()) / "css"}


def modules_folder() -> str:
    """The folder in the modules' addresses; it changes with any of them."""
    return fingerprint(*MODULES)


@lru_cache
def fingerprint(*paths: str) -> str:
    """What changes with the content of the files."""
    content = b"".join((FILES[path] / path).read_bytes() for path in paths)
    return hashlib.sha256(content).hexdigest()[:10]
