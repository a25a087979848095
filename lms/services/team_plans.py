"""Plans as others see them: today's manager what is shared, HR the stage alone."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import DevelopmentPlan, Person, PlanAct, Post
from lms.permissions import Actor, require
from lms.rules.plan_stages import Act, Kind, Side, Stage
from lms.services.framework import NO_FRAMEWORK, current_references
from lms.services.plans import OwnPlan, plan_columns, shown
from lms.services.scope import TODAY, of_the_day, own, reaches_person, rows, written_count

PAGE_SIZE = 25


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """A condition on `Person` and their `DevelopmentPlan`: they report to the actor today, and have shared it.

    Of closed plans a manager sees that of the present cycle, and those that they closed themselves: what somebody
    agreed with an earlier manager years ago is not the next one's to read. What somebody closed alone without ever
    sharing it, or after they took that back, is nobody else's.
    """
    plan = DevelopmentPlan
    signed = exists().where(
        PlanAct.plan_id == plan.id, PlanAct.kind == Kind.CLOSED, PlanAct.acted_by == actor.person_id
    )
    shared = select(PlanAct.holds).where(PlanAct.plan_id == plan.id, PlanAct.kind == Kind.SHARED)
    is_shared = shared.order_by(PlanAct.acted_at.desc(), PlanAct.id.desc()).limit(1).correlate(plan).scalar_subquery()
    open_to_them = or_(plan.stage != Stage.CLOSED, plan.ends_on >= actor.today, signed)
    theirs = and_(reaches_person(actor, "plans.review"), Person.id != actor.person_id)
    return and_(theirs, plan.stage != Stage.DRAFT, is_shared, open_to_them)


@dataclass(frozen=True)
class TeamPlan:
    """The shared plan of somebody who reports to the actor, and the framework whose codes it names."""

    plan: OwnPlan
    framework: dict[str, Any]


def get_team_plan(session: Session, actor: Actor, *, ref: str) -> TeamPlan:
    """A plan of the actor's team. NotFound where it is not shared, or of somebody else. Five queries at most."""
    require(actor, "plans.review")
    row = next(iter(rows(session, _seen(of_the_day(actor)), own(actor, ref=ref))), None)
    if row is None:
        raise NotFound()
    references = current_references(session, "framework")
    framework = references.get("framework", NO_FRAMEWORK)
    return TeamPlan(shown(session, actor, row, framework), framework)


@lru_cache(maxsize=256)
def _seen(actor: Actor) -> Executable:
    joined = plan_columns().join(DevelopmentPlan, DevelopmentPlan.person_id == Person.id)
    return joined.where(DevelopmentPlan.ref == bindparam("ref"), in_sight(actor))  # type: ignore[no-any-return]


@dataclass(frozen=True)
class PlanLine:
    """A plan in a manager's list: where it stands, and whether its person waits for a word."""

    ref: str
    person: str  # their ref
    starts_on: date
    ends_on: date
    stage: Stage
    mentioned_on: date | None  # the last word of its person names the manager, and none of theirs followed
    acts: list[Act] = field(default_factory=list)  # the last of each kind and side


def list_team_plans(session: Session, actor: Actor) -> list[PlanLine]:
    """The plans of the actor's team that are in sight and not closed, and those of today; one query."""
    require(actor, "plans.review")
    return [_line(list(lines)) for _, lines in groupby(rows(session, _team(of_the_day(actor)), own(actor)), _plan_of)]


def _plan_of(row: Any) -> Any:
    return row.ref


def _line(lines: list[Any]) -> PlanLine:
    """A plan from its row for each act; it was shared, so there is one at least."""
    told = max(
        (row for row in lines if row.mentions or row.side == Side.MANAGER), default=None,
        key=lambda row: (row.acted_at, row.id),
    )  # fmt: skip
    mentioned_on = told.acted_at.date() if told and told.side == Side.LEARNER else None
    acts = [Act(row.id, Kind(row.kind), Side(row.side), row.acted_at, row.holds, row.words) for row in lines]
    row = lines[0]
    return PlanLine(row.ref, row.person, row.starts_on, row.ends_on, Stage(row.stage), mentioned_on, acts)


@lru_cache(maxsize=256)
def _team(actor: Actor) -> Executable:
    plan = DevelopmentPlan
    act, later = aliased(PlanAct), aliased(PlanAct)
    same = and_(later.plan_id == act.plan_id, later.kind == act.kind, later.side == act.side)
    after = or_(later.acted_at > act.acted_at, and_(later.acted_at == act.acted_at, later.id > act.id))
    last = ~exists().where(same, later.mentions == act.mentions, after)
    current = or_(plan.stage != Stage.CLOSED, plan.ends_on >= TODAY)
    return (
        select(plan.ref, Person.ref.label("person"), plan.starts_on, plan.ends_on, plan.stage)
        .add_columns(act.id, act.kind, act.side, act.acted_at, act.holds, act.words, act.mentions)
        .join(Person, Person.id == plan.person_id)
        .join(act, act.plan_id == plan.id)
        .where(in_sight(actor), current, last)
        .order_by(plan.starts_on.desc(), plan.id)
    )


@dataclass(frozen=True)
class StagePage:
    """People in HR's scope with the stage of today's plan (None without one)."""

    rows: list[Any]  # display_name, starts_on, ends_on, stage
    has_more: bool


def list_stages(session: Session, actor: Actor, *, page: int) -> StagePage:
    """Where the plans of the people in scope stand today, and nothing of what is in them; one query."""
    require(actor, "plans.oversee")
    values = own(actor, size=PAGE_SIZE + 1, start=(page - 1) * PAGE_SIZE)
    found = list(rows(session, _stages(of_the_day(actor)), values))
    return StagePage(found[:PAGE_SIZE], len(found) > PAGE_SIZE)


@lru_cache(maxsize=64)
def _stages(actor: Actor) -> Executable:
    plan = DevelopmentPlan
    of_today = and_(plan.person_id == Person.id, plan.starts_on <= TODAY, plan.ends_on >= TODAY)
    return (
        select(Person.display_name, plan.starts_on, plan.ends_on, plan.stage)
        .join(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(plan, of_today)
        .where(reaches_person(actor, "plans.oversee"), or_(Post.ended_on.is_(None), Post.ended_on > TODAY))
        .order_by(Person.display_name, Person.id)
        .limit(written_count("size")).offset(written_count("start"))
    )  # fmt: skip
