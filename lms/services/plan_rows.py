"""A development plan as it is read: its objectives, their steps and what closes each, and the acts of both sides."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Executable, ScalarSelect, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from lms.models import (
    CURRENT_VERSION,
    CURRENT_WITHDRAWAL,
    Attendance,
    Completion,
    CompletionWithdrawal,
    Course,
    CourseVersion,
    DevelopmentPlan,
    Enrolment,
    Evidence,
    EvidenceWithdrawal,
    FactText,
    Objective,
    Person,
    PlanAct,
    PlanItem,
    PlanItemSignature,
)
from lms.permissions import Actor, require
from lms.rules import objectives as hinting
from lms.rules import plans as rule
from lms.rules.frameworks import Moves, follow, gather, moves_of
from lms.rules.levels import SHIPPED_RULE, Rule, read_rule
from lms.rules.needs import Kind as EvidenceKind
from lms.rules.needs import Proof
from lms.rules.objectives import Focus, Hint
from lms.rules.plan_stages import Act, Kind, Side
from lms.rules.plans import Condition
from lms.services.courses import join_texts, localised
from lms.services.framework import current_references
from lms.services.plan_views import ActView, ItemView, ItemWords, ObjectiveView, ObjectiveWords, PlanView
from lms.services.proofs import COLUMNS, WITHDRAWN_COMPLETION, WITHDRAWN_ITSELF, as_proof
from lms.services.scope import ME, rows

SLICE = 200  # plans whose stage is computed anew in one transaction


@dataclass(frozen=True)
class Proved:
    """A piece of evidence: for which competency, of which course, and as the rules of levels and of plans see it."""

    competency: str
    level_aimed_at: int
    source_ref: str
    course_id: int | None
    proof: Proof
    seen: rule.Seen


@dataclass(frozen=True)
class Known:
    """All that closes steps by evidence: each piece, and those for each competency of the newest framework."""

    pieces: Sequence[Proved] = ()
    by_code: Mapping[str, Sequence[Proved]] = field(default_factory=dict)
    moves: Moves = field(default_factory=dict)
    levels: Rule = SHIPPED_RULE

    def of(self, code: str) -> list[Proved]:
        """The pieces for a competency, whatever its code has become; each once."""
        found = {one.proof.ref: one for new in follow(code, self.moves) for one in self.by_code.get(new, ())}
        return list(found.values())


def read_objectives(
    session: Session, actor: Actor, plans: Sequence[Any], framework: Mapping[str, Any] | None = None
) -> dict[int, list[ObjectiveView]]:
    """Plan id -> its objectives, for some plans of one person; one query, and two more where evidence is asked.

    A plan is a row with id, person_id, starts_on and ends_on; `framework` is the newest one where it is known.
    """
    if not plans:
        return {}
    values = {"me": plans[0].person_id, "language": actor.language, "plans": [plan.id for plan in plans]}
    found = rows(session, _items(), values)
    known = _known(session, plans[0].person_id, {row.condition for row in found}, framework)
    cycles = {plan.id: (plan.starts_on, plan.ends_on) for plan in plans}
    views: dict[int, list[ObjectiveView]] = {plan.id: [] for plan in plans}
    for (plan_id, _objective), lines in groupby(found, key=lambda row: (row.plan_id, row.objective_id)):
        of_it = list(lines)
        items = [
            _item(list(facts), known, cycles[plan_id], actor.today)
            for number, facts in groupby(of_it, key=lambda row: row.item_id) if number
        ]  # fmt: skip
        views[plan_id].append(ObjectiveView(ObjectiveWords._make(of_it[0][:6]), items))
    return {plan_id: _hinted(some, cycles[plan_id]) for plan_id, some in views.items()}


def _known(
    session: Session, person_id: int, conditions: Set[str], framework: Mapping[str, Any] | None
) -> Known:  # fmt: skip
    """Evidence, where a step asks for it, as the newest framework reads it; at most two queries.

    A code that was dropped stays what it was: a step that names it closes by what was recorded under it.
    """
    if not conditions & {Condition.LEVEL, Condition.TASK, Condition.CERTIFIED}:
        return Known()
    pieces = _read_proved(session, person_id)
    if not conditions & {Condition.LEVEL, Condition.TASK}:
        return Known(pieces)
    body = current_references(session, "framework").get("framework", {}) if framework is None else framework
    moves = {old: new for old, new in moves_of(body).items() if new}
    by_code = gather(
        pieces, moves, code=lambda one: one.competency, source=lambda one: one.source_ref,
        weight=lambda one: one.level_aimed_at,
    )  # fmt: skip
    return Known(pieces, by_code, moves, read_rule(body))


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


def _item(facts: list[Any], known: Known, cycle: tuple[date, date], today: date) -> ItemView:
    """An item from its rows: one for each completion of its course, or for each signature."""
    words, course_id = ItemWords._make(facts[0][6:12]), facts[0].course_id
    if words.condition == Condition.SIGNED:
        signed = [rule.Signature(row.signed_at, row.done, row.signature) for row in facts if row.signed_at]
        state = rule.signed_state(signed)
    elif words.condition in (Condition.COMPLETED, Condition.ATTENDED):
        wanted = [row for row in facts if row.record and (row.attended or words.condition == Condition.COMPLETED)]
        done = [row for row in wanted if _counts(row, cycle[0], today)]
        state = rule.seen_state([rule.Seen(row.record, row.effective_at, row.withdrawn_at) for row in done])
    elif words.condition == Condition.CERTIFIED:
        state = rule.seen_state([one.seen for one in known.pieces if _is_task(one) and one.course_id == course_id])
    elif words.condition == Condition.TASK:
        tasks = [one for one in known.of(words.competency) if _is_task(one)]
        state = rule.seen_state([one.seen for one in tasks if cycle[0] <= one.proof.effective_on <= cycle[1]])
    else:
        proofs = [one.proof for one in known.of(words.competency)]
        state = rule.level_state(proofs, words.level or 1, today, known.levels)
    return ItemView(words, state, facts[0].title or "", facts[0].slug or "")


def _counts(completion: Any, first: date, today: date) -> bool:
    """A completion that has run out says nothing for a plan that was begun after it."""
    stands = completion.expires_on is None or completion.expires_on > today
    return stands or completion.effective_at.date() >= first


def _is_task(one: Proved) -> bool:
    return one.proof.kind is EvidenceKind.TASK


@cache
def _items() -> Executable:
    """Objectives of plans, their items, and what closes each: a step has a course or signatures, never both."""
    withdrawn_at = CompletionWithdrawal.effective_at.label("withdrawn_at")
    return (
        select(Objective.ref, Objective.text, Objective.measure, Objective.due_on, Objective.competency)
        .add_columns(Objective.carried_from, PlanItem.ref, PlanItem.kind, PlanItem.text, PlanItem.condition)
        .add_columns(PlanItem.competency.label("item_competency"), PlanItem.level, Course.slug, PlanItem.course_id)
        .add_columns(_title().label("title"), Completion.ref.label("record"), Completion.effective_at, withdrawn_at)
        .add_columns(Completion.expires_on, exists().where(Attendance.completion_id == Completion.id).label("attended"))
        .add_columns(PlanItemSignature.signed_at, PlanItemSignature.done, PlanItemSignature.id.label("signature"))
        .add_columns(Objective.plan_id, Objective.id.label("objective_id"), PlanItem.id.label("item_id"))
        .outerjoin(PlanItem, and_(PlanItem.objective_id == Objective.id, PlanItem.removed_at.is_(None)))
        .outerjoin(PlanItemSignature, PlanItemSignature.item_id == PlanItem.id)
        .outerjoin(Course, Course.id == PlanItem.course_id)
        .outerjoin(Enrolment, and_(Enrolment.course_id == Course.id, Enrolment.person_id == ME))
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


def _read_proved(session: Session, person_id: int) -> list[Proved]:
    """The person's evidence; one query."""
    found = []
    for competency, level, source_ref, course_id, *cells in rows(session, _evidence(), {"me": person_id}):
        proof, gone = as_proof(*cells), min((at for at in cells[-2:] if at), default=None)
        seen = rule.Seen(proof.ref, cells[2], gone)
        found.append(Proved(competency, level, source_ref, course_id, proof, seen))
    return found


@cache
def _evidence() -> Executable:
    return (
        select(Evidence.competency, Evidence.level_aimed_at, Evidence.source_ref, CourseVersion.course_id, *COLUMNS)
        .outerjoin(EvidenceWithdrawal, WITHDRAWN_ITSELF)
        .outerjoin(CompletionWithdrawal, WITHDRAWN_COMPLETION)
        .outerjoin(CourseVersion, CourseVersion.id == Evidence.version_id)
        .where(Evidence.person_id == ME)
        .order_by(Evidence.id)
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


def read_plan(session: Session, actor: Actor, plan: Any, person: str, framework: Any = None) -> PlanView:
    """A plan by its row; two queries, and two more where evidence is asked."""
    objectives = read_objectives(session, actor, [plan], framework)[plan.id]
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


def rebuild_stages(session: Session, actor: Actor, after: int) -> int | None:
    """Keep anew the stage of a slice of plans, by their numbers from `after` on; the last one, None at the end."""
    require(actor, "records.rebuild")
    query = select(DevelopmentPlan).where(DevelopmentPlan.id > after).order_by(DevelopmentPlan.id).limit(SLICE)
    plans = session.scalars(query).all()
    for plan in plans:
        settle(session, actor, plan)
    return plans[-1].id if plans else None
