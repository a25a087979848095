"""A development plan as it is read: its objectives, their steps and what closes each, and the acts of both sides."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Executable, ScalarSelect, and_, bindparam, func, select
from sqlalchemy.orm import Session

from lms.models import (
    CURRENT_VERSION,
    CURRENT_WITHDRAWAL,
    Completion,
    CompletionWithdrawal,
    Course,
    CourseVersion,
    DevelopmentPlan,
    Enrolment,
    Evidence,
    FactText,
    Objective,
    Person,
    PlanAct,
    PlanItem,
    PlanItemSignature,
    Standing,
)
from lms.permissions import Actor
from lms.rules import objectives as hinting
from lms.rules import plans as rule
from lms.rules.levels import Kind as EvidenceKind
from lms.rules.levels import Proof, explain
from lms.rules.objectives import Focus, Hint
from lms.rules.plan_stages import Act, Kind, PlanState, Side, plan_state
from lms.rules.plans import Condition
from lms.services.courses import join_texts, localised
from lms.services.levels import as_proof
from lms.services.scope import ME, rows
from lms.services.writing import salted_hash


class ItemWords(NamedTuple):
    """What somebody wrote of a step, and what closes it."""

    ref: str
    kind: str
    text: str
    condition: str
    competency: str
    level: int | None


class ObjectiveWords(NamedTuple):
    """What somebody wrote of an objective."""

    ref: str
    text: str
    measure: str
    due_on: date | None
    competency: str
    carried_from: str


@dataclass(frozen=True)
class ItemView:
    """A plan item with its state; `title` and `slug` are of the course that it is bound to."""

    item: ItemWords
    state: rule.ItemState
    title: str
    slug: str


@dataclass(frozen=True)
class ObjectiveView:
    """An objective with its items, in the order of their making, and what it does not say yet."""

    objective: ObjectiveWords
    items: list[ItemView]
    hints: tuple[str, ...] = ()
    vague: str = ""  # the word that nobody can see

    @property
    def is_done(self) -> bool:
        """It has steps, and all of them are closed."""
        return bool(self.items) and all(view.state.is_closed for view in self.items)


@dataclass(frozen=True)
class ActView:
    """An act of one side, by whom, with what was written."""

    act: Act
    by: str
    text: str
    mentions: bool


@dataclass(frozen=True)
class PlanView:
    """A plan with everything in it, but for what its person keeps to themselves."""

    ref: str
    person: str
    starts_on: date
    ends_on: date
    template: str
    objectives: list[ObjectiveView]
    acts: list[ActView] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The hash of the plan's words, to which an agreement is bound; what closes a step changes nothing of it."""
        said = [[view.objective, [(one.item, one.slug) for one in view.items]] for view in self.objectives]
        return salted_hash(self.ref, json.dumps(said, default=str, ensure_ascii=False))

    @property
    def state(self) -> PlanState:
        """Where the plan stands."""
        return plan_state([view.act for view in self.acts], self.words)

    @property
    def comments(self) -> list[ActView]:
        """What both sides said."""
        return [view for view in self.acts if view.act.kind is Kind.COMMENT]

    @property
    def steps_taken(self) -> list[ActView]:
        """What both sides did, and took back."""
        return [view for view in self.acts if view.act.kind is not Kind.COMMENT]


def read_objectives(session: Session, actor: Actor, plans: Sequence[Any]) -> dict[int, list[ObjectiveView]]:
    """Plan id -> its objectives, for some plans of one person; one query, or two where a level or task is asked.

    A plan is a row with id, person_id, starts_on and ends_on.
    """
    if not plans:
        return {}
    values = {"me": plans[0].person_id, "language": actor.language, "plans": [plan.id for plan in plans]}
    found = rows(session, _items(), values)
    asked = {row.item_competency for row in found if row.item_competency}
    proofs = _read_proofs(session, plans[0].person_id) if asked else {}
    cycles = {plan.id: (plan.starts_on, plan.ends_on) for plan in plans}
    views: dict[int, list[ObjectiveView]] = {plan.id: [] for plan in plans}
    for (plan_id, _objective), lines in groupby(found, key=lambda row: (row.plan_id, row.objective_id)):
        of_it = list(lines)
        items = [
            _item(list(facts), proofs, cycles[plan_id][0], actor.today)
            for number, facts in groupby(of_it, key=lambda row: row.item_id) if number
        ]  # fmt: skip
        views[plan_id].append(ObjectiveView(ObjectiveWords._make(of_it[0][:6]), items))
    return {plan_id: _hinted(some, cycles[plan_id]) for plan_id, some in views.items()}


def _hinted(views: list[ObjectiveView], cycle: tuple[date, date]) -> list[ObjectiveView]:
    """With what each objective does not say yet; what a focus lacks is said at its first objective."""
    foci = [Focus(v.objective.ref, v.objective.competency, {one.item.kind for one in v.items}) for v in views]
    lacking = hinting.without_practice(foci)
    hinted, told = [], set[str]()
    for view in views:
        words = view.objective
        hints = hinting.word_hints(words.text, words.measure, words.due_on, cycle)
        if words.ref in lacking and (words.competency or words.ref) not in told:
            told.add(words.competency or words.ref)
            hints += (Hint.NO_PRACTICE,)
        hinted.append(ObjectiveView(words, view.items, hints, hinting.vague_word(words.text)))
    return hinted


def _item(facts: list[Any], proofs: dict[str, list[tuple[Proof, rule.Seen]]], first: date, today: date) -> ItemView:
    """An item from its rows: one for each completion of its course, or for each signature."""
    words = ItemWords._make(facts[0][6:12])
    of_it = proofs.get(words.competency, [])
    if words.condition == Condition.SIGNED:
        state = rule.signed_state(
            [rule.Signature(row.signed_at, row.done, row.signature) for row in facts if row.signed_at]
        )
    elif words.condition == Condition.COMPLETED:
        state = rule.seen_state(
            [rule.Seen(row.record, row.effective_at, row.withdrawn_at) for row in facts if row.record]
        )
    elif words.condition == Condition.CERTIFIED:
        days = {(row.enrolment, row.certified_on) for row in facts if row.completed_on and row.certified_on}
        state = rule.seen_state([rule.Seen(ref, rule.midnight(day)) for ref, day in days if day <= today])
    elif words.condition == Condition.TASK:
        tasks = [seen for proof, seen in of_it if proof.kind is EvidenceKind.TASK and proof.effective_on >= first]
        state = rule.seen_state(tasks)
    else:
        state = rule.level_state([proof for proof, _ in of_it], words.level or 1, today, explain)
    return ItemView(words, state, facts[0].title or "", facts[0].slug or "")


@cache
def _items() -> Executable:
    """Objectives of plans, their items, and what closes each: a step has a course or signatures, never both."""
    withdrawn_at = CompletionWithdrawal.effective_at.label("withdrawn_at")
    return (
        select(Objective.ref, Objective.text, Objective.measure, Objective.due_on, Objective.competency)
        .add_columns(Objective.carried_from, PlanItem.ref, PlanItem.kind, PlanItem.text, PlanItem.condition)
        .add_columns(PlanItem.competency.label("item_competency"), PlanItem.level, Course.slug)
        .add_columns(_title().label("title"), Completion.ref.label("record"), Completion.effective_at, withdrawn_at)
        .add_columns(Enrolment.ref.label("enrolment"), Standing.completed_on, Standing.certified_on)
        .add_columns(PlanItemSignature.signed_at, PlanItemSignature.done, PlanItemSignature.id.label("signature"))
        .add_columns(Objective.plan_id, Objective.id.label("objective_id"), PlanItem.id.label("item_id"))
        .outerjoin(PlanItem, and_(PlanItem.objective_id == Objective.id, PlanItem.removed_at.is_(None)))
        .outerjoin(PlanItemSignature, PlanItemSignature.item_id == PlanItem.id)
        .outerjoin(Course, Course.id == PlanItem.course_id)
        .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == ME))
        .outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .where(Objective.plan_id.in_(bindparam("plans", expanding=True)), Objective.removed_at.is_(None))
        .order_by(Objective.plan_id, Objective.id, PlanItem.id, PlanItemSignature.id)
    )


def _title() -> ScalarSelect[str]:
    """The title of a `Course`. A question of its own: with three tables more, PostgreSQL plans seven times as long."""
    preferred, source = localised()
    titled = select(func.coalesce(preferred.title, source.title)).select_from(CourseVersion).where(CURRENT_VERSION)
    return join_texts(titled, preferred, source).correlate(Course).scalar_subquery()


def _read_proofs(session: Session, person_id: int) -> dict[str, list[tuple[Proof, rule.Seen]]]:
    """Competency -> the person's evidence, as the rules of levels and of plans see it."""
    found: dict[str, list[tuple[Proof, rule.Seen]]] = {}
    for item, withdrawn_at in session.execute(_evidence(), {"me": person_id}):
        pair = as_proof(item, withdrawn_at), rule.Seen(item.ref, item.effective_at, withdrawn_at)
        found.setdefault(item.competency, []).append(pair)
    return found


@cache
def _evidence() -> Executable:
    return (
        select(Evidence, CompletionWithdrawal.effective_at)
        .outerjoin(Completion, Completion.id == Evidence.completion_id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .where(Evidence.person_id == ME)
    )


def read_acts(session: Session, plan_id: int) -> list[ActView]:
    """The acts on a plan, in the order of time; one query."""
    return [
        ActView(
            Act(row.id, Kind(row.kind), Side(row.side), row.acted_at, row.holds, row.words), row.display_name,
            row.text or "", row.mentions,
        )
        for row in rows(session, _acts(), {"plan": plan_id})
    ]  # fmt: skip


@cache
def _acts() -> Executable:
    return (
        select(PlanAct.id, PlanAct.kind, PlanAct.side, PlanAct.acted_at, PlanAct.holds, PlanAct.words)
        .add_columns(Person.display_name, FactText.text, PlanAct.mentions)
        .join(Person, Person.id == PlanAct.acted_by)
        .outerjoin(FactText, FactText.fact_ref == PlanAct.ref)
        .where(PlanAct.plan_id == bindparam("plan"))
        .order_by(PlanAct.acted_at, PlanAct.id)
    )


def read_plan(session: Session, actor: Actor, plan: Any, person: str) -> PlanView:
    """A plan by its row; two queries, or three where a level or task is asked."""
    objectives = read_objectives(session, actor, [plan])[plan.id]
    return view_of(plan, person, objectives, read_acts(session, plan.id))


def view_of(plan: Any, person: str, objectives: list[ObjectiveView], acts: list[ActView]) -> PlanView:
    """A plan from its row and what was read of it."""
    return PlanView(plan.ref, person, plan.starts_on, plan.ends_on, plan.template, objectives, acts)


def settle(session: Session, actor: Actor, plan: DevelopmentPlan, person: str = "") -> PlanView:
    """Keep the stage that follows from the plan's acts and words; whoever changes one of them calls this."""
    session.flush()
    view = read_plan(session, actor, plan, person)
    plan.stage = view.state.stage
    return view
