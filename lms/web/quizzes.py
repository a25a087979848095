"""Help with quizzes: asked for by learners and managers, given by HR; and HR's decision on answers that came late."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services import quiz_help
from lms.services.late_answers import decide_late as decide
from lms.services.late_answers import list_held
from lms.services.recall_decisions import list_recalls
from lms.web import words
from lms.web.forms import LateAnswersForm, TimeForm
from lms.web.gate import say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/courses/<slug>/help", "POST")
def ask_for_help(slug: str) -> ResponseReturnValue:
    """The learner has used all attempts and asks for help."""
    with transaction() as session:
        quiz_help.ask_for_help(session, actor(), slug=slug)
    say(N_("Your line manager and HR see that you ask for help with this course."))
    return redirect(url_for("lms.course", slug=slug))


@view("/team/records/<ref>/attempts", "POST")
def request_attempt(ref: str) -> ResponseReturnValue:
    """A line manager asks HR for one more attempt for somebody of the team."""
    with transaction() as session:
        quiz_help.request_attempt(session, actor(), ref=ref)
    say(N_("HR is asked for one more attempt."))
    return redirect(url_for("lms.team"))


@view("/hr/quizzes")
def hr_quizzes() -> ResponseReturnValue:
    """Who waits for HR: answers that came late, and people whose attempts are used."""
    return _page(LateAnswersForm(), "")


def _page(form: LateAnswersForm, refused: str) -> str:
    held, asking = list_held(reading(), actor()), quiz_help.list_asking(reading(), actor())
    recalls = list_recalls(reading(), actor())
    return render("hr_quizzes.html", held=held, asking=asking, recalls=recalls, form=form, refused=refused)


@view("/hr/attempts/<ref>/late", "POST")
def decide_late(ref: str) -> ResponseReturnValue:
    """All late answers of an attempt count, or none."""
    form = LateAnswersForm(request.form)
    if form.validate():
        try:
            with transaction() as session:
                decide(session, actor(), ref=ref, accepted=bool(form.accept.data), reason=form.reason.data or "")
            say(N_("The late answers count now.") if form.accept.data else N_("The late answers do not count."))
            return redirect(url_for("lms.hr_quizzes"))
        except Invalid as error:
            form.take_faults(error.fields)
    return _page(form, ref), 422


@view("/hr/records/<ref>/attempts", "POST")
def grant_attempt(ref: str) -> ResponseReturnValue:
    """One more attempt for the person of a record."""
    with transaction() as session:
        quiz_help.grant_attempt(session, actor(), ref=ref)
    say(N_("One more attempt is given."))
    return redirect(url_for("lms.hr_quizzes"))


@view("/hr/records/<ref>/time", "POST")
def set_time(ref: str) -> ResponseReturnValue:
    """How much time the person of a record has for quizzes with a limit."""
    form = time_form(request.form.get("factor", ""))
    with transaction() as session:
        quiz_help.set_time(session, actor(), ref=ref, factor=form.factor.data or "")
    say(N_("The time is set. It holds from the next attempt on."))
    return redirect(url_for("lms.hr_record", ref=ref))


def time_form(factor: str) -> TimeForm:
    """What can be granted, with what holds now."""
    form = TimeForm(data={"factor": factor})
    offer(form.factor, [(name, gettext(text)) for name, text in words.TIME_FACTOR.items()])
    return form
