"""HR waives a course for somebody, and takes that back."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services import waivers
from lms.services.records import get_record
from lms.web.forms import WithdrawForm
from lms.web.gate import is_repeated, say, view
from lms.web.hr import render_record
from lms.web.plugin import actor, reading, transaction

WAIVING = "waive"  # of which form of the page a fault is, where it is not a completion's


@view("/hr/records/<ref>/waive", "POST")
def waive_course(ref: str) -> ResponseReturnValue:
    """The person of a record need not take the course."""
    form = WithdrawForm(request.form)
    record = get_record(reading(), actor(), ref=ref)
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    waivers.waive_course(session, actor(), ref=ref, reason=form.reason.data or "")
            say(N_("The course is waived. The person sees it, with the reason."))
            return redirect(url_for("lms.hr_record", ref=ref))
        except Invalid as error:
            form.take_faults(error.fields)
    return render_record(record, form, WAIVING), 422


@view("/hr/waivers/<ref>/withdraw", "POST")
def withdraw_waiver(ref: str) -> ResponseReturnValue:
    """Take a waiver back."""
    form, record = WithdrawForm(request.form), request.form.get("record", "")
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    record = waivers.withdraw_waiver(session, actor(), ref=ref, reason=form.reason.data or "")
            say(N_("The waiver is taken back: the course is asked as before."))
            return redirect(url_for("lms.hr_record", ref=record))
        except Invalid as error:
            form.take_faults(error.fields)
    return render_record(get_record(reading(), actor(), ref=record), form, ref), 422
