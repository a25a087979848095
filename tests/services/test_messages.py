"""What HR sees of messages: in scope alone, with why not, and what is to come as the job would write it."""

from dataclasses import replace
from datetime import date, timedelta

from lms.models import MailChoice
from lms.permissions import operator
from lms.services import reminders
from lms.services.messages import Line, MessageFilter, list_intended, list_messages
from tests import world
from tests.mail_server import mail_server
from tests.services import steps
from tests.working import make_worker

LATE = world.NOW + timedelta(days=52)  # Thursday, 14 days after 31 December
DUE = date(2026, 12, 31)


def listed(database, actor, at, read=list_messages, **wanted):
    with database.read() as session:
        return read(session, replace(actor, at=at), wanted=MessageFilter(**wanted))


def test_hr_sees_what_was_told_and_what_became_of_it_in_scope_alone(database, who) -> None:
    steps.assign(database, who("ingrid"), "amina", "rosa", due_on=DUE, mandatory=True)
    with mail_server() as server:
        make_worker(database, server.port, at=LATE).run(once=True)
    told = {
        (one.person, one.event): one.lines for one in listed(database, who("ingrid"), LATE) if one.kind == "reminder"
    }
    amina = Line("learner", "", "Why we partner", 14, DUE)
    assert told["Amina Diallo", "sent"] == [amina]
    assert told["Kofi Mensah", "sent"] == [Line("manager", "Amina Diallo", *amina[2:])]
    assert ("Rosa Quispe", "sent") in told
    seen = listed(database, who("nadia"), LATE)  # of KE alone
    assert {one.person for one in seen if one.kind == "reminder"} == {"Amina Diallo", "Kofi Mensah"}
    assert {one.person for one in listed(database, who("ingrid"), LATE, text="quispe")} == {"Rosa Quispe"}
    assert listed(database, who("nadia"), LATE, unit="PE") == []
    assert [one.line.step for one in listed(database, who("nadia"), LATE, list_intended)] == []


def test_what_is_to_come_is_what_the_job_would_write_and_says_why_not(database, who) -> None:
    steps.assign(database, who("ingrid"), "amina", "wei", due_on=DUE, mandatory=False)
    at = world.NOW + timedelta(days=26)  # Saturday; on Thursday it is seven days until it is due
    with database.transaction() as session:
        chosen = {"kind": "reminder", "wanted": False, "chosen_at": at}
        session.add(MailChoice(person_id=who("wei").person_id, **chosen))
    found = listed(database, who("nadia"), at, list_intended)
    assert {(one.person, one.line.step, one.reason) for one in found} >= {
        ("Amina Diallo", -7, ""), ("Li Wei", -7, "switched_off"),
    }  # fmt: skip
    thursday = {(one.person, one.line.step) for one in found if one.day == date(2026, 12, 24) and not one.reason}
    with database.read() as session:
        foreseen = list(reminders.foresee(session, operator(at), on=date(2026, 12, 24)))
    assert {(one.name, one.step) for one in foreseen} == thursday == {("Amina Diallo", -7)}
    # What was told is to come no more.
    later = world.NOW + timedelta(days=31)
    with database.transaction() as session:
        reminders.remind(session, operator(later), payload={}, after=0)
    assert ("Amina Diallo", -7) not in {
        (one.person, one.line.step) for one in listed(database, who("nadia"), later, list_intended)
    }
