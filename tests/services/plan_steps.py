"""Steps of plans between two sides."""

from lms.services.plan_acts import act_on_own_plan, act_on_team_plan
from lms.services.plan_words import add_item, save_objective
from lms.services.plans import get_own_plan, get_plan, start_plan
from lms.services.team_plans import get_team_plan
from tests.services.steps import CYCLE


def begin(database, actor) -> str:
    """A plan with an objective and two steps; its ref."""
    with database.transaction() as session:
        start_plan(session, actor, cycle_start=CYCLE)
        aim = save_objective(session, actor, ref=None, text="Lead a review", measure="", due_on=None, competency="PC1")
        for words in ("Draft the agenda", "Lead it"):
            add_item(session, actor, objective_ref=aim.ref, kind="experience", text=words, course_slug="")
    with database.read() as session:
        return get_plan(session, actor, cycle_start=CYCLE).plan or ""


def seen(database, actor, ref):
    with database.read() as session:
        return get_own_plan(session, actor, ref=ref)


def own(database, actor, ref, kind, **more) -> None:
    more = {"words": seen(database, actor, ref).view.words, **more}
    with database.transaction() as session:
        act_on_own_plan(session, actor, ref=ref, kind=kind, **more)


def team(database, actor, ref, kind, **more) -> None:
    with database.read() as session:
        more = {"words": get_team_plan(session, actor, ref=ref).plan.view.words, **more}
    with database.transaction() as session:
        act_on_team_plan(session, actor, ref=ref, kind=kind, **more)


def agree(database, who) -> str:
    """Amina's plan, to which she and Kofi have agreed."""
    ref = begin(database, who("amina"))
    own(database, who("amina"), ref, "shared")
    own(database, who("amina"), ref, "agreed")
    team(database, who("kofi"), ref, "agreed")
    return ref


def close(database, who) -> str:
    ref = agree(database, who)
    own(database, who("amina"), ref, "closed")
    team(database, who("kofi"), ref, "closed")
    return ref
