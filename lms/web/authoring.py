"""What authors see of their courses."""

from flask.typing import ResponseReturnValue

from lms.services.authoring import get_authored, list_authored
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, reading


@view("/authoring")
def authoring() -> ResponseReturnValue:
    """My courses with counts."""
    return render("authoring.html", courses=list_authored(reading(), actor()))


@view("/authoring/<slug>")
def authoring_course(slug: str) -> ResponseReturnValue:
    """One of my courses: versions, sections, pools."""
    return render("authoring_course.html", page=get_authored(reading(), actor(), slug=slug))
