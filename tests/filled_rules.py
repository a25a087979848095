"""The rules of the small organisation at work, in force and waiting for a second person; and its waivers."""

from typing import Any

from sqlalchemy import select

from lms.db import Database
from lms.models import Enrolment, Waiver
from lms.services.assignment_rules import decide_rule, save_rule
from lms.services.assignments import assign_course
from lms.services.rule_choices import list_rule_choices
from lms.services.rule_drafts import make_draft
from lms.services.waivers import waive_course, withdraw_waiver
from tests import world
from tests.services import steps

LISTS = ("kinds", "functions", "profiles", "partner_types", "tags")
ALL_SIZES, NONE = 0, 1000  # from which size on a second person is asked


def write_rules(made: Any, database: Database) -> None:
    """Put the rules' names in addresses into the filled world, by unit; waiting ones by who wrote them."""
    for unit in ("HUB", "KE", "PE"):
        made.put("rule", f"unit {unit}", write_rule(database, "ingrid", unit, NONE))
    for person in ("ingrid", "nadia"):
        made.put("waiting rule", person, write_rule(database, person, "KE", ALL_SIZES))
    _waive(made, database)


def _waive(made: Any, database: Database) -> None:
    """A course that some were asked to take, and need not; put by whose it is."""
    actor = world.actor(database, "ingrid@lantern.example")
    for person in ("amina", "jose", "nadia"):
        with database.transaction() as session:
            people = [made.refs["person"][person]]
            assign_course(session, actor, course_slug="other", people=people, due_on=None, mandatory=False)
            record = session.scalars(select(Enrolment.ref).order_by(Enrolment.id.desc())).first() or ""
            waive_course(session, actor, ref=record, reason=f"Reason of {person}")
            made.put("waiver", person, session.scalars(select(Waiver.ref).order_by(Waiver.id.desc())).first() or "")


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


def let_a_rule_through(database: Database, who: Any) -> None:
    """A rule that a second person agreed to."""
    ref = write_rule(database, "nadia", "KE", ALL_SIZES)
    with database.transaction() as session:
        decide_rule(session, who("ingrid"), ref=ref, number=1, approved=True)


def waive_and_take_back(database: Database, who: Any) -> None:
    """A course that need not be taken, and then has to be."""
    steps.assign(database, who("ingrid"), "kofi", slug="other")
    record = steps.record_ref(database, "kofi", "other")
    with database.transaction() as session:
        waive_course(session, who("ingrid"), ref=record, reason="He teaches it")
        withdraw_waiver(session, who("ingrid"), ref=session.scalars(select(Waiver.ref)).one(), reason="No")
