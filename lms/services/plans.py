"""A person's development plan: objectives, items, and what closes them."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Date, Executable, ScalarSelect, and_, bindparam, func, select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import (
    CURRENT_VERSION,
    CURRENT_WITHDRAWAL,
    Completion,
    CompletionWithdrawal,
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
from lms.rules import plans as rule
from lms.services.courses import audience, join_texts, localised, open_to, own_enrolment
from lms.services.scope import ME, own, rows
from lms.services.writing import audit, insert_once

TEXT_LIMIT = 1000
KINDS = ("experience", "people", "course")


class ItemWords(NamedTuple):
    """What somebody wrote of a step."""

    ref: str
    kind: str
    text: str


class ObjectiveWords(NamedTuple):
    """What somebody wrote of an objective."""

    ref: str
    text: str
    measure: str
    due_on: date | None
    competency: str


@dataclass(frozen=True)
class ItemView:
    """A plan item with its state; `title` and `slug` are of the course that it is bound to."""

    item: ItemWords
    state: rule.ItemState
    title: str
    slug: str


@dataclass(frozen=True)
class ObjectiveView:
    """An objective with its items, in the order of their making."""

    objective: ObjectiveWords
    items: list[ItemView]


@dataclass(frozen=True)
class PlanPage:
    """The plan of the cycle that holds today, or none yet."""

    starts_on: date
    ends_on: date
    plan: str | None  # its ref
    objectives: list[ObjectiveView]

    @property
    def open_items(self) -> list[ItemView]:
        """What is left to do."""
        return [item for view in self.objectives for item in view.items if not item.state.is_closed]


def get_plan(session: Session, actor: Actor, *, cycle_start: str) -> PlanPage:
    """The actor's own plan; `cycle_start` is "MM-DD". One query."""
    require(actor, "plans.write")
    starts_on, ends_on = rule.cycle(actor.today, cycle_start)
    found = rows(session, _own_plan_rows(), own(actor, starts_on=starts_on))
    if not found:
        return PlanPage(starts_on, ends_on, None, [])
    objectives = []
    for objective_id, lines in groupby(found, key=lambda row: row.objective_id):
        if objective_id is not None:
            of_it = list(lines)
            items = [_item(list(facts)) for number, facts in groupby(of_it, key=lambda row: row.item_id) if number]
            objectives.append(ObjectiveView(ObjectiveWords._make(of_it[0][1:6]), items))
    return PlanPage(starts_on, ends_on, found[0].plan, objectives)


def _item(facts: list[Any]) -> ItemView:
    """An item from its rows: one for each completion of its course, or for each signature."""
    first = facts[0]
    if first.slug is None:
        signatures = [rule.Signature(row.signed_at, row.done) for row in facts if row.signed_at]
        state = rule.signed_item_state(signatures)
    else:
        seen = [rule.CompletionSeen(row.record, row.effective_at, row.withdrawn_at) for row in facts if row.record]
        state = rule.course_item_state(seen)
    return ItemView(ItemWords._make(first[6:9]), state, first.title or "", first.slug or "")


@cache
def _own_plan_rows() -> Executable:
    """The plan, its objectives, their items, and what closes each: a step has a course or signatures, never both."""
    withdrawn_at = CompletionWithdrawal.effective_at.label("withdrawn_at")
    return (
        select(DevelopmentPlan.ref.label("plan"), Objective.ref, Objective.text, Objective.measure, Objective.due_on)
        .add_columns(Objective.competency, PlanItem.ref, PlanItem.kind, PlanItem.text, Course.slug)
        .add_columns(_title().label("title"), Completion.ref.label("record"))
        .add_columns(Completion.effective_at, withdrawn_at, PlanItemSignature.signed_at, PlanItemSignature.done)
        .add_columns(Objective.id.label("objective_id"), PlanItem.id.label("item_id"))
        .outerjoin(Objective, and_(Objective.plan_id == DevelopmentPlan.id, Objective.removed_at.is_(None)))
        .outerjoin(PlanItem, and_(PlanItem.objective_id == Objective.id, PlanItem.removed_at.is_(None)))
        .outerjoin(PlanItemSignature, PlanItemSignature.item_id == PlanItem.id)
        .outerjoin(Course, Course.id == PlanItem.course_id)
        .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == ME))
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .where(DevelopmentPlan.person_id == ME, DevelopmentPlan.starts_on == bindparam("starts_on", type_=Date))
        .order_by(Objective.id, PlanItem.id, PlanItemSignature.id)
    )


def _title() -> ScalarSelect[str]:
    """The title of a `Course`. A question of its own: with three tables more, PostgreSQL plans seven times as long."""
    preferred, source = localised()
    titled = select(func.coalesce(preferred.title, source.title)).select_from(CourseVersion).where(CURRENT_VERSION)
    return join_texts(titled, preferred, source).correlate(Course).scalar_subquery()


def start_plan(session: Session, actor: Actor, *, cycle_start: str) -> None:
    """Open the plan of the present cycle; doing it again changes nothing."""
    require(actor, "plans.write")
    row = plan_row(actor, cycle_start)
    if insert_once(session, DevelopmentPlan, **row):
        audit(session, actor, "plans.start", "plan", row["ref"])


def plan_row(actor: Actor, cycle_start: str) -> dict[str, Any]:
    """A plan of the cycle that holds today."""
    starts_on, ends_on = rule.cycle(actor.today, cycle_start)
    return {
        "ref": new_ref(), "person_id": actor.person_id, "starts_on": starts_on, "ends_on": ends_on,
        "created_at": actor.at,
    }  # fmt: skip


def save_objective(
    session: Session, actor: Actor, *, cycle_start: str, ref: str | None, text: str, measure: str,
    due_on: date | None, competency: str,
) -> Objective:  # fmt: skip
    """Add an objective (`ref` None) or change the words of one's own."""
    require(actor, "plans.write")
    fields = _text_faults({"text": (text, True), "measure": (measure, False)})
    if fields:
        raise Invalid(N_("The objective was not saved."), fields)
    words = {"text": text.strip(), "measure": measure.strip(), "due_on": due_on, "competency": competency}
    if ref is None:
        objective = Objective(**objective_row(actor, _own_plan(session, actor, cycle_start).id, words))
        session.add(objective)
    else:
        objective = _own_objective(session, actor, ref)
        for name, value in words.items():
            setattr(objective, name, value)
    session.flush()
    audit(session, actor, "plans.save_objective", "objective", objective.ref)
    return objective


def objective_row(actor: Actor, plan_id: int, words: dict[str, Any]) -> dict[str, Any]:
    """An objective that is added now, with its words."""
    return {"ref": new_ref(), "plan_id": plan_id, "created_at": actor.at, **words}


def remove_objective(session: Session, actor: Actor, *, ref: str) -> None:
    """Take an objective off the plan; it is hidden, not deleted."""
    require(actor, "plans.write")
    _own_objective(session, actor, ref).removed_at = actor.at
    audit(session, actor, "plans.remove_objective", "objective", ref)


def add_item(session: Session, actor: Actor, *, objective_ref: str, kind: str, text: str, course_slug: str) -> PlanItem:
    """Add a step: by experience or with people (needs words), or a course (needs the course)."""
    require(actor, "plans.write")
    objective = _own_objective(session, actor, objective_ref)
    if kind not in KINDS:
        raise Invalid(N_("The step was not added."), {"kind": N_("Choose what kind of step it is.")})
    course_id = None
    if kind == "course":
        query = select(Course.id).join(CourseVersion, CURRENT_VERSION).outerjoin(Enrolment, own_enrolment())
        course_id = session.scalar(query.where(Course.slug == course_slug, open_to(audience(actor))), own(actor))
        if course_id is None:
            raise Invalid(N_("The step was not added."), {"course": N_("Choose a course.")})
    fields = _text_faults({"text": (text, kind != "course")})
    if fields:
        raise Invalid(N_("The step was not added."), fields)
    item = PlanItem(**item_row(actor, objective.id, kind, text.strip(), course_id))
    session.add(item)
    session.flush()
    audit(session, actor, "plans.add_item", "plan_item", item.ref)
    return item


def item_row(actor: Actor, objective_id: int, kind: str, text: str, course_id: int | None) -> dict[str, Any]:
    """A step that is added now."""
    return {
        "ref": new_ref(), "objective_id": objective_id, "kind": kind, "text": text, "course_id": course_id,
        "created_at": actor.at,
    }  # fmt: skip


def remove_item(session: Session, actor: Actor, *, ref: str) -> None:
    """Take a step off the plan; it is hidden, not deleted."""
    require(actor, "plans.write")
    _own_item(session, actor, ref).removed_at = actor.at
    audit(session, actor, "plans.remove_item", "plan_item", ref)


def sign_item(session: Session, actor: Actor, *, ref: str, done: bool) -> None:
    """Sign a step as done, or take the signature back. A step bound to a course closes by its record alone."""
    require(actor, "plans.write")
    item = _own_item(session, actor, ref)
    if item.course_id is not None:
        raise Conflict(N_("This step closes by itself when the course is completed."))
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


def _own_plan(session: Session, actor: Actor, cycle_start: str) -> DevelopmentPlan:
    starts_on, _ = rule.cycle(actor.today, cycle_start)
    plan = session.scalar(
        select(DevelopmentPlan).where(
            DevelopmentPlan.person_id == actor.person_id, DevelopmentPlan.starts_on == starts_on
        )
    )
    if plan is None:
        raise Conflict(N_("Start your plan for this year first."))
    return plan


def _own(session: Session, query: Any) -> Any:
    row = session.scalar(query)
    if row is None:
        raise NotFound()
    return row


def _own_objective(session: Session, actor: Actor, ref: str) -> Objective:
    query = select(Objective).join(DevelopmentPlan, DevelopmentPlan.id == Objective.plan_id)
    query = query.where(Objective.ref == ref, Objective.removed_at.is_(None))
    return _own(session, query.where(DevelopmentPlan.person_id == actor.person_id))  # type: ignore[no-any-return]


def _own_item(session: Session, actor: Actor, ref: str) -> PlanItem:
    query = select(PlanItem).join(Objective, Objective.id == PlanItem.objective_id)
    query = query.join(DevelopmentPlan, DevelopmentPlan.id == Objective.plan_id)
    query = query.where(PlanItem.ref == ref, PlanItem.removed_at.is_(None), Objective.removed_at.is_(None))
    return _own(session, query.where(DevelopmentPlan.person_id == actor.person_id))  # type: ignore[no-any-return]
