"""HR's figure of one date as it was known on another, and which records moved since."""

from flask import request
from flask.typing import ResponseReturnValue

from lms.errors import Invalid
from lms.services.known_on import MOST, get_report
from lms.web.forms import KnownOnForm, chosen_day
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, reading


@view("/hr/known-on")
def known_on() -> ResponseReturnValue:
    """The report of two dates, once they are given."""
    form, report = KnownOnForm(request.args), None
    asked = bool(request.args)
    if asked and form.validate():
        as_of, known = chosen_day(form.as_of), chosen_day(form.known_on)
        assert as_of
        assert known
        try:
            unit = (form.unit.data or "").strip()
            report = get_report(reading(), actor(), as_of=as_of, known_on=known, unit=unit, most=MOST)
        except Invalid as error:
            form.take_faults(error.fields)
    return render("known_on.html", form=form, report=report), 422 if asked and report is None else 200
