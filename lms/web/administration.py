"""What administrators see: who holds which role, and the log of acts."""

from flask import request
from flask.typing import ResponseReturnValue

from lms.services.roles import list_grants
from lms.services.trail import list_audit
from lms.web.forms import page_number
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, reading

PAGE_SIZE = 50


@view("/roles")
def roles() -> ResponseReturnValue:
    """Who holds which role."""
    page = page_number(request.args.get("page"))
    rows = list_grants(reading(), actor(), page=page, size=PAGE_SIZE)
    return render("roles.html", rows=rows, page=page, has_more=len(rows) == PAGE_SIZE)


@view("/audit")
def audit() -> ResponseReturnValue:
    """Who did what."""
    page = page_number(request.args.get("page"))
    rows = list_audit(reading(), actor(), page=page, size=PAGE_SIZE)
    return render("audit.html", rows=rows, page=page, has_more=len(rows) == PAGE_SIZE)
