"""My development plan."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services import plans
from lms.services.courses import CatalogueFilter, list_courses
from lms.services.levels import current_references
from lms.web import words
from lms.web.forms import ItemForm, LmsForm, ObjectiveForm, SignForm, chosen_day, offer
from lms.web.gate import say, view
from lms.web.language import gettext
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction


def _back() -> ResponseReturnValue:
    return redirect(url_for("lms.plan"))


def _objective_form() -> ObjectiveForm:
    form = ObjectiveForm(request.form)
    framework = current_references(reading(), "framework").get("framework", {"competencies": []})
    named = [(c["code"], f"{c['code']} {c['name']}") for c in framework["competencies"]]
    offer(form.competency, named, N_("No single one"))
    return form


def _item_form() -> ItemForm:
    form = ItemForm(request.form)
    offer(form.kind, [(kind, gettext(words.ITEM_KIND[kind])) for kind in plans.KINDS])
    courses = list_courses(reading(), actor(), wanted=CatalogueFilter())
    offer(form.course, [(course.slug, course.title) for course in courses], N_("No course"))
    return form


def _page(status: int = 200, **forms: LmsForm | str) -> ResponseReturnValue:
    """The plan page; a form that was refused is shown in its place with what it held."""
    page = plans.get_plan(reading(), actor(), cycle_start=plugin().plan_cycle_start)
    shown = {"objective_form": None, "item_form": None, "edited": "", **forms}
    blank_item, blank_objective = _item_form(), _objective_form()
    return render("plan.html", page=page, blank_item=blank_item, blank_objective=blank_objective, **shown), status


@view("/plan")
def plan() -> ResponseReturnValue:
    """The plan of this year: objectives, steps, and what closed them."""
    return _page()


@view("/plan/start", "POST")
def start_plan() -> ResponseReturnValue:
    """Open this year's plan."""
    with transaction() as session:
        plans.start_plan(session, actor(), cycle_start=plugin().plan_cycle_start)
    return _back()


@view("/plan/objectives", "POST")
def add_objective() -> ResponseReturnValue:
    """Add an objective."""
    return _save_objective(None)


@view("/plan/objectives/<ref>", "GET", "POST")
def edit_objective(ref: str) -> ResponseReturnValue:
    """Change the words of an objective."""
    if request.method == "POST":
        return _save_objective(ref)
    objective = plans.get_objective(reading(), actor(), ref=ref)
    form = _objective_form()
    for name in ("text", "measure", "due_on", "competency"):
        form[name].data = getattr(objective, name)
    return _page(objective_form=form, edited=ref)


def _save_objective(ref: str | None) -> ResponseReturnValue:
    form = _objective_form()
    if not form.validate():
        return _page(422, objective_form=form, edited=ref or "new")
    try:
        with transaction() as session:
            plans.save_objective(
                session, actor(), cycle_start=plugin().plan_cycle_start, ref=ref, text=form.text.data or "",
                measure=form.measure.data or "", due_on=chosen_day(form.due_on), competency=form.competency.data or "",
            )  # fmt: skip
    except Invalid as error:
        form.take_faults(error.fields)
        return _page(422, objective_form=form, edited=ref or "new")
    say(N_("Your objective is saved."))
    return _back()


@view("/plan/objectives/<ref>/remove", "POST")
def remove_objective(ref: str) -> ResponseReturnValue:
    """Take an objective off the plan."""
    with transaction() as session:
        plans.remove_objective(session, actor(), ref=ref)
    say(N_("The objective is off your plan."))
    return _back()


@view("/plan/objectives/<ref>/items", "POST")
def add_item(ref: str) -> ResponseReturnValue:
    """Add a step to an objective."""
    form = _item_form()
    if not form.validate():
        return _page(422, item_form=form, edited=ref)
    try:
        with transaction() as session:
            plans.add_item(
                session, actor(), objective_ref=ref, kind=form.kind.data, text=form.text.data or "",
                course_slug=form.course.data or "",
            )  # fmt: skip
    except Invalid as error:
        form.take_faults(error.fields)
        return _page(422, item_form=form, edited=ref)
    say(N_("The step is on your plan."))
    return _back()


@view("/plan/items/<ref>/remove", "POST")
def remove_item(ref: str) -> ResponseReturnValue:
    """Take a step off the plan."""
    with transaction() as session:
        plans.remove_item(session, actor(), ref=ref)
    say(N_("The step is off your plan."))
    return _back()


@view("/plan/items/<ref>/sign", "POST")
def sign_item(ref: str) -> ResponseReturnValue:
    """Sign a step as done, or take the signature back."""
    form = SignForm(request.form)
    if not form.validate():
        raise Invalid(N_("Nothing was signed: the form was incomplete. Open your plan and try again."))
    with transaction() as session:
        plans.sign_item(session, actor(), ref=ref, done=bool(form.done.data))
    say(N_("The step is signed as done.") if form.done.data else N_("The signature is taken back."))
    return _back()
