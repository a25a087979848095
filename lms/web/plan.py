"""My development plan."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lms.errors import N_, Invalid, NotFound
from lms.services import plans
from lms.services.catalogue import CatalogueFilter, list_courses
from lms.services.framework import current_references
from lms.web import words
from lms.web.assessments import plan_focus
from lms.web.forms import ItemForm, LmsForm, ObjectiveForm, SignForm, chosen_day
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction


def _back() -> ResponseReturnValue:
    return redirect(url_for("lms.plan"))


@dataclass(frozen=True)
class Offers:
    """What the forms of a plan offer, as values with labels."""

    competencies: list[tuple[str, str]]
    courses: list[tuple[str, str]]


def _offers() -> Offers:
    framework = current_references(reading(), "framework").get("framework", {"competencies": []})
    courses = list_courses(reading(), actor(), wanted=CatalogueFilter())
    return Offers(
        [(c["code"], f"{c['code']} {c['name']}") for c in framework["competencies"]],
        [(course.slug, course.title) for course in courses],
    )


def _objective_form(offers: Offers, data: MultiDict[str, str] | None = None) -> ObjectiveForm:
    form = ObjectiveForm(data)
    offer(form.competency, offers.competencies, N_("No single one"))
    return form


def _item_form(offers: Offers, data: MultiDict[str, str] | None = None) -> ItemForm:
    form = ItemForm(data)
    offer(form.kind, [(kind, gettext(words.ITEM_KIND[kind])) for kind in plans.KINDS])
    offer(form.course, offers.courses, N_("No course"))
    return form


def _get_plan() -> plans.PlanPage:
    return plans.get_plan(reading(), actor(), cycle_start=plugin().plan_cycle_start)


def _page(page: plans.PlanPage, offers: Offers, status: int = 200, **forms: LmsForm | str) -> ResponseReturnValue:
    """The plan page; a form that was refused is shown in its place with what it held, the others are blank."""
    shown = {"objective_form": None, "item_form": None, "edited": "", **forms}
    blank = {"blank_item": _item_form(offers), "blank_objective": _objective_form(offers)}
    return render("plan.html", page=page, focus=plan_focus(offers.competencies), **blank, **shown), status


@view("/plan")
def plan() -> ResponseReturnValue:
    """The plan of this year: objectives, steps, and what closed them."""
    return _page(_get_plan(), _offers())


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
    page, offers = _get_plan(), _offers()
    objective = next((view.objective for view in page.objectives if view.objective.ref == ref), None)
    if objective is None:
        raise NotFound()
    form = _objective_form(offers)
    for name in ("text", "measure", "due_on", "competency"):
        form[name].data = getattr(objective, name)
    return _page(page, offers, objective_form=form, edited=ref)


def _save_objective(ref: str | None) -> ResponseReturnValue:
    offers = _offers()
    form = _objective_form(offers, request.form)
    if not form.validate():
        return _page(_get_plan(), offers, 422, objective_form=form, edited=ref or "new")
    try:
        with transaction() as session:
            if is_repeated(session):
                return _back()
            plans.save_objective(
                session, actor(), cycle_start=plugin().plan_cycle_start, ref=ref, text=form.text.data or "",
                measure=form.measure.data or "", due_on=chosen_day(form.due_on), competency=form.competency.data or "",
            )  # fmt: skip
    except Invalid as error:
        form.take_faults(error.fields)
        return _page(_get_plan(), offers, 422, objective_form=form, edited=ref or "new")
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
    offers = _offers()
    form = _item_form(offers, request.form)
    if not form.validate():
        return _page(_get_plan(), offers, 422, item_form=form, edited=ref)
    try:
        with transaction() as session:
            if is_repeated(session):
                return _back()
            plans.add_item(
                session, actor(), objective_ref=ref, kind=form.kind.data, text=form.text.data or "",
                course_slug=form.course.data or "",
            )  # fmt: skip
    except Invalid as error:
        form.take_faults(error.fields)
        return _page(_get_plan(), offers, 422, item_form=form, edited=ref)
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
