"""My records and my levels: what I have done, and what it says."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from lms.services.explaining import as_data, explain_own_level
from lms.services.home import list_my_courses
from lms.services.levels import get_level, get_levels
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, reading


@view("/records")
def records() -> ResponseReturnValue:
    """Every period of every course of mine."""
    return render("records.html", courses=list_my_courses(reading(), actor(), every_period=True))


@view("/levels")
def levels() -> ResponseReturnValue:
    """All competencies with my level and target."""
    return render("levels.html", page=get_levels(reading(), actor()))


@view("/levels/<code>")
def level(code: str) -> ResponseReturnValue:
    """One competency: my level, and which evidence counts and why."""
    page, competency = get_level(reading(), actor(), code=code)
    return render("level.html", page=page, level=competency)


@view("/levels/<code>.json")
def level_data(code: str) -> ResponseReturnValue:
    """The same for programs, as `flask lms explain --json` says it."""
    return jsonify(as_data(explain_own_level(reading(), actor(), code=code)))
