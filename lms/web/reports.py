"""A result with what its learner says of the questions."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid, NotFound
from lms.services import question_reports
from lms.services.results import ResultPage, get_result
from lms.web import words
from lms.web.forms import ReportForm
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


def render_result(page: ResultPage, report: ReportForm | None = None, refused: int = 0) -> str:
    """The result; `refused` is the place of the question whose report has to be corrected."""
    blank = _form(ReportForm())
    return render("attempt_result.html", page=page, blank=blank, report=report or blank, refused=refused)


@view("/attempts/<ref>/questions/<int:position>/report", "POST")
def report_question(ref: str, position: int) -> ResponseReturnValue:
    """A learner says what is wrong with a question."""
    form = _form(ReportForm(request.form))
    try:
        with transaction() as session:
            if not is_repeated(session):
                question_reports.report_question(
                    session, actor(), ref=ref, position=position, reason=form.reason.data or "",
                    text=form.text.data or "",
                )  # fmt: skip
    except Invalid as error:
        form.take_faults(error.fields)
        page = get_result(reading(), actor(), ref=ref)
        if page is None:
            raise NotFound() from error
        return render_result(page, form, position), 422
    say(N_("Thank you. The author reads what you say of question %(number)d, without your name."), number=position)
    return redirect(url_for("lms.attempt_result", ref=ref, _anchor=f"question-{position}"))


def _form(form: ReportForm) -> ReportForm:
    """With its choices."""
    offer(form.reason, [(code, gettext(text)) for code, text in words.REPORT.items()], N_("Choose"))
    return form
