"""Plans of a manager's team, as far as they are shared; and where plans stand, for HR."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services.plan_acts import act_on_team_plan as act
from lms.services.team_plans import TeamPlan, get_team_plan, list_stages
from lms.web.forms import page_number
from lms.web.gate import is_repeated, view
from lms.web.pages import render
from lms.web.plan_acts import act_fields, say_done
from lms.web.plan_forms import PlanActForm
from lms.web.plugin import actor, reading, transaction


@view("/team/plans/<ref>")
def team_plan(ref: str) -> ResponseReturnValue:
    """The shared plan of somebody in my team."""
    return _page(get_team_plan(reading(), actor(), ref=ref))


def _page(found: TeamPlan, act_form: PlanActForm | None = None, status: int = 200) -> ResponseReturnValue:
    page = render(
        "team_plan.html", plan=found.plan, framework=found.framework, act_form=act_form, blank_act=PlanActForm()
    )
    return page, status


@view("/team/plans/<ref>/acts", "POST")
def act_on_team_plan(ref: str) -> ResponseReturnValue:
    """Agree to a plan of my team, note its middle, close it, say something; or take that back."""
    form = PlanActForm(request.form)
    back = url_for("lms.team_plan", ref=ref)
    try:
        if not form.validate():
            raise Invalid(N_("Nothing was sent."))
        with transaction() as session:
            if is_repeated(session):
                return redirect(back)
            act(session, actor(), ref=ref, **act_fields(form))
    except Invalid as error:
        form.take_faults(error.fields)
        return _page(get_team_plan(reading(), actor(), ref=ref), form, 422)
    say_done(form)
    return redirect(back)


@view("/hr/plans")
def plan_stages() -> ResponseReturnValue:
    """Where the plans of the people in scope stand."""
    number = page_number(request.args.get("page"))
    return render("plan_stages.html", page=list_stages(reading(), actor(), page=number), number=number)
