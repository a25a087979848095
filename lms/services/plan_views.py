"""The shapes in which a development plan is read: objectives with their steps, acts, and the whole."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lms.rules import plans as rule
from lms.rules.plan_stages import Act, Kind, PlanState, plan_state
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
