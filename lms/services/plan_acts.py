"""What both sides do to a plan as a whole: share, agree, note its middle, close, comment; each a dated act."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.models import DevelopmentPlan, Person, PlanAct, ReportingLine, new_ref
from lms.permissions import Actor, require
from lms.rules.mails import Kind as MailKind
from lms.rules.objectives import names
from lms.rules.plan_stages import Kind, Side, Stage
from lms.services.mails import News, add_mails
from lms.services.plan_copies import freeze
from lms.services.plan_rows import read_plan, settle
from lms.services.plan_views import PlanView
from lms.services.plan_words import TEXT_LIMIT
from lms.services.team_plans import in_sight
from lms.services.writing import audit, keep_text

CHANGED_MEANWHILE = N_("The plan was changed while you read it. Nothing was signed: read it again first.")


def act_on_own_plan(
    session: Session, actor: Actor, *, ref: str, kind: str, holds: bool = True, words: str = "", text: str = ""
) -> None:
    """Share the actor's own plan, agree to it, note its middle, close it or say something; not `holds`: take it back.

    `words` is the hash of what was read. Raises NotFound, Conflict where it does not fit the stage or was changed,
    Invalid without text where there has to be some.
    """
    require(actor, "plans.write")
    plan = DevelopmentPlan
    found = _locked(session, select(plan).where(plan.ref == ref, plan.person_id == actor.person_id))
    manager = _manager(session, actor)
    _act(session, actor, found, Side.LEARNER, (actor.name, manager), kind, holds, words, text)


def act_on_team_plan(
    session: Session, actor: Actor, *, ref: str, kind: str, holds: bool = True, words: str = "", text: str = ""
) -> None:
    """The same by today's manager, on a plan that is shared. Raises NotFound for any other."""
    require(actor, "plans.review")
    plan = DevelopmentPlan
    seen = select(plan).join(Person, Person.id == plan.person_id).where(plan.ref == ref, in_sight(actor))
    found = _locked(session, seen)
    owner = session.execute(select(Person.id, Person.display_name).where(Person.id == found.person_id)).one()
    _act(session, actor, found, Side.MANAGER, (owner.display_name, owner), kind, holds, words, text)


def _locked(session: Session, query: Select[Any]) -> DevelopmentPlan:
    found: DevelopmentPlan | None = session.scalar(query.with_for_update(of=DevelopmentPlan))
    if found is None:
        raise NotFound()
    return found


def _manager(session: Session, actor: Actor) -> Any:
    """Id and name of the actor's manager today, or None."""
    return session.execute(
        select(Person.id, Person.display_name)
        .join(ReportingLine, ReportingLine.manager_id == Person.id)
        .where(ReportingLine.person_id == actor.person_id, ReportingLine.held_on(actor.today))
    ).first()


def _act(
    session: Session, actor: Actor, plan: DevelopmentPlan, side: Side, people: tuple[str, Any], kind: str,
    holds: bool, words: str, text: str,
) -> None:  # fmt: skip
    """`people`: the name of whose plan it is, and the other side (None where nobody is)."""
    person, other = people
    text = text.strip()
    if kind not in list(Kind):
        raise Invalid(N_("Nothing was done."), {"kind": N_("Choose what you want to do.")})
    view = read_plan(session, actor, plan, person)
    _refuse(view, side, Kind(kind), holds, words, other is not None)
    if kind == Kind.SHARED and not holds and other is not None and _is_agreed_by(session, plan, view, other.id):
        raise Conflict(N_("Your line manager has agreed to this plan: it stays shared until that is taken back."))
    if Kind(kind) in (Kind.NOTED, Kind.COMMENT):
        if not text or len(text) > TEXT_LIMIT:
            raise Invalid(N_("Nothing was sent."), {"text": N_("Write it in up to 1,000 characters.")})
    else:
        text = ""
    mentions = other is not None and names(text, other.display_name)
    ref = new_ref()
    act = PlanAct(
        ref=ref, plan_id=plan.id, kind=kind, side=side, holds=holds, words=view.words, mentions=mentions,
        acted_by=actor.person_id, acted_at=actor.at, text_hash=keep_text(session, ref, text) if text else "",
    )  # fmt: skip
    session.add(act)
    audit(session, actor, f"plans.{kind}" if holds else f"plans.{kind}_back", "plan", plan.ref)
    after = settle(session, actor, plan, person)
    if plan.stage == Stage.CLOSED:
        freeze(session, actor, plan, after)
    if other is not None and holds and (kind != Kind.COMMENT or mentions):
        add_mails(session, MailKind.PLAN, [News(other.id, f"{MailKind.PLAN}:{act.id}", {"act": act.id})], actor.at)


def _refuse(view: PlanView, side: Side, kind: Kind, holds: bool, words: str, has_other: bool) -> None:
    """Conflict where the act does not fit the stage of the plan, or the plan is another than was read."""
    state = view.state
    if state.stage is Stage.CLOSED:
        raise Conflict(N_("This plan is closed: it stays as it is."))
    if kind is Kind.CLOSED_ALONE:
        if side is Side.MANAGER or has_other or not holds:
            raise Conflict(N_("A plan is closed by both sides; only who has no line manager closes it alone."))
    elif kind is Kind.SHARED:
        _refuse_sharing(side, holds, has_other)
    elif state.stage is Stage.DRAFT:
        raise Conflict(N_("This plan is not shared yet. Share it first: then both can say something about it."))
    elif kind in (Kind.NOTED, Kind.CLOSED) and state.stage in (Stage.SHARED, Stage.CHANGED) and holds:
        raise Conflict(N_("First both have to agree to the plan as it is now."))
    if kind in (Kind.AGREED, Kind.CLOSED, Kind.CLOSED_ALONE) and holds and words != view.words:
        raise Conflict(CHANGED_MEANWHILE)
    if not holds and (kind in (Kind.NOTED, Kind.COMMENT) or state.found(kind, side) is None):
        raise Conflict(N_("There is nothing to take back."))


def _refuse_sharing(side: Side, holds: bool, has_manager: bool) -> None:
    if side is Side.MANAGER:
        raise Conflict(N_("A plan is shared by whose plan it is."))
    if holds and not has_manager:
        raise Conflict(N_("Nobody is your line manager in HR's file, so there is nobody to share it with."))


def _is_agreed_by(session: Session, plan: DevelopmentPlan, view: PlanView, manager_id: int) -> bool:
    """Whether it is this manager's agreement that holds, and for the plan as it is now."""
    acts = select(PlanAct.acted_by).where(PlanAct.plan_id == plan.id, PlanAct.side == Side.MANAGER)
    last = acts.where(PlanAct.kind == Kind.AGREED).order_by(PlanAct.acted_at.desc(), PlanAct.id.desc()).limit(1)
    return view.state.found(Kind.AGREED, Side.MANAGER) is not None and session.scalar(last) == manager_id
