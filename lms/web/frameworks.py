"""What administrators see of the framework: its published versions, and what differs between two of them."""

from flask import request
from flask.typing import ResponseReturnValue

from lms.services.framework_versions import compare_editions, list_editions
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, reading


@view("/frameworks")
def frameworks() -> ResponseReturnValue:
    """Published versions, and the difference between two: the last two, unless others are asked for."""
    editions = list_editions(reading(), actor())
    comparison = None
    if editions:
        last = len(editions)
        earlier, later = _asked("earlier", max(1, last - 1)), _asked("later", last)
        comparison = compare_editions(reading(), actor(), editions=editions, earlier=earlier, later=later)
    return render("frameworks.html", editions=editions, comparison=comparison)


def _asked(name: str, usual: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else usual
