"""Leave: due dates are put off and reminders stop; who enters it, and what becomes of it when they are back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import Leave, Mail
from lms.permissions import operator
from lms.rules.standing import is_overdue
from lms.services import standings
from lms.services.following_up import remind_learners
from lms.services.leaves import end_leave, enter_leave, get_leaves
from lms.services.reasons import explain_own
from lms.services.reminding import find_items
from lms.services.standings import as_rule
from tests import world
from tests.services import steps
from tests.services.applying import complete

DUE = world.TODAY + timedelta(days=10)


def day(number: int) -> date:
    return world.TODAY + timedelta(days=number)


def ref_of(database, name: str) -> str:
    with database.read() as session:
        return str(steps.person(session, name).ref)


def enter(database, actor, name: str, first: int, last: int) -> str:
    ref = ref_of(database, name)
    with database.transaction() as session:
        enter_leave(session, actor, ref=ref, first=day(first), last=day(last))
        return session.scalars(select(Leave.ref).order_by(Leave.id.desc())).first() or ""


def due(database, name: str) -> tuple[date | None, bool]:
    """The due date, and whether it is overdue two weeks from now."""
    with database.read() as session:
        row = steps.standing(session, name)
        return row.due_on, is_overdue(as_rule(row), day(14))


def reminded(database, person: int, on: int) -> list[int]:
    with database.read() as session:
        return [item.step for item in find_items(session, [person], {person: day(on)}, day(on))]


def test_the_clock_stands_still_and_goes_on_when_they_are_back(database, who) -> None:
    steps.assign(database, who("kofi"), "amina", due_on=DUE)
    assert due(database, "amina") == (DUE, True)
    leave = enter(database, who("kofi"), "amina", 5, 24)
    assert due(database, "amina") == (DUE + timedelta(days=20), False)
    with database.read() as session:
        why = explain_own(session, who("amina"), slug="basics")
        assert [(pause.first, pause.last) for pause in why.leave] == [(day(5), day(24))]
    with database.transaction() as session:
        end_leave(session, who("nadia"), ref=ref_of(database, "amina"), leave=leave, back_on=day(8))
    assert due(database, "amina") == (DUE + timedelta(days=3), True)
    with database.read() as session:
        (line,) = get_leaves(session, who("kofi"), ref=ref_of(database, "amina")).lines
        assert (line.was, line.back_on) == (True, day(8))
    with database.transaction() as session, pytest.raises(Conflict):
        end_leave(session, who("kofi"), ref=ref_of(database, "amina"), leave=leave, back_on=day(9))


def test_what_is_asked_later_and_what_was_never_leave(database, who) -> None:
    leave = enter(database, who("kofi"), "amina", 0, 4)
    steps.assign(database, who("kofi"), "amina", due_on=DUE)
    assert due(database, "amina")[0] == DUE + timedelta(days=5)
    with database.transaction() as session:
        end_leave(session, who("kofi"), ref=ref_of(database, "amina"), leave=leave, back_on=day(0))
    assert due(database, "amina")[0] == DUE
    with database.transaction() as session:
        assert standings.rebuild(session, operator(world.NOW)) > 0
    assert due(database, "amina")[0] == DUE


def test_no_reminders_in_it(database, who) -> None:
    amina = who("amina").person_id
    steps.assign(database, who("kofi"), "amina", due_on=DUE)
    enter(database, who("kofi"), "amina", 5, 24)
    assert reminded(database, amina, 23) == []  # the last day of it but one; seven days before
    assert reminded(database, amina, 25) == [-7]


def test_the_task_at_work_waits_too(database, who) -> None:
    complete(database, who("amina"))
    with database.read() as session:
        before = steps.standing(session, "amina").application_due_on
    enter(database, who("kofi"), "amina", 6, 12)
    with database.read() as session:
        assert steps.standing(session, "amina").application_due_on == before + timedelta(days=7)
    for on, told in ((7, 0), (13, 1)):
        with database.transaction() as session:
            remind_learners(session, operator(world.NOW + timedelta(days=on)), payload={}, after=0)
        with database.read() as session:
            assert len(session.scalars(select(Mail).where(Mail.kind == "application_due")).all()) == told


def test_who_enters_it_and_which_days(database, who) -> None:
    leave = enter(database, who("kofi"), "amina", 5, 9)
    for first, last, field in ((9, 12, "first"), (20, 19, "last")):
        with steps.unchanged(database), pytest.raises(Invalid) as refused:
            enter(database, who("ingrid"), "amina", first, last)
        assert set(refused.value.fields) == {field}
    with pytest.raises(Forbidden):
        enter(database, who("ingrid"), "ingrid", 1, 2)
    with pytest.raises(NotFound):
        enter(database, who("nadia"), "tupac", 1, 2)
    with pytest.raises(Forbidden):
        enter(database, who("amina"), "amina", 1, 2)
    with database.transaction() as session:
        for back_on in (None, day(4), day(10)):
            with pytest.raises(Invalid):
                end_leave(session, who("kofi"), ref=ref_of(database, "amina"), leave=leave, back_on=back_on)
        with pytest.raises(NotFound):
            end_leave(session, who("kofi"), ref=ref_of(database, "wei"), leave=leave, back_on=day(6))
