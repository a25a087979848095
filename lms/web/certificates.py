"""Certificates: a page to print for who completed a course, and a public page that says what holds today."""

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from lms.documents.qr_code import qr_code
from lms.services.certificates import find_certificate, get_certificate
from lms.services.writing import log_access
from lms.web.forms import VerifyForm
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction


@view("/certificates/<ref>")
def certificate(ref: str) -> ResponseReturnValue:
    """The certificate of a completion; when HR opens somebody's, that person can see it."""
    found = get_certificate(reading(), actor(), ref=ref)
    if not found.is_own:
        with transaction() as session:
            log_access(session, actor(), found.person_id, "certificate")
    address = plugin().verify_at + found.verified.number
    return render("certificates/certificate.html", certificate=found, address=address, code=qr_code(address))


@view("/verify")
def verify() -> ResponseReturnValue:
    """The form for a number that somebody reads off a paper, and its answer."""
    form = VerifyForm(request.args)
    typed = (form.number.data or "").strip()
    return _verified(typed, form) if typed else _public(render("certificates/verify.html", form=form, is_wrong=False))


@view("/verify/<number>")
def verify_number(number: str) -> ResponseReturnValue:
    """The address that is printed on a certificate."""
    return _verified(number, VerifyForm())


def _verified(typed: str, form: VerifyForm) -> Response:
    found = find_certificate(reading(), typed=typed, today=plugin().clock().date())
    if found is None:
        return _public(render("certificates/verify.html", form=form, is_wrong=True), 404)
    return _public(render("certificates/verified.html", found=found))


def _public(page: str, status: int = 200) -> Response:
    """Found by whoever holds the number: by no search engine, and by no site that a visitor goes on to."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
