"""My development plan: its objectives and steps."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lms.errors import N_, Invalid, NotFound
from lms.services import plan_words, plans
from lms.services.catalogue import CatalogueFilter, list_courses
from lms.services.plan_views import ObjectiveView
from lms.web import words
from lms.web.forms import LmsForm, chosen_day
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plan_forms import ItemForm, ObjectiveForm, PlanActForm, SignForm
from lms.web.plugin import actor, plugin, reading, transaction

LONGEST_IDEA = 300


def _back() -> ResponseReturnValue:
    return redirect(url_for("lms.plan"))


def _get_plan() -> plans.PlanPage:
    return plans.get_plan(reading(), actor(), cycle_start=plugin().plan_cycle_start)


def _competencies(framework: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["code"], f"{one['code']} {one['name']}") for one in framework["competencies"]]


def _objective_form(page: plans.PlanPage, data: MultiDict[str, str] | None = None) -> ObjectiveForm:
    form = ObjectiveForm(data)
    offer(form.competency, _competencies(page.framework), N_("No single one"))
    return form


@dataclass(frozen=True)
class Idea:
    """What another page proposes for the plan."""

    text: str
    competency: str


def _idea(page: plans.PlanPage) -> tuple[ObjectiveForm, Idea | None]:
    """A blank form for a new objective, or one that holds what another page proposes."""
    form = _objective_form(page)
    text, competency = request.args.get("text", "")[:LONGEST_IDEA], request.args.get("competency", "")
    known = competency if competency in {code for code, _ in _competencies(page.framework)} else ""
    if request.method != "GET" or not text:
        return form, None
    form.text.data, form.competency.data = text, known
    return form, Idea(text, known)


def plan_page(page: plans.PlanPage, status: int = 200, **forms: LmsForm | str) -> ResponseReturnValue:
    """The plan page; a form that was refused is shown in its place with what it held, the others are blank."""
    blank, idea = _idea(page)
    shown = {"objective_form": None, "edited": "", "act_form": None, "idea": idea, **forms}
    blanks = {"blank_objective": blank, "blank_act": PlanActForm()}
    focus = [label for code, label in _competencies(page.framework) if code in page.focus]
    return render("plan.html", page=page, focus=focus, **blanks, **shown), status


@view("/plan")
def plan() -> ResponseReturnValue:
    """The plan of this year: objectives, steps, what closed them, and where it stands between both sides."""
    return plan_page(_get_plan())


@view("/plan/start", "POST")
def start_plan() -> ResponseReturnValue:
    """Open this year's plan, perhaps from a template."""
    with transaction() as session:
        template = request.form.get("template", "")
        plans.start_plan(session, actor(), cycle_start=plugin().plan_cycle_start, template=template)
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
    page = _get_plan()
    objective = _find(page, ref).objective
    form = _objective_form(page)
    for name in ("text", "measure", "due_on", "competency"):
        form[name].data = getattr(objective, name)
    return plan_page(page, objective_form=form, edited=ref)


def _find(page: plans.PlanPage, ref: str) -> ObjectiveView:
    found = next((one for one in page.objectives if one.objective.ref == ref), None)
    if found is None:
        raise NotFound()
    return found


def _save_objective(ref: str | None) -> ResponseReturnValue:
    page = _get_plan()
    form = _objective_form(page, request.form)
    if not form.validate():
        return plan_page(page, 422, objective_form=form, edited=ref or "new")
    try:
        with transaction() as session:
            if is_repeated(session):
                return _back()
            plan_words.save_objective(
                session, actor(), ref=ref, text=form.text.data or "", measure=form.measure.data or "",
                due_on=chosen_day(form.due_on), competency=form.competency.data or "",
            )  # fmt: skip
    except Invalid as error:
        form.take_faults(error.fields)
        return plan_page(_get_plan(), 422, objective_form=form, edited=ref or "new")
    say(N_("Your objective is saved."))
    return _back()


@view("/plan/objectives/<ref>/remove", "POST")
def remove_objective(ref: str) -> ResponseReturnValue:
    """Take an objective off the plan."""
    with transaction() as session:
        plan_words.remove_objective(session, actor(), ref=ref)
    say(N_("The objective is off your plan."))
    return _back()


@view("/plan/objectives/<ref>/carry", "POST")
def carry_over(ref: str) -> ResponseReturnValue:
    """Take an open objective of an earlier plan into today's."""
    with transaction() as session:
        plan_words.carry_over(session, actor(), ref=ref)
    say(N_("The objective is on this year's plan, with its open steps."))
    return _back()


@view("/plan/objectives/<ref>/items", "GET", "POST")
def add_item(ref: str) -> ResponseReturnValue:
    """Add a step to an objective."""
    objective, framework = plan_words.get_objective(reading(), actor(), ref=ref)
    form = _item_form(objective, framework)
    if request.method == "GET":
        form.text.data = request.args.get("text", "")[:LONGEST_IDEA]
        return _item_page(objective, form)
    if not form.validate():
        return _item_page(objective, form, 422)
    try:
        with transaction() as session:
            if not is_repeated(session):
                plan_words.add_item(session, actor(), objective_ref=ref, **_item_fields(form))
    except Invalid as error:
        form.take_faults(error.fields)
        return _item_page(objective, form, 422)
    say(N_("The step is on your plan."))
    return _back()


def _item_form(objective: Any, framework: dict[str, Any]) -> ItemForm:
    form = ItemForm(request.form if request.method == "POST" else None)
    courses = list_courses(reading(), actor(), wanted=CatalogueFilter())
    levels = [(str(one["level"]), f"{one['level']} {one['name']}") for one in framework["levels"]]
    offer(form.kind, [(kind, gettext(words.ITEM_KIND[kind])) for kind in plan_words.KINDS])
    offer(form.course, [(course.slug, course.title) for course in courses], N_("No course"))
    offer(
        form.condition, [(name, gettext(text)) for name, text in words.CONDITION.items()],
        N_("as usual: a course when it is completed, another step when you sign it"),
    )  # fmt: skip
    offer(form.competency, _competencies(framework), N_("None"))
    offer(form.level, levels, N_("None"))
    if request.method == "GET":
        form.competency.data = objective.competency
    return form


def _item_fields(form: ItemForm) -> dict[str, Any]:
    return {
        "kind": form.kind.data, "text": form.text.data or "", "course_slug": form.course.data or "",
        "condition": form.condition.data or "", "competency": form.competency.data or "",
        "level": int(form.level.data) if form.level.data else None,
    }  # fmt: skip


def _item_page(objective: Any, form: ItemForm, status: int = 200) -> ResponseReturnValue:
    return render("plan_step.html", objective=objective, form=form), status


@view("/plan/items/<ref>/remove", "POST")
def remove_item(ref: str) -> ResponseReturnValue:
    """Take a step off the plan."""
    with transaction() as session:
        plan_words.remove_item(session, actor(), ref=ref)
    say(N_("The step is off your plan."))
    return _back()


@view("/plan/items/<ref>/sign", "POST")
def sign_item(ref: str) -> ResponseReturnValue:
    """Sign a step as done, or take the signature back."""
    form = SignForm(request.form)
    if not form.validate():
        raise Invalid(N_("Nothing was signed: the form was incomplete. Open your plan and try again."))
    with transaction() as session:
        plan_words.sign_item(session, actor(), ref=ref, done=bool(form.done.data))
    say(N_("The step is signed as done.") if form.done.data else N_("The signature is taken back."))
    return _back()
