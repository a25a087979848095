"""What authors learn of their questions: figures, pictures, and reports by learners."""

from string import ascii_uppercase

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.documents.charts import Bars, option_chart
from lms.errors import N_, Invalid
from lms.services import item_analysis as service
from lms.services import question_reports
from lms.web.courses import picture
from lms.web.forms import ReplyForm
from lms.web.gate import say, view
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/authoring/<slug>/versions/<int:number>/questions")
def item_analysis(slug: str, number: int) -> ResponseReturnValue:
    """The questions of a version with their figures and what learners report."""
    return _analysis(slug, number, ReplyForm(), "")


def _analysis(slug: str, number: int, form: ReplyForm, refused: str) -> str:
    page = service.get_analysis(reading(), actor(), slug=slug, number=number)
    return render("item_analysis.html", page=page, form=form, refused=refused, letter=letter)


def letter(question: service.AnalysedQuestion, pick: str) -> str:
    """What an option is called."""
    return letter_at(list(question.options).index(pick))


def letter_at(place: int) -> str:
    """A for the author's first option, and AA after Z."""
    round_, letter_of_round = divmod(place, len(ascii_uppercase))
    return ascii_uppercase[letter_of_round] * (round_ + 1)


@view("/authoring/<slug>/versions/<int:number>/questions", "POST")
def work_out_figures(slug: str, number: int) -> ResponseReturnValue:
    """Work the figures out anew; the write is short, since all that takes long is read before."""
    found = service.work_out(reading(), actor(), slug=slug, number=number)
    with transaction() as session:
        service.keep_analysis(session, actor(), slug=slug, number=number, analysis=found)
    return redirect(url_for("lms.item_analysis", slug=slug, number=number))


@view("/authoring/<slug>/versions/<int:number>/questions/<key>.svg")
def item_chart(slug: str, number: int, key: str) -> ResponseReturnValue:
    """Which options each third of the people chose."""
    picks = service.get_thirds(reading(), actor(), slug=slug, number=number, key=key)
    bars = [Bars(letter_at(place), pick["is_right"], pick["shares"]) for place, pick in enumerate(picks)]
    return picture("image/svg+xml", option_chart(bars))


@view("/authoring/<slug>/versions/<int:number>/reports/<ref>", "POST")
def settle_report(slug: str, number: int, ref: str) -> ResponseReturnValue:
    """The author has dealt with a report and says so in a sentence."""
    form = ReplyForm(request.form)
    try:
        with transaction() as session:
            question_reports.settle_report(
                session, actor(), slug=slug, number=number, ref=ref, reply=form.reply.data or ""
            )
    except Invalid as error:
        form.take_faults(error.fields)
        return _analysis(slug, number, form, ref), 422
    say(N_("Whoever reported it reads your answer beside the question."))
    return redirect(url_for("lms.item_analysis", slug=slug, number=number, _anchor=f"report-{ref}"))
