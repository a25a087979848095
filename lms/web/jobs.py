"""What administrators see of work that is done later: what waits, runs, failed and is done; and a second chance."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_
from lms.services.jobs import STATES, list_jobs
from lms.services.jobs import retry_job as let_retry
from lms.web.forms import page_number
from lms.web.gate import is_repeated, say, view
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction

PAGE_SIZE = 50


@view("/jobs")
def jobs() -> ResponseReturnValue:
    """Jobs, newest first, of one state or of all."""
    page, asked = page_number(request.args.get("page")), request.args.get("state", "")
    wanted = asked if asked in STATES else ""
    rows = list_jobs(reading(), actor(), wanted=wanted, page=page, size=PAGE_SIZE)
    return render(
        "jobs.html", rows=rows, states=STATES, wanted=wanted, page=page, has_more=len(rows) == PAGE_SIZE,
        days=plugin().keep_jobs,
    )  # fmt: skip


@view("/jobs/<ref>/retry", "POST")
def retry_job(ref: str) -> ResponseReturnValue:
    """Let a failed job be tried again."""
    with transaction() as session:
        if not is_repeated(session):
            let_retry(session, actor(), ref=ref)
    say(N_("The job is tried again from now on."))
    return redirect(url_for("lms.jobs", state="failed"))
