"""The plans of the small organisation at work."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from lms.db import Database
from lms.models import Objective
from lms.permissions import Actor
from lms.services import plan_words, plans
from lms.services.plan_acts import act_on_own_plan
from tests import world

CYCLE = "07-01"


def write_plans(database: Database, actor: Actor, person: str) -> dict[str, str]:
    """A plan of this year, with a step by experience and a course, shared where somebody is the manager; and one of the
    year before that was left open. Kind -> public name."""
    before, made = replace(actor, at=world.NOW - timedelta(days=365)), dict[str, str]()
    with database.transaction() as session:
        plans.start_plan(session, before, cycle_start=CYCLE)
        made["old objective"] = _objective(session, before, f"Old aim of {person}").ref
    with database.transaction() as session:
        plans.start_plan(session, actor, cycle_start=CYCLE)
        made["objective"] = _objective(session, actor, f"Aim of {person}").ref
        for kind, slug in (("experience", ""), ("course", "third")):
            item = plan_words.add_item(
                session, actor, objective_ref=made["objective"], kind=kind, text=f"Step of {person}", course_slug=slug
            )
            made[f"{kind} item"] = item.ref
        for kind, slug, more in (  # what asks for evidence costs the page a query
            ("experience", "", {"condition": "level", "competency": "PC1", "level": 2}),
            ("people", "", {"condition": "task", "competency": "PC1"}),
            ("course", "basics", {"condition": "certified"}),
        ):
            plan_words.add_item(
                session, actor, objective_ref=made["objective"], kind=kind, text=f"Practice of {person}",
                course_slug=slug, **more,
            )  # fmt: skip
    with database.transaction() as session:
        mine = plans.get_plan(session, actor, cycle_start=CYCLE)
        made["plan"] = mine.plan or ""
        if mine.manager:
            act_on_own_plan(session, actor, ref=made["plan"], kind="shared")
            made["shared plan"] = made["plan"]
    return made


def _objective(session: Session, actor: Actor, text: str) -> Objective:
    return plan_words.save_objective(session, actor, ref=None, text=text, measure="", due_on=None, competency="")
