"""A line manager's team, and for HR the levels of units."""

from typing import Any
from urllib.parse import quote

from flask import request, url_for
from flask.typing import ResponseReturnValue

from lms.services.team_levels import get_team_levels
from lms.services.team_week import get_team_page
from lms.services.unit_levels import get_unit_levels
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading

MOST = 30  # things of one list that a page begins with
# Where a thing is done: the endpoint, which takes its ref.
_PAGES = {
    "review": "lms.review", "rate": "lms.rate_member", "talk": "lms.conversation", "help": "lms.request_attempt",
    "agree": "lms.team_plan", "agree_again": "lms.team_plan", "answer": "lms.team_plan", "sign": "lms.team_plan",
    "note": "lms.team_plan", "close": "lms.team_plan",
}  # fmt: skip


@view("/team")
def team() -> ResponseReturnValue:
    """Who needs what this week, in order; then each member: courses, passed or not, no scores; assessment and plan."""
    page = get_team_page(reading(), actor(), cycle_start=plugin().plan_cycle_start)
    emails = {member.ref: member.email for member in page.members}
    links = {thing: _link(thing, emails.get(thing.person, "")) for things in page.week.values() for thing in things}
    most = None if "all" in request.args else MOST
    return render("team.html", page=page, links=links, most=most, today=actor().today)


def _link(thing: Any, email: str) -> str:
    """Where the thing is done."""
    if thing.what in _PAGES:
        return url_for(_PAGES[thing.what], ref=thing.ref)
    if thing.what == "decide":
        return url_for("lms.evidence")
    if thing.what == "expires":
        return url_for("lms.new_assignment", people=thing.person, course=thing.ref)
    return f"mailto:{quote(email, '@')}?subject={quote(thing.about)}" if email else f"#m-{thing.person}"


@view("/hr/levels")
def unit_levels() -> ResponseReturnValue:
    """How many people of the units in scope are at which level of a competency, in groups of five and more."""
    page = get_unit_levels(reading(), actor(), code=request.args.get("competency", ""))
    return render("unit_levels.html", page=page)


@view("/team/levels")
def team_levels() -> ResponseReturnValue:
    """Each person's level against the target, as a table whose cells are shaded and say what they show."""
    return render("team_levels.html", page=get_team_levels(reading(), actor()), today=actor().today)
