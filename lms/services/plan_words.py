"""What a person writes into their own plan: objectives and the steps there; what is signed by hand."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseVersion,
    DevelopmentPlan,
    Enrolment,
    Objective,
    PlanItem,
    PlanItemSignature,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.plan_stages import Stage
from lms.rules.plans import CONDITIONS, Condition
from lms.services.courses import audience, open_to, own_enrolment
from lms.services.framework import current_framework
from lms.services.plan_rows import read_objectives, settle
from lms.services.scope import own
from lms.services.submitting import BY_ATTENDANCE
from lms.services.writing import audit

TEXT_LIMIT = 1000
KINDS = tuple(CONDITIONS)


def save_objective(
    session: Session, actor: Actor, *, ref: str | None, text: str, measure: str, due_on: date | None, competency: str
) -> Objective:
    """Add an objective to today's plan (`ref` None) or change the words of one's own."""
    require(actor, "plans.write")
    fields = _text_faults({"text": (text, True), "measure": (measure, False)})
    if fields:
        raise Invalid(N_("The objective was not saved."), fields)
    words = {"text": text.strip(), "measure": measure.strip(), "due_on": due_on, "competency": competency}
    if ref is None:
        plan = _own_plan(session, actor)
        objective = Objective(**objective_row(actor, plan.id, words))
        session.add(objective)
    else:
        objective, plan = _own_objective(session, actor, ref)
        for name, value in words.items():
            setattr(objective, name, value)
    _changed(session, actor, plan)
    audit(session, actor, "plans.save_objective", "objective", objective.ref)
    return objective


def get_objective(session: Session, actor: Actor, *, ref: str) -> tuple[Any, dict[str, Any]]:
    """Words of an objective on the actor's plan of today, and the newest framework. NotFound. Two queries."""
    require(actor, "plans.write")
    plan = DevelopmentPlan
    found = session.execute(
        select(Objective.ref, Objective.text, Objective.competency)
        .join(plan, plan.id == Objective.plan_id)
        .where(Objective.ref == ref, Objective.removed_at.is_(None), plan.person_id == actor.person_id)
        .where(plan.starts_on <= actor.today, plan.ends_on >= actor.today)
    ).first()
    if found is None:
        raise NotFound()
    return found, _framework(session)


def _framework(session: Session) -> dict[str, Any]:
    return current_framework(session)


def objective_row(actor: Actor, plan_id: int, words: dict[str, Any]) -> dict[str, Any]:
    """An objective that is added now, with its words."""
    return {"ref": new_ref(), "plan_id": plan_id, "created_at": actor.at, **words}


def remove_objective(session: Session, actor: Actor, *, ref: str) -> None:
    """Take an objective off the plan; it is hidden, not deleted."""
    require(actor, "plans.write")
    objective, plan = _own_objective(session, actor, ref)
    objective.removed_at = actor.at
    _changed(session, actor, plan)
    audit(session, actor, "plans.remove_objective", "objective", ref)


def carry_over(session: Session, actor: Actor, *, ref: str) -> Objective:
    """Take an objective of an earlier plan of one's own into today's, with its open steps; once. NotFound."""
    require(actor, "plans.write")
    plan = _own_plan(session, actor)
    row = session.execute(
        select(Objective, DevelopmentPlan)
        .join(DevelopmentPlan, DevelopmentPlan.id == Objective.plan_id)
        .where(Objective.ref == ref, Objective.removed_at.is_(None), DevelopmentPlan.person_id == actor.person_id)
        .where(DevelopmentPlan.ends_on < plan.starts_on)
    ).first()
    if row is None:
        raise NotFound()
    origin, before = row
    there = select(Objective).where(Objective.plan_id == plan.id, Objective.carried_from == ref)
    known = session.scalar(there.where(Objective.removed_at.is_(None)))
    if known is not None:
        return known
    words = {name: getattr(origin, name) for name in ("text", "measure", "due_on", "competency")}
    objective = Objective(**objective_row(actor, plan.id, words), carried_from=ref)
    session.add(objective)
    session.flush()
    views = {one.objective.ref: one for one in read_objectives(session, actor, [before])[before.id]}
    left = [view.item.ref for view in views[ref].items if not view.state.is_closed]
    for item in session.scalars(select(PlanItem).where(PlanItem.ref.in_(left)).order_by(PlanItem.id)):
        session.add(PlanItem(**_copied(actor, objective.id, item)))
    _changed(session, actor, plan)
    audit(session, actor, "plans.carry_over", "objective", objective.ref)
    return objective


def _copied(actor: Actor, objective_id: int, item: PlanItem) -> dict[str, Any]:
    more = {"competency": item.competency, "level": item.level}
    return item_row(actor, objective_id, item.kind, item.text, item.course_id, item.condition) | more


def add_item(
    session: Session, actor: Actor, *, objective_ref: str, kind: str, text: str, course_slug: str,
    condition: str = "", competency: str = "", level: int | None = None,
) -> PlanItem:  # fmt: skip
    """Add a step: by experience or with people (needs words), or a course (needs the course).

    `condition` says what closes it; empty: what is usual for the kind. A level or a task needs its competency.
    """
    require(actor, "plans.write")
    objective, plan = _own_objective(session, actor, objective_ref)
    if kind not in CONDITIONS:
        raise Invalid(N_("The step was not added."), {"kind": N_("Choose what kind of step it is.")})
    condition = condition or CONDITIONS[kind][0]
    course_id = _open_course(session, actor, course_slug) if kind == "course" else None
    fields = _text_faults({"text": (text, kind != "course")})
    if kind == "course" and course_id is None:
        fields["course"] = N_("Choose a course.")
    elif kind == "course":
        fields |= _course_faults(session, course_id, condition)
    fields |= _condition_faults(session, kind, condition, competency, level)
    if fields:
        raise Invalid(N_("The step was not added."), fields)
    row = item_row(actor, objective.id, kind, text.strip(), course_id, condition)
    if condition in (Condition.TASK, Condition.LEVEL):
        row |= {"competency": competency, "level": level if condition == Condition.LEVEL else None}
    item = PlanItem(**row)
    session.add(item)
    _changed(session, actor, plan)
    audit(session, actor, "plans.add_item", "plan_item", item.ref)
    return item


def _open_course(session: Session, actor: Actor, slug: str) -> int | None:
    query = select(Course.id).join(CourseVersion, CURRENT_VERSION).outerjoin(Enrolment, own_enrolment())
    found: int | None = session.scalar(query.where(Course.slug == slug, open_to(audience(actor))), own(actor))
    return found


def _course_faults(session: Session, course_id: int | None, condition: str) -> dict[str, str]:
    query = select(CourseVersion.requires_application, CourseVersion.completes_by).join(Course, CURRENT_VERSION)
    has_task, completes_by = session.execute(query.where(Course.id == course_id)).one()
    if condition == Condition.CERTIFIED and not has_task:
        return {"condition": N_("This course has no task at work, so it is done when it is completed.")}
    if condition == Condition.ATTENDED and completes_by != BY_ATTENDANCE:
        return {"condition": N_("This course has no live session, so it is done when it is completed.")}
    return {}


def _condition_faults(
    session: Session, kind: str, condition: str, competency: str, level: int | None
) -> dict[str, str]:
    if condition not in CONDITIONS[kind]:
        return {
            "condition": N_("A course closes when it is completed, certified or attended, another step in another way.")
        }
    if condition not in (Condition.TASK, Condition.LEVEL):
        return {}
    framework = _framework(session)
    faults = {}
    if competency not in {one["code"] for one in framework["competencies"]}:
        faults["competency"] = N_("Choose the competency of which it is to be shown.")
    if condition == Condition.LEVEL and level not in {one["level"] for one in framework["levels"]}:
        faults["level"] = N_("Choose the level that is to be reached.")
    return faults


def item_row(
    actor: Actor, objective_id: int, kind: str, text: str, course_id: int | None, condition: str
) -> dict[str, Any]:
    """A step that is added now."""
    return {
        "ref": new_ref(), "objective_id": objective_id, "kind": kind, "text": text, "course_id": course_id,
        "condition": condition, "created_at": actor.at,
    }  # fmt: skip


def remove_item(session: Session, actor: Actor, *, ref: str) -> None:
    """Take a step off the plan; it is hidden, not deleted."""
    require(actor, "plans.write")
    item, plan = _own_item(session, actor, ref)
    item.removed_at = actor.at
    _changed(session, actor, plan)
    audit(session, actor, "plans.remove_item", "plan_item", ref)


def sign_item(session: Session, actor: Actor, *, ref: str, done: bool) -> None:
    """Sign a step as done, or take the signature back. A step that follows a record closes by that alone."""
    require(actor, "plans.write")
    item, _plan = _own_item(session, actor, ref)
    if item.condition != Condition.SIGNED:
        raise Conflict(N_("This step closes by itself, by what the records say."))
    session.add(PlanItemSignature(**signature_row(actor, item.id, done)))
    audit(session, actor, "plans.sign_item" if done else "plans.unsign_item", "plan_item", ref)


def signature_row(actor: Actor, item_id: int, done: bool) -> dict[str, Any]:
    """A step signed as done now, or the signature taken back."""
    return {"item_id": item_id, "done": done, "signed_by": actor.person_id, "signed_at": actor.at}


def _text_faults(texts: dict[str, tuple[str, bool]]) -> dict[str, str]:
    faults = {}
    for name, (text, needed) in texts.items():
        if needed and not text.strip():
            faults[name] = N_("This cannot be empty.")
        elif len(text) > TEXT_LIMIT:
            faults[name] = N_("This is too long: at most 1,000 characters.")
    return faults


def _changed(session: Session, actor: Actor, plan: DevelopmentPlan) -> None:
    """The plan's words are others now: what both sides agreed to may no longer be what it says."""
    session.flush()
    if plan.stage != Stage.DRAFT:
        settle(session, actor, plan)


def _own_plan(session: Session, actor: Actor) -> DevelopmentPlan:
    plan = DevelopmentPlan
    query = select(plan).where(plan.starts_on <= actor.today, plan.ends_on >= actor.today)
    found = session.scalar(query.where(plan.person_id == actor.person_id).with_for_update())
    if found is None:
        raise Conflict(N_("Start your plan for this year first."))
    return _open(found)


def _open(plan: DevelopmentPlan) -> DevelopmentPlan:
    if plan.stage == Stage.CLOSED:
        raise Conflict(N_("This plan is closed: it stays as it is."))
    return plan


def _own(session: Session, actor: Actor, query: Any) -> tuple[Any, DevelopmentPlan]:
    row = session.execute(
        query.join(DevelopmentPlan, DevelopmentPlan.id == Objective.plan_id)
        .where(Objective.removed_at.is_(None), DevelopmentPlan.person_id == actor.person_id)
        .with_for_update(of=DevelopmentPlan)
    ).first()
    if row is None:
        raise NotFound()
    return row[0], _open(row[1])


def _own_objective(session: Session, actor: Actor, ref: str) -> tuple[Objective, DevelopmentPlan]:
    return _own(session, actor, select(Objective, DevelopmentPlan).where(Objective.ref == ref))


def _own_item(session: Session, actor: Actor, ref: str) -> tuple[PlanItem, DevelopmentPlan]:
    query = select(PlanItem, DevelopmentPlan).join(Objective, Objective.id == PlanItem.objective_id)
    return _own(session, actor, query.where(PlanItem.ref == ref, PlanItem.removed_at.is_(None)))
