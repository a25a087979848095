"""My records and my levels: what I have done, and what it says."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from lms.services.assessments import find_state
from lms.services.explaining import as_data, explain_own_level
from lms.services.focus import suggest_focus
from lms.services.home import answer_all, list_my_courses
from lms.services.level_moves import list_moves
from lms.services.levels import get_level, get_levels
from lms.web.assessments import focus_part
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading


@view("/records")
def records() -> ResponseReturnValue:
    """Every period of every course of mine."""
    courses = list_my_courses(reading(), actor(), every_period=True)
    return render("records.html", courses=courses, answers=answer_all(actor(), courses))


@view("/levels")
def levels() -> ResponseReturnValue:
    """All competencies with my level and target, my assessment of this cycle, and its focus."""
    page = get_levels(reading(), actor())
    state = find_state(reading(), actor(), cycle_start=plugin().plan_cycle_start)
    focus = focus_part(page.framework, state.focus, suggest_focus(page))
    return render("levels.html", page=page, state=state, focus=focus)


@view("/levels/<code>")
def level(code: str) -> ResponseReturnValue:
    """One competency: my level, and which evidence counts and why."""
    page, competency = get_level(reading(), actor(), code=code)
    moves = list_moves(reading(), actor(), framework=page.framework, code=code)
    return render("level.html", page=page, level=competency, moves=moves)


@view("/levels/<code>.json")
def level_data(code: str) -> ResponseReturnValue:
    """The same for programs, as `flask lms explain --json` says it."""
    return jsonify(as_data(explain_own_level(reading(), actor(), code=code)))
