"""A person's own development plans: the one of today, earlier ones, and how one is begun."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Executable, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    DevelopmentPlan,
    Objective,
    OrgUnit,
    PartnerOrganisation,
    Person,
    PlanItem,
    PlanNote,
    Post,
    ReportingLine,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules import plans as rule
from lms.rules.frameworks import follow_all, moves_of
from lms.rules.plan_stages import Stage
from lms.rules.plans import Condition
from lms.services.assessments import focus_today
from lms.services.framework import NO_FRAMEWORK, current_references, newest_framework
from lms.services.plan_copies import find_copy
from lms.services.plan_rows import read_acts, read_objectives, read_plan, view_of
from lms.services.plan_templates import fill_from_template, list_templates
from lms.services.plan_views import ItemView, ObjectiveView, PlanView
from lms.services.scope import ME, TODAY, own, rows
from lms.services.writing import audit, insert_once


@dataclass(frozen=True)
class PlanPage:
    """The plan of the cycle that holds today, or none yet."""

    starts_on: date
    ends_on: date
    view: PlanView | None
    manager: str  # "" where nobody is
    earlier: list[Any]  # ref, starts_on, ends_on and stage of plans whose cycle is over, the newest first
    carried: list[ObjectiveView] = field(default_factory=list)  # of the plan before, what is open and not carried over
    framework: dict[str, Any] = field(default_factory=dict)
    templates: list[dict[str, Any]] = field(default_factory=list)
    focus: tuple[str, ...] = ()  # codes of the competencies that the person works on in this cycle

    @property
    def plan(self) -> str | None:
        """Its ref."""
        return self.view.ref if self.view else None

    @property
    def objectives(self) -> list[ObjectiveView]:
        """What the plan aims at."""
        return self.view.objectives if self.view else []

    @property
    def open_items(self) -> list[ItemView]:
        """What is left to do."""
        return open_items(self.objectives)


def open_items(objectives: Sequence[ObjectiveView]) -> list[ItemView]:
    """The steps that are left to do."""
    return [item for view in objectives for item in view.items if not item.state.is_closed]


def get_plan(session: Session, actor: Actor, *, cycle_start: str) -> PlanPage:
    """The actor's own plan; `cycle_start` is the "MM-DD" of units that have none of their own. Four queries or five."""
    require(actor, "plans.write")
    found = rows(session, _own_plans(), own(actor))
    references = current_references(session, "framework", "plan-templates")
    plans = [row for row in found if row.id is not None]
    now, before = _now_and_before(plans, actor.today)
    # Of two records that are one person's, both may have a plan of today: one is today's, the other stands below it.
    others = (row for row in plans if row.ends_on < actor.today or (now and row is not now))
    earlier = sorted(others, key=lambda row: row.starts_on, reverse=True)
    framework = references.get("framework", NO_FRAMEWORK)
    shared, focus = (found[0].manager or "", earlier), follow_all((now or found[0]).focus or (), moves_of(framework))
    if now is None:
        end = max((row.ends_on for row in earlier), default=None)
        first, last = rule.next_cycle(actor.today, found[0].plan_start or cycle_start, end)
        return PlanPage(first, last, None, *shared, [], framework, list_templates(references), focus)
    copy = find_copy(session, now.id) if now.stage == Stage.CLOSED else None
    if copy:  # as it stood; nothing can be carried over into it
        return PlanPage(now.starts_on, now.ends_on, copy[0], *shared, [], framework, focus=focus)
    objectives = read_objectives(session, actor, [now] + ([before] if before else []), framework)
    view = view_of(now, found[0].display_name, objectives[now.id], read_acts(session, now.id))
    there = {one.objective.carried_from for one in view.objectives}
    left = [one for one in objectives[before.id] if not one.is_done] if before else []
    carried = [one for one in left if one.objective.ref not in there]
    return PlanPage(now.starts_on, now.ends_on, view, *shared, carried, framework, focus=focus)


def _now_and_before(plans: Sequence[Any], today: date) -> tuple[Any, Any]:
    """The plan whose cycle holds the day, and the last one whose cycle is over."""
    now = next((row for row in plans if row.starts_on <= today <= row.ends_on), None)
    return now, max((row for row in plans if row.ends_on < today), key=lambda row: row.ends_on, default=None)


@dataclass(frozen=True)
class OwnPlan:
    """One of the actor's plans, of any cycle; `copy` is the hash of what it was frozen to."""

    view: PlanView
    stage: Stage
    manager: str
    is_over: bool  # the cycle
    copy: str = ""


def get_own_plan(session: Session, actor: Actor, *, ref: str) -> OwnPlan:
    """A plan of the actor's by its ref: as it stood where it is closed. NotFound. Four queries at most."""
    require(actor, "plans.write")
    row = next((row for row in rows(session, _own_plans(), own(actor)) if row.ref == ref), None)
    if row is None:
        raise NotFound()
    return shown(session, actor, row)


def shown(session: Session, actor: Actor, row: Any, framework: Any = None) -> OwnPlan:
    """A plan by its row (of `plan_columns`), or its copy."""
    copy = find_copy(session, row.id) if row.stage == Stage.CLOSED else None
    view = copy[0] if copy else read_plan(session, actor, row, row.display_name, framework)
    return OwnPlan(view, Stage(row.stage), row.manager or "", row.ends_on < actor.today, copy[1] if copy else "")


def list_open_items(session: Session, actor: Actor) -> list[ItemView] | None:
    """What today's plan asks next: nothing once it is closed; None without a plan. Two queries or three."""
    require(actor, "plans.write")
    now = rows(session, _plan_of_today(), own(actor))
    if not now:
        return None
    if now[0].stage == Stage.CLOSED:
        return []
    return open_items(read_objectives(session, actor, now, now[0].framework)[now[0].id])


@cache
def _plan_of_today() -> Executable:
    """With the framework, where a step asks for a level or a task of a competency: its codes may be others now."""
    plan = DevelopmentPlan
    asks = exists().where(
        Objective.plan_id == plan.id, PlanItem.objective_id == Objective.id,
        PlanItem.condition.in_((Condition.LEVEL, Condition.TASK)),
    )  # fmt: skip
    framework = case((asks.correlate(plan), newest_framework()))
    query = select(
        plan.id,
        plan.person_id.label("person_id"),
        plan.starts_on,
        plan.ends_on,
        plan.stage,
        framework.label("framework"),
    )
    of_today = query.where(plan.person_id == ME, plan.starts_on <= TODAY, plan.ends_on >= TODAY)
    return of_today.order_by(plan.id.desc())  # of two records that are one person's, the plan that was begun later


def plan_columns() -> Any:
    """Of a `Person` and, where there is one, a plan: its columns, and who is their manager today."""
    manager = aliased(Person)
    manager_name = (
        select(manager.display_name)
        .join(ReportingLine, ReportingLine.manager_id == manager.id)
        .where(ReportingLine.person_id == Person.id, ReportingLine.held_on(TODAY))
        .limit(1).correlate(Person).scalar_subquery()
    )  # fmt: skip
    plan = DevelopmentPlan
    return (
        select(Person.id.label("person_id"), Person.display_name, manager_name.label("manager"))
        .add_columns(plan.id, plan.ref, plan.starts_on, plan.ends_on, plan.template, plan.stage)
        .select_from(Person)
    )


@cache
def _own_plans() -> Executable:
    """All plans of ME, or one row without; and when the plan year begins where ME works."""
    joined = plan_columns().outerjoin(DevelopmentPlan, DevelopmentPlan.person_id == Person.id)
    return (  # type: ignore[no-any-return]
        joined.add_columns(_plan_start().label("plan_start"), focus_today().label("focus"))
        .where(Person.id == ME).order_by(DevelopmentPlan.starts_on)
    )  # fmt: skip


def _plan_start() -> Any:
    """The year of a `Person`'s partner organisation, else of the nearest unit upwards that has one; else NULL."""
    unit, above = aliased(OrgUnit), aliased(OrgUnit)
    of_partner = (
        select(PartnerOrganisation.plan_start)
        .join(Post, Post.partner_id == PartnerOrganisation.id)
        .where(Post.person_id == Person.id, Post.is_latest, PartnerOrganisation.plan_start != "")
        .correlate(Person).scalar_subquery()
    )  # fmt: skip
    of_unit = (
        select(above.plan_start)
        .select_from(Post)
        .join(unit, unit.id == Post.unit_id)
        .join(above, unit.path.like(above.path + "%"))
        .where(Post.person_id == Person.id, Post.is_latest, above.plan_start != "")
        .order_by(func.length(above.path).desc()).limit(1).correlate(Person).scalar_subquery()
    )  # fmt: skip
    return func.coalesce(of_partner, of_unit)


def start_plan(session: Session, actor: Actor, *, cycle_start: str, template: str = "") -> None:
    """Open the plan of the present cycle, perhaps from a template; doing it again changes nothing.

    Raises NotFound for a template that is not there.
    """
    require(actor, "plans.write")
    found = rows(session, _own_plans(), own(actor))
    plans = [row for row in found if row.id is not None]
    now, before = _now_and_before(plans, actor.today)
    if now is not None:
        return
    first, last = rule.next_cycle(actor.today, found[0].plan_start or cycle_start, before.ends_on if before else None)
    row = plan_row(actor, first, last)
    if not insert_once(session, DevelopmentPlan, **row):
        return
    audit(session, actor, "plans.start", "plan", row["ref"])
    if template:
        plan = session.scalars(select(DevelopmentPlan).where(DevelopmentPlan.ref == row["ref"])).one()
        fill_from_template(session, actor, plan, code=template)


def plan_row(actor: Actor, starts_on: date, ends_on: date) -> dict[str, Any]:
    """A plan that is begun now."""
    return {
        "ref": new_ref(), "person_id": actor.person_id, "holder_id": actor.person_id, "starts_on": starts_on,
        "ends_on": ends_on, "created_at": actor.at,
    }  # fmt: skip


def get_note(session: Session, actor: Actor, *, ref: str) -> str:
    """What the actor wrote beside a plan of theirs, for themselves alone. NotFound."""
    require(actor, "plans.write")
    return session.scalar(select(PlanNote.text).where(PlanNote.plan_id == _own_id(session, actor, ref))) or ""


def save_note(session: Session, actor: Actor, *, ref: str, text: str) -> None:
    """Keep what the actor writes beside a plan of theirs; nothing of it is written anywhere else. NotFound."""
    require(actor, "plans.write")
    plan_id = _own_id(session, actor, ref)
    if not insert_once(session, PlanNote, plan_id=plan_id, text=text, changed_at=actor.at):
        note = session.scalars(select(PlanNote).where(PlanNote.plan_id == plan_id).with_for_update()).one()
        note.text, note.changed_at = text, actor.at


def _own_id(session: Session, actor: Actor, ref: str) -> int:
    plan = DevelopmentPlan
    found = session.scalar(select(plan.id).where(plan.ref == ref, plan.person_id == actor.person_id))
    if found is None:
        raise NotFound()
    return found
