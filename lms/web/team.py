"""A line manager's team."""

from flask.typing import ResponseReturnValue

from lms.permissions import may
from lms.services.assessments import list_states
from lms.services.reviews import list_waiting
from lms.services.team import get_team
from lms.services.team_levels import get_team_levels
from lms.services.team_plans import PlanLine, list_team_plans
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading


@view("/team")
def team() -> ResponseReturnValue:
    """Who has what to do, passed or not, no scores; where assessments stand, whose plan is shared, and what waits."""
    is_manager = may(actor(), "plans.review")  # ratings and plans are no deputy's
    states = list_states(reading(), actor(), cycle_start=plugin().plan_cycle_start) if is_manager else {}
    members = get_team(reading(), actor())
    plans = list_team_plans(reading(), actor()) if is_manager else []
    return render(
        "team.html",
        members=members,
        is_manager=is_manager,
        stands_in=sorted({(one.for_name, one.until) for one in members if one.for_name}),
        states=states,
        waiting=list_waiting(reading(), actor()),
        plans={one.ref: [] for one in members} | _by_person(plans),
    )


def _by_person(plans: list[PlanLine]) -> dict[str, list[PlanLine]]:
    """Ref of a person -> the plans of theirs that are in sight."""
    found: dict[str, list[PlanLine]] = {}
    for plan in plans:
        found.setdefault(plan.person, []).append(plan)
    return found


@view("/team/levels")
def team_levels() -> ResponseReturnValue:
    """Each person's level against the target, as a table whose cells are shaded and say what they show."""
    return render("team_levels.html", page=get_team_levels(reading(), actor()), today=actor().today)
