"""Every failure as a page (or, for our script, as JSON) that says what happened, what is known and what to do."""

import logging
import uuid

from flask import current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from lms.db import Busy
from lms.errors import N_, LmsError
from lms.web.gate import SignedOut, StaleForm, kept_fields, wants_json
from lms.web.language import gettext
from lms.web.pages import render
from lms.web.plugin import close_reading

log = logging.getLogger("lms")

TITLES = {
    400: N_("Please look at this again"),
    401: N_("You are signed out"),
    403: N_("Not open to you"),
    404: N_("Not found"),
    409: N_("Not possible now"),
    413: N_("Too large"),
    422: N_("Please correct this"),
    429: N_("Too many requests"),
    503: N_("Please try again in a moment"),
}
OFTEN = N_("Many requests came from your network in a short time. Wait a minute, then try again.")
# PostgreSQL's classes of what passes: rolled back, out of resources, in use, stopped by an operator.
PASSING = ("40", "53", "55", "57")
UNEXPECTED = N_("Something went wrong on our side. Nothing that was saved before is lost. If it happens again, "
                "give your administrator this number: %(id)s.")  # fmt: skip
FULL = N_("The server has no room left to save to, so this was not saved. What you entered is kept below. "
          "Tell your administrator: the disk is full.")  # fmt: skip
BUSY = N_("The database did not answer in time, so this was not saved. What you entered is kept below: "
          "send it again in a moment.")  # fmt: skip


def refused(error: LmsError) -> ResponseReturnValue:
    """An error that was raised on purpose."""
    return _answer(error.status, gettext(error.message, **error.params), error)


def http_failed(error: HTTPException) -> ResponseReturnValue:
    """What Flask or Werkzeug refused inside a view."""
    if error.response is not None:
        return error.response
    message = gettext(OFTEN) if error.code == 429 else error.description or error.name
    return _answer(error.code or 500, message, None)


def database_failed(error: DBAPIError) -> ResponseReturnValue:
    """The database refused: full, locked, gone. Rolled back, and said so."""
    number = uuid.uuid4().hex[:12]
    log.exception("database error %s; `flask lms doctor` may say what is wrong", number, exc_info=error)
    text = str(error.orig).lower()
    if "full" in text or "no space" in text:
        return _answer(503, gettext(FULL), error)
    passes = str(getattr(error.orig, "sqlstate", None) or "").startswith(PASSING)
    if passes or error.connection_invalidated or "locked" in text or "busy" in text or "connection" in text:
        return _answer(503, gettext(BUSY), error)
    return _answer(500, gettext(UNEXPECTED, id=number), error)


def too_busy(error: Busy) -> ResponseReturnValue:
    """Other writers were before this request for too long: nothing is wrong, and nothing was written."""
    log.warning("refused for now: %s", error)
    return _answer(503, gettext(BUSY), error)


def failed(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged under a number that the page shows; never a trace."""
    number = uuid.uuid4().hex[:12]
    log.exception("unexpected error %s; `flask lms doctor` may say what is wrong", number, exc_info=error)
    if current_app.testing:
        raise error
    return _answer(500, gettext(UNEXPECTED, id=number), error)


def _answer(status: int, message: str, error: Exception | None) -> ResponseReturnValue:
    close_reading()  # a session that failed is not read from again
    if wants_json():
        fresh = {"csrf_token": generate_csrf()} if isinstance(error, StaleForm) else {}
        response = make_response(jsonify(error=message, **fresh), status)
    else:
        can_resend = request.method == "POST" and isinstance(error, SignedOut | StaleForm | DBAPIError | Busy)
        fields = kept_fields() if can_resend else None
        title = gettext(TITLES.get(status, N_("Something went wrong")))
        page = render(
            "failure.html", status=status, title=title, message=message, fields=fields, signed_out=status == 401
        )
        response = make_response(page, status)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response
