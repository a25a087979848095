"""Every act leaves its trace: who, what, on which object."""

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Forbidden
from lms.models import AuditEntry
from lms.permissions import operator
from lms.services.exports import begin_export
from lms.services.plan_words import remove_item, remove_objective
from lms.services.profile import save_profile
from lms.services.records import RecordFilter
from lms.services.roles import grant_role, revoke_role
from lms.services.standings import rebuild
from lms.services.trail import list_audit
from tests import world
from tests.services import steps


def trace(database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_main_way_leaves_its_trace(database, who) -> None:
    before = len(trace(database))
    (assignment,) = steps.assign(database, who("kofi"), "amina")
    steps.plan_course(database, who("amina"))
    steps.take(database, who("amina"))
    steps.withdraw(database, who("ingrid"), "amina")
    assert trace(database)[before:] == [
        "assignments.assign", "plans.start", "plans.save_objective", "plans.add_item",
        "attempts.start", "attempts.submit", "completions.withdraw",
    ]  # fmt: skip
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "assignments.assign")).one()
        kofi = steps.person(session, "kofi").id
        assert (entry.actor_id, entry.object_kind, entry.object_ref, entry.at) == (
            kofi,
            "assignment",
            assignment,
            world.NOW,
        )


ACTS = {
    "profile.save": lambda s, who: save_profile(s, who("amina"), display_name="M", language="en", known={"en"}),
    "roles.grant.author": lambda s, who: grant_role(
        s, operator(world.NOW), email="amina@lantern.example", role="author"
    ),
    "roles.revoke.author": lambda s, who: revoke_role(
        s, operator(world.NOW), email="olga@lantern.example", role="author"
    ),
    "records.rebuild": lambda s, who: rebuild(s, operator(world.NOW)),
    "exports.run": lambda s, who: begin_export(
        s, who("ingrid"), layout="full_v1", format="csv", wanted=RecordFilter(), purpose="Audit"
    ),
}


@pytest.mark.parametrize("action", ACTS)
def test_each_act_is_written_in_its_own_transaction(sqlite, who, action) -> None:
    with sqlite.transaction() as session:
        ACTS[action](session, who)
    assert trace(sqlite)[-1] == action


def test_removing_from_a_plan_is_written(sqlite, who) -> None:
    item = steps.plan_course(sqlite, who("amina"))
    with sqlite.transaction() as session:
        remove_item(session, who("amina"), ref=item)
        objective = session.scalars(
            select(AuditEntry.object_ref).where(AuditEntry.action == "plans.save_objective")
        ).one()
        remove_objective(session, who("amina"), ref=objective)
    assert trace(sqlite)[-2:] == ["plans.remove_item", "plans.remove_objective"]


def test_a_refused_act_leaves_none(database, who) -> None:
    steps.take(database, who("amina"))
    before = trace(database)
    with pytest.raises(Conflict):
        steps.take(database, who("amina"))
    assert trace(database) == before


def test_administrators_read_it_newest_first_and_nobody_else(database, who) -> None:
    steps.take(database, who("amina"))
    with database.read() as session:
        rows = list_audit(session, who("sam"), size=2)
        assert [(row.action, row.display_name) for row in rows] == [
            ("attempts.submit", "Amina Diallo"),
            ("attempts.start", "Amina Diallo"),
        ]
        assert list_audit(session, who("sam"), size=2, page=2)[0].action == "enrolments.open"
        for person in ("amina", "kofi", "ingrid", "olga"):
            with pytest.raises(Forbidden):
                list_audit(session, who(person))
