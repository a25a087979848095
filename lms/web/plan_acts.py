"""What I do with my plan as a whole: share, agree, close; earlier plans, paper, ideas, and notes for myself."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services import plans
from lms.services.plan_acts import act_on_own_plan
from lms.services.plan_ideas import get_ideas
from lms.web.gate import is_repeated, say, view
from lms.web.pages import render
from lms.web.plan_forms import PlanActForm, PlanNoteForm
from lms.web.plugin import actor, reading, transaction

DONE = {
    "shared": N_("Your plan is shared: your line manager reads it from now on."),
    "agreed": N_("You have agreed to the plan as it is."),
    "noted": N_("Your word on the middle of the year is kept."),
    "closed": N_("You have signed the end of the plan."),
    "closed_alone": N_("The plan is closed, and kept as it is."),
    "comment": N_("Your comment is kept."),
}


def act_fields(form: PlanActForm) -> dict[str, Any]:
    """What a form asks to do."""
    return {
        "kind": form.kind.data or "", "holds": bool(form.holds.data), "words": form.words.data or "",
        "text": form.text.data or "",
    }  # fmt: skip


def say_done(form: PlanActForm) -> None:
    """What was done, on the next page."""
    say(DONE[form.kind.data or ""] if form.holds.data else N_("It is taken back."))


@view("/plans/<ref>")
def own_plan(ref: str) -> ResponseReturnValue:
    """A plan of mine, of any year: read, talked about, closed; as it stood where it is closed."""
    return _page(plans.get_own_plan(reading(), actor(), ref=ref))


def _page(plan: plans.OwnPlan, act_form: PlanActForm | None = None, status: int = 200) -> ResponseReturnValue:
    return render("own_plan.html", plan=plan, act_form=act_form, blank_act=PlanActForm()), status


@view("/plans/<ref>/print")
def print_plan(ref: str) -> ResponseReturnValue:
    """A plan of mine on paper."""
    return render("print_plan.html", plan=plans.get_own_plan(reading(), actor(), ref=ref))


@view("/plans/<ref>/acts", "POST")
def act_on_plan(ref: str) -> ResponseReturnValue:
    """Share my plan, agree, note its middle, close it, say something; or take that back."""
    form = PlanActForm(request.form)
    back = url_for("lms.own_plan", ref=ref)
    try:
        if not form.validate():
            raise Invalid(N_("Nothing was sent."))
        with transaction() as session:
            if is_repeated(session):
                return redirect(back)
            act_on_own_plan(session, actor(), ref=ref, **act_fields(form))
    except Invalid as error:
        form.take_faults(error.fields)
        return _page(plans.get_own_plan(reading(), actor(), ref=ref), form, 422)
    say_done(form)
    return redirect(back)


@view("/plans/<ref>/note", "GET", "POST")
def plan_note(ref: str) -> ResponseReturnValue:
    """What I write beside a plan for myself alone."""
    form = PlanNoteForm(request.form)
    if request.method == "GET":
        form.text.data = plans.get_note(reading(), actor(), ref=ref)
    elif form.validate():
        with transaction() as session:
            plans.save_note(session, actor(), ref=ref, text=form.text.data or "")
        say(N_("Your note is kept. You alone can read it."))
        return redirect(url_for("lms.plan_note", ref=ref))
    return render("plan_note.html", ref=ref, form=form), 422 if form.errors else 200


@view("/plan/ideas")
def plan_ideas() -> ResponseReturnValue:
    """What my plan could be about."""
    return render("plan_ideas.html", ideas=get_ideas(reading(), actor()))
