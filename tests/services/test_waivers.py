"""Waivers: given and taken back with a reason, never for oneself; the standing and what builds on the course follow."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import Waiver
from lms.permissions import operator
from lms.rules.standing import Status, status
from lms.services.courses import get_course
from lms.services.records import get_record
from lms.services.standings import rebuild
from lms.services.waivers import waive_course, withdraw_waiver
from tests import world
from tests.services import steps


def waive(database, actor, ref, reason="She wrote this course"):
    with database.transaction() as session:
        waive_course(session, actor, ref=ref, reason=reason)


def test_a_waiver_and_its_end(database, who) -> None:
    steps.assign(database, who("ingrid"), "amina", due_on=world.DUE)
    ref = steps.record_ref(database, "amina")
    waive(database, who("nadia"), ref)
    with database.read() as session:
        page = get_course(session, who("amina"), slug="basics")
        assert (page.status, page.obstacle, page.waiver_reason) == (Status.WAIVED, "completed", "She wrote this course")
        assert get_course(session, who("amina"), slug="other").prerequisites == {"M01": True}
        (shown,) = get_record(session, who("ingrid"), ref=ref).waivers
        assert (shown.waived_by, shown.reason) == ("Nadia", "She wrote this course")
        given = session.scalars(select(Waiver.ref)).one()
    with pytest.raises(Conflict), steps.unchanged(database):
        waive(database, who("ingrid"), ref)
    later = steps.later(who("ingrid"), days=1)
    with database.transaction() as session:
        assert withdraw_waiver(session, later, ref=given, reason="Another Amina") == ref
        assert status(steps.standing(session, "amina"), later.today) is Status.ASSIGNED
    with pytest.raises(Conflict), steps.unchanged(database), database.transaction() as session:
        withdraw_waiver(session, later, ref=given, reason="Again")
    with database.transaction() as session:
        changed = steps.standing(session, "amina").changed_at
        rebuild(session, operator(world.NOW + timedelta(days=2)))
        assert steps.standing(session, "amina").changed_at == changed


def test_who_may_not_and_what_cannot_be_waived(database, who) -> None:
    steps.assign(database, who("ingrid"), "amina", "jose", "nadia")
    refs = {name: steps.record_ref(database, name) for name in ("amina", "jose", "nadia")}
    steps.take(database, who("amina"))
    for person, record, reason, refusal in (
        ("nadia", "nadia", "Mine", Forbidden), ("nadia", "jose", "Far", NotFound), ("kofi", "amina", "R", Forbidden),
        ("ingrid", "jose", " ", Invalid), ("ingrid", "amina", "She has done it", Conflict),
    ):  # fmt: skip
        with pytest.raises(refusal), steps.unchanged(database):
            waive(database, who(person), refs[record], reason)
