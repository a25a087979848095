"""Assigning courses and taking assignments back."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.permissions import may
from lms.services.assignments import MOST_PEOPLE, assign_course, list_assignments, list_choices
from lms.services.assignments import withdraw_assignment as withdraw
from lms.web.forms import AssignmentForm, chosen_day, page_number
from lms.web.gate import is_repeated, say, view
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction

PAGE_SIZE = 25  # on a phone each assignment is a card


@view("/assignments")
def assignments() -> ResponseReturnValue:
    """What was asked of whom."""
    page = page_number(request.args.get("page"))
    rows = list_assignments(reading(), actor(), page=page, size=PAGE_SIZE)
    has_rules = may(actor(), "rules.write")
    return render("assignments.html", rows=rows, page=page, has_more=len(rows) == PAGE_SIZE, has_rules=has_rules)


@view("/assignments/new", "GET", "POST")
def new_assignment() -> ResponseReturnValue:
    """Ask a course of people or of a unit."""
    search = request.values.get("search", "")[:100]
    choices = list_choices(reading(), actor(), search=search, keep=request.values.getlist("people")[:MOST_PEOPLE])
    form = AssignmentForm(request.form if request.method == "POST" else request.args)
    offer(form.course, choices.courses, N_("Choose a course"))
    offer(form.unit, choices.units, N_("No unit"))
    offer(form.people, choices.people)
    if request.method == "GET" or "find" in request.form:
        return render("new_assignment.html", form=form, choices=choices, search=search)
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    assign_course(
                        session, actor(), course_slug=form.course.data, unit_code=form.unit.data or "",
                        people=form.people.data or [], due_on=chosen_day(form.due_on), mandatory=form.mandatory.data,
                    )  # fmt: skip
            say(N_("The course is assigned."))
            return redirect(url_for("lms.assignments"))
        except Invalid as error:
            form.take_faults(error.fields)
    return render("new_assignment.html", form=form, choices=choices, search=search), 422


@view("/assignments/<ref>/withdraw", "POST")
def withdraw_assignment(ref: str) -> ResponseReturnValue:
    """Take an assignment back."""
    with transaction() as session:
        withdraw(session, actor(), ref=ref)
    say(N_("The assignment is taken back. Who had begun may go on by own choice."))
    return redirect(url_for("lms.assignments"))
