"""HR records who took part in a live session."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services.attendances import list_sessions, record_attendance
from lms.web.forms import AttendanceForm, chosen_day
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/hr/attendance", "GET", "POST")
def attendance() -> ResponseReturnValue:
    """Who was there, when and where; each of them completes the course by it."""
    courses = list_sessions(reading(), actor())
    form = AttendanceForm(request.form if request.method == "POST" else None)
    offer(form.course, courses, N_("Choose a course"))
    if request.method == "GET":
        return render("attendance.html", form=form, courses=courses)
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    done = record_attendance(
                        session, actor(), course_slug=form.course.data, held_on=chosen_day(form.held_on),
                        place=form.place.data or "", people=(form.people.data or "").splitlines(),
                    )  # fmt: skip
                    say(
                        N_("Recorded now: %(now)d. Had completed the course before: %(before)d."),
                        now=done.now, before=done.before,
                    )  # fmt: skip
            return redirect(url_for("lms.hr_records"))
        except Invalid as error:
            form.take_faults(error.fields or {"people": gettext(error.message, **error.params)})
    return render("attendance.html", form=form, courses=courses), 422
