"""Why a course is asked of somebody: for the learner, and for HR."""

from flask.typing import ResponseReturnValue

from lms.services.reasons import explain_own, explain_record
from lms.services.writing import log_access
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/courses/<slug>/why")
def course_why(slug: str) -> ResponseReturnValue:
    """Why I have this course, or have it not."""
    return render("why.html", why=explain_own(reading(), actor(), slug=slug), slug=slug, ref=None)


@view("/hr/records/<ref>/why")
def hr_why(ref: str) -> ResponseReturnValue:
    """Why somebody has a course; the person can see that somebody looked."""
    person_id, why = explain_record(reading(), actor(), ref=ref)
    with transaction() as session:
        log_access(session, actor(), person_id, "record")
    return render("why.html", why=why, slug=None, ref=ref)
