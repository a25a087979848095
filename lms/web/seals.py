"""The seals over the records: how far they go, and verifying them; and for everybody, how a file is checked."""

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services import seal_checks
from lms.web.forms import CheckSealsForm
from lms.web.gate import is_repeated, say, view
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/seals")
def seals() -> ResponseReturnValue:
    """How far the records are sealed, and what verifying them said."""
    return _page(CheckSealsForm())


def _page(form: CheckSealsForm) -> str:
    sealing = seal_checks.get_sealing(reading(), actor())
    return render("seals.html", form=form, sealing=sealing, keys=seal_checks.list_public_keys(reading()))


@view("/seals/check", "POST")
def check_seals() -> ResponseReturnValue:
    """Let the worker verify all that is sealed."""
    form = CheckSealsForm(request.form)
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    seal_checks.ask_check(session, actor(), head=form.head.data or "")
            say(N_("The worker verifies the seals. What it finds stands here."))
            return redirect(url_for("lms.seals"))
        except Invalid as error:
            form.take_faults(error.fields)
    return _page(form), 422


@view("/verify/records")
def verify_records() -> ResponseReturnValue:
    """How anybody checks a file of sealed records, and the public keys."""
    return make_response(render("verify_records.html", keys=seal_checks.list_public_keys(reading())))
