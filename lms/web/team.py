"""A line manager's team."""

from flask.typing import ResponseReturnValue

from lms.services.assessments import list_states
from lms.services.reviews import list_waiting
from lms.services.team import get_team
from lms.services.team_levels import get_team_levels
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading


@view("/team")
def team() -> ResponseReturnValue:
    """Who has what to do, passed or not, no scores; where each assessment stands; what waits for the manager."""
    states = list_states(reading(), actor(), cycle_start=plugin().plan_cycle_start)
    waiting = list_waiting(reading(), actor())
    return render("team.html", members=get_team(reading(), actor()), states=states, waiting=waiting)


@view("/team/levels")
def team_levels() -> ResponseReturnValue:
    """Each person's level against the target, as a table whose cells are shaded and say what they show."""
    return render("team_levels.html", page=get_team_levels(reading(), actor()), today=actor().today)
