"""The rules of the small organisation at work: in force, and waiting for a second person."""

from typing import Any

from lms.db import Database
from lms.services.assignment_rules import save_rule
from lms.services.rule_choices import list_rule_choices
from lms.services.rule_drafts import make_draft
from tests import world

LISTS = ("kinds", "functions", "profiles", "partner_types", "tags")
ALL_SIZES, NONE = 0, 1000  # from which size on a second person is asked


def write_rules(made: Any, database: Database) -> None:
    """Put the rules' names in addresses into the filled world, by unit; waiting ones by who wrote them."""
    for unit in ("HUB", "KE", "PE"):
        made.put("rule", f"unit {unit}", write_rule(database, "ingrid", unit, NONE))
    for person in ("ingrid", "nadia"):
        made.put("waiting rule", person, write_rule(database, person, "KE", ALL_SIZES))


def write_rule(database: Database, person: str, unit: str, second_from: int) -> str:
    """A rule that asks one course of everybody in a unit and below."""
    actor = world.actor(database, f"{person}@lantern.example")
    with database.transaction() as session:
        choices = list_rule_choices(session, actor)
        draft = make_draft(
            choices, name=f"Rule of {unit}", unit=unit, lists=dict.fromkeys(LISTS, ()), joined_from=None,
            joined_before=None, path="", courses=["M01"], order="all", at_least=0, due="matched", due_on=None, days=30,
            grace_days=0, mandatory=True,
        )  # fmt: skip
        return save_rule(session, actor, draft=draft, choices=choices, second_from=second_from)[0]
