"""Copies of closed plans: as JSON that stays as it was, with its hash; what somebody keeps to themselves is in none."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.models import DevelopmentPlan, FactText, PlanCopy, new_ref
from lms.permissions import Actor
from lms.rules import plans as rule
from lms.rules.plan_stages import Act, Kind, Side
from lms.services.plan_views import ActView, ItemView, ItemWords, ObjectiveView, ObjectiveWords, PlanView
from lms.services.writing import keep_text


def freeze(session: Session, actor: Actor, plan: DevelopmentPlan, view: PlanView) -> None:
    """Keep the plan as it stands at the moment of its closing."""
    ref = new_ref()
    body = json.dumps(asdict(view), default=_written, ensure_ascii=False, sort_keys=True)
    session.add(PlanCopy(ref=ref, plan_id=plan.id, frozen_at=actor.at, body_hash=keep_text(session, ref, body)))


def _written(value: date) -> str:
    return value.isoformat()


def find_copy(session: Session, plan_id: int) -> tuple[PlanView, str] | None:
    """The plan as it stood when it was closed, and the hash of that; None while it is open, or where it was erased."""
    row = session.execute(
        select(FactText.text, PlanCopy.body_hash)
        .join(PlanCopy, PlanCopy.ref == FactText.fact_ref)
        .where(PlanCopy.plan_id == plan_id)
    ).first()
    return None if row is None else (_thaw(json.loads(row.text)), row.body_hash)


def _thaw(kept: dict[str, Any]) -> PlanView:
    objectives = [
        ObjectiveView(_objective(one["objective"]), [_item(item) for item in one["items"]])
        for one in kept["objectives"]
    ]
    first, last = (date.fromisoformat(kept[name]) for name in ("starts_on", "ends_on"))
    acts = [_act(one) for one in kept["acts"]]
    return PlanView(kept["ref"], kept["person"], first, last, kept["template"], objectives, acts)


def _objective(words: list[Any]) -> ObjectiveWords:
    kept = ObjectiveWords._make(words)
    return kept._replace(due_on=date.fromisoformat(words[3]) if words[3] else None)


def _item(kept: dict[str, Any]) -> ItemView:
    state = kept["state"]
    closed, reopened = (_moment(state[name]) for name in ("closed_at", "reopened_at"))
    words = ItemWords._make(kept["item"])
    return ItemView(words, rule.ItemState(closed, tuple(state["records"]), reopened), kept["title"], kept["slug"])


def _act(kept: dict[str, Any]) -> ActView:
    act = kept["act"]
    at = datetime.fromisoformat(act["at"])
    known = Act(act["number"], Kind(act["kind"]), Side(act["side"]), at, act["holds"], act["words"])
    return ActView(known, kept["by"], kept["text"], kept["mentions"])


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
