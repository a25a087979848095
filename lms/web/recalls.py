"""Questions that were marked wrongly: recalled by their author, decided on by HR, undone where that was wrong too."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services import recall_decisions as decisions
from lms.services import recalls
from lms.web import words
from lms.web.forms import DecideRecallForm, RecallForm
from lms.web.gate import say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction

QUESTION = "/authoring/<slug>/versions/<int:number>/questions/<key>/recall"
TOLD = {
    "applied": N_("The attempts are marked again. Results, completions, levels and plans follow."),
    "refused": N_("The results stay as they were."),
    "undone": N_("What was decided is undone."),
}


@view(QUESTION, "GET", "POST")
def recall_question(slug: str, number: int, key: str) -> ResponseReturnValue:
    """What a recall would change, in counts; and the recall."""
    page = recalls.get_recall_page(reading(), actor(), slug=slug, number=number, key=key)
    form = RecallForm(request.form)
    offer(form.kind, [(kind, gettext(words.RECALL_KIND[kind])) for kind in page.ways], N_("Choose"))
    if request.method == "GET":
        return render("recall_question.html", page=page, form=form)
    if form.validate():
        try:
            with transaction() as session:
                recalls.recall_question(
                    session, actor(), slug=slug, number=number, key=key, kind=form.kind.data,
                    reason=form.reason.data or "",
                )  # fmt: skip
            say(N_("The question is recalled. What is handed in from now on is marked so; HR decides on the rest."))
            return _to_questions(slug, number, key)
        except Invalid as error:
            form.take_faults(error.fields)
    return render("recall_question.html", page=page, form=form), 422


@view(QUESTION + "/end", "POST")
def end_recall(slug: str, number: int, key: str) -> ResponseReturnValue:
    """The author takes a recall back."""
    with transaction() as session:
        recalls.take_back(session, actor(), slug=slug, number=number, key=key)
    say(N_("The recall is taken back. HR can undo what followed from it."))
    return _to_questions(slug, number, key)


def _to_questions(slug: str, number: int, key: str) -> ResponseReturnValue:
    return redirect(url_for("lms.item_analysis", slug=slug, number=number, _anchor=f"q-{key}"))


@view("/hr/recalls/<ref>")
def hr_recall(ref: str) -> ResponseReturnValue:
    """The people in scope whose results a recall would change, before and after."""
    return _detail(ref, _form(DecideRecallForm(policy="never_worsen")))


def _detail(ref: str, form: DecideRecallForm) -> str:
    return render("hr_recall.html", page=decisions.get_recall(reading(), actor(), ref=ref), form=form)


@view("/hr/recalls/<ref>", "POST")
def decide_recall(ref: str) -> ResponseReturnValue:
    """Mark again, leave it, or undo; slice by slice, each in a transaction of its own."""
    form = _form(DecideRecallForm(request.form))
    if not form.validate():
        return _detail(ref, form), 422
    act = form.act.data or ""
    try:
        with transaction() as session:
            decision = decisions.decide_recall(
                session, actor(), ref=ref, act=act, policy=form.policy.data or "", reason=form.reason.data or ""
            )
    except Invalid as error:
        form.take_faults(error.fields)
        return _detail(ref, form), 422
    is_more = True
    while is_more:
        with transaction() as session:
            is_more = decisions.carry_out(session, actor(), ref=decision)
    say(TOLD[act])
    return redirect(url_for("lms.hr_recall", ref=ref))


def _form(form: DecideRecallForm) -> DecideRecallForm:
    """With its choices."""
    offer(form.policy, [(code, gettext(text)) for code, text in words.RECALL_POLICY.items()])
    return form
