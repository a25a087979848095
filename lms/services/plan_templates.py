"""Templates of plans: reference data beside the courses; a plan that is begun with one keeps its code and version."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseVersion,
    DevelopmentPlan,
    Enrolment,
    Objective,
    PlanItem,
    ReferenceVersion,
)
from lms.permissions import Actor
from lms.rules.plans import CONDITIONS
from lms.services.courses import audience, open_to, own_enrolment
from lms.services.framework import current_references
from lms.services.plan_words import item_row, objective_row
from lms.services.scope import own

KIND = "plan-templates"


def list_templates(references: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The templates of the newest version: code, name, line, objectives."""
    return list(references.get(KIND, {"templates": []})["templates"])


def fill_from_template(session: Session, actor: Actor, plan: DevelopmentPlan, *, code: str) -> None:
    """Write what a template holds into a new plan; courses that are not open to the person are left out. NotFound."""
    found = {one["code"]: one for one in list_templates(current_references(session, KIND))}
    if code not in found:
        raise NotFound()
    newest = select(func.max(ReferenceVersion.number)).where(ReferenceVersion.kind == KIND)
    plan.template, plan.template_version = code, session.scalar(newest)
    query = select(Course.code, Course.id).join(CourseVersion, CURRENT_VERSION).outerjoin(Enrolment, own_enrolment())
    courses = {row.code: row.id for row in session.execute(query.where(open_to(audience(actor))), own(actor))}
    for aim in found[code]["objectives"]:
        words = {name: aim[name] for name in ("text", "measure", "competency")} | {"due_on": None}
        objective = Objective(**objective_row(actor, plan.id, words))
        session.add(objective)
        session.flush()
        for step in aim["steps"]:
            course_id = courses.get(step["course"])
            if step["kind"] != "course" or course_id is not None:
                row = item_row(actor, objective.id, step["kind"], step["text"], course_id, CONDITIONS[step["kind"]][0])
                session.add(PlanItem(**row))
    session.flush()
