"""HR's records: found, read, withdrawn."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid, NotFound
from lms.services.completions import withdraw_completion as withdraw
from lms.services.overview import get_overview
from lms.services.records import (
    STATUSES,
    RecordChoices,
    RecordDetail,
    RecordFilter,
    get_record,
    list_choices,
    list_records,
)
from lms.services.writing import log_access
from lms.web import words
from lms.web.forms import RecordFilterForm, WithdrawForm, chosen_day, page_number
from lms.web.gate import say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction
from lms.web.quizzes import time_form


def fill_choices(form: RecordFilterForm, choices: RecordChoices) -> None:
    """What can be chosen in the filters of a list or an export."""
    offer(form.unit, choices.units, N_("All units in your scope"))
    offer(form.course, choices.courses, N_("All courses"))
    offer(form.status, [(status, gettext(words.STATUS[status])) for status in STATUSES], N_("Any status"))


def read_filter(form: RecordFilterForm) -> RecordFilter:
    """The filter that a form asks for."""
    return RecordFilter(
        unit=form.unit.data or "", course=form.course.data or "", status=form.status.data or "",
        text=(form.q.data or "").strip()[:100], completed_from=chosen_day(form.completed_from),
        completed_to=chosen_day(form.completed_to), expires_from=chosen_day(form.expires_from),
        expires_to=chosen_day(form.expires_to),
    )  # fmt: skip


@view("/hr")
def overview() -> ResponseReturnValue:
    """What is overdue, done and about to expire in the units in scope, or in one of them."""
    return render("overview.html", page=get_overview(reading(), actor(), unit=request.args.get("unit", "")))


@view("/hr/records")
def hr_records() -> ResponseReturnValue:
    """The records of the units in scope."""
    form = RecordFilterForm(request.args)
    number = page_number(request.args.get("page"))
    page = list_records(reading(), actor(), wanted=read_filter(form), page=number)
    fill_choices(form, list_choices(reading(), actor()))
    form.validate()
    query = {name: value for name, value in request.args.items() if name in form and value}
    return render("hr_records.html", form=form, page=page, number=number, query=query)


@view("/hr/records/<ref>")
def hr_record(ref: str) -> ResponseReturnValue:
    """One record with its facts; the person can see that somebody looked."""
    record = get_record(reading(), actor(), ref=ref)
    with transaction() as session:
        log_access(session, actor(), record.person_id, "record")
    return render_record(record, WithdrawForm(), "")


def render_record(record: RecordDetail, form: WithdrawForm, refused: str) -> str:
    """The page of one record; `refused` is the completion whose withdrawal has to be corrected."""
    time = time_form(record.time_factor)
    return render("hr_record.html", record=record, form=form, refused=refused, time=time)


@view("/hr/completions/<ref>/withdraw", "POST")
def withdraw_completion(ref: str) -> ResponseReturnValue:
    """Withdraw a completion with a reason."""
    form = WithdrawForm(request.form)
    record_ref = request.form.get("record", "")
    record = get_record(reading(), actor(), ref=record_ref)
    if ref not in {completion.ref for completion in record.completions}:
        raise NotFound()
    if form.validate():
        try:
            with transaction() as session:
                withdraw(session, actor(), ref=ref, reason=form.reason.data or "")
            say(N_("The completion is withdrawn. Levels and plan steps that rested on it have followed."))
            return redirect(url_for("lms.hr_record", ref=record_ref))
        except Invalid as error:
            form.take_faults(error.fields)
    return render_record(record, form, ref), 422
