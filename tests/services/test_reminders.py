"""A year of reminders: none twice, none to somebody already done, none at night or on a day of rest, all in their
window; with crashes in the middle of slices."""

import os
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from lms.models import ClosedDay, Course, Enrolment, Mail, MailChoice, OrgUnit, Person, Post, Reminder, Standing
from lms.permissions import operator
from lms.rules.mails import WEEKLY
from lms.rules.reminding import LADDER, Audience, Office, may_tell, step_on
from lms.services import reminders
from tests import world
from tests.mail_server import mail_server
from tests.services import steps
from tests.services.at_once import meeting
from tests.working import events, make_worker

LONG = os.environ.get("FAULTS") == "long"
PEOPLE, DAYS = (5000, 364) if LONG else (24, 100)
ZONES = ("America/Lima", "Africa/Nairobi", "Asia/Kathmandu", "Pacific/Auckland")
START = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)


class Crash(Exception):
    """The process ends before the commit."""


def _populate(database, random: Random) -> tuple[list[int], dict[int, str]]:
    """People in offices of four zones, each with a mandatory or own course due on some day of the year."""
    with database.transaction() as session:
        course = session.scalars(select(Course.id)).first()
        units = []
        for zone in ZONES:
            unit = OrgUnit(code=zone[:20], name=zone, path="", country="JO" if "Kath" in zone else "", time_zone=zone)
            session.add(unit)
            session.flush()
            unit.path = f"/{unit.id}/"
            session.add(ClosedDay(unit_id=unit.id, day=date(2026, 12, 25)))
            units.append((unit.id, zone))
        zones, added = {}, []
        for number in range(PEOPLE):
            person = Person(
                kind="staff", display_name=f"P {number}", work_email=f"p{number}@lantern.example",
                email_key=f"p{number}@lantern.example", created_at=START, changed_at=START,
            )  # fmt: skip
            session.add(person)
            added.append(person)
        session.flush()
        for person in added:
            unit, zones[person.id] = random.choice(units)
            session.add(Post(person_id=person.id, unit_id=unit, started_on=date(2020, 1, 1), is_latest=True))
            enrolment = Enrolment(person_id=person.id, course_id=course, enrolled_at=START, own_choice=False)
            session.add(enrolment)
            session.flush()
            session.add(_asked(enrolment.id, random))
            if random.random() < 0.3:
                session.add(MailChoice(person_id=person.id, kind=WEEKLY, wanted=True, chosen_at=START))
        return [person.id for person in added], zones


def _asked(enrolment_id: int, random: Random) -> Standing:
    """A course that is due on some day of the year, and done before it, after it, or never."""
    due = date(2026, 1, 5) + timedelta(days=random.randrange(20, DAYS - 46))
    done = due + timedelta(days=random.randrange(-60, 60)) if random.random() < 0.7 else None
    return Standing(
        enrolment_id=enrolment_id, assigned_on=date(2026, 1, 4), reason="assigned", mandatory=random.random() < 0.5,
        due_on=due, completed_on=done, language="en", attempts=0, changed_at=START,
    )  # fmt: skip


def _look(database, at: datetime, random: Random) -> None:
    """The job of one hour; now and then its worker dies before a commit, and it is done again."""
    after: int | None = 0
    while after is not None:
        try:
            with database.transaction() as session:
                reached = reminders.remind(session, operator(at), payload={}, after=after)
                if random.random() < 0.2:
                    raise Crash
        except Crash:
            continue
        after = reached


def test_a_year(database) -> None:
    random = Random(8)
    people, zones = _populate(database, random)
    at = START
    while at < START + timedelta(days=DAYS):
        _look(database, at, random)
        at += timedelta(hours=6)
    with database.read() as session:
        rows = session.execute(
            select(Mail.person_id, Mail.written_at, Reminder, Standing)
            .join(Reminder, Reminder.mail_id == Mail.id)
            .join(Standing, Standing.enrolment_id == Reminder.enrolment_id).where(Mail.person_id.in_(people))
        ).all()  # fmt: skip
    told = Counter((row.person_id, row.Reminder.audience, row.Reminder.target_on, row.Reminder.step) for row in rows)
    assert rows
    assert set(told.values()) == {1}
    for row in rows:
        here = row.written_at.astimezone(ZoneInfo(zones[row.person_id]))
        rest = {5, 6} if "Kath" in zones[row.person_id] else {6, 7}
        assert 8 <= here.hour < 18
        assert here.isoweekday() not in rest
        assert here.date() != date(2026, 12, 25)
        assert row.Standing.completed_on is None or row.written_at.date() < row.Standing.completed_on
        reached = row.Reminder.target_on + timedelta(days=row.Reminder.step)
        assert 0 <= (here.date() - reached).days <= 16
    # Whoever never finished was told every step that a day of work followed before the next, urgent ones too.
    undone = {row.person_id for row in rows if row.Standing.completed_on is None}
    assert all({step for p, _a, _t, step in told if p == person} >= {7, 14, 30} for person in undone)


@pytest.mark.parametrize(
    ("days", "begun", "step"),
    [(-31, -90, None), (-30, -90, -30), (-15, -90, -30), (-14, -10, None), (-1, -90, -1), (0, -90, -1), (1, -90, 1),
     (44, -90, 30), (45, -90, None)],
)  # fmt: skip
def test_the_step_that_a_day_has_reached(days, begun, step) -> None:
    due = date(2026, 6, 15)
    today, since = due + timedelta(days=days), due + timedelta(days=begun)
    assert step_on(Audience.LEARNER, due, since, today) == step
    assert LADDER[Audience.MANAGER] < LADDER[Audience.HR]


def test_one_mail_a_day_or_a_week() -> None:
    monday = date(2026, 6, 15)
    assert not may_tell(weekly=False, last=monday, today=monday, urgent=True)
    assert may_tell(weekly=False, last=monday, today=monday + timedelta(days=1), urgent=False)
    assert not may_tell(weekly=True, last=monday, today=monday + timedelta(days=4), urgent=False)
    assert may_tell(weekly=True, last=monday, today=monday + timedelta(days=4), urgent=True)
    assert may_tell(weekly=True, last=monday, today=monday + timedelta(days=7), urgent=False)
    assert not Office().is_open(datetime(2026, 6, 15, 18, tzinfo=UTC))


LATE = world.NOW + timedelta(days=52)  # Thursday, 14 days after 31 December


def _ask(database, who) -> None:
    steps.assign(database, who("ingrid"), "amina", "wei", due_on=world.DUE, mandatory=True)


def test_a_mail_says_what_and_why_and_the_manager_is_told_of_who_is_late(database, who) -> None:
    _ask(database, who)
    with mail_server() as server:
        make_worker(database, server.port, at=LATE).run(once=True)
        told = {mail["To"]: mail.get_body(("plain",)).get_content() for mail in server.mails}
    assert set(told) == {f"{name}@lantern.example" for name in ("amina", "wei", "kofi")}
    assert "was due on" in told["amina@lantern.example"]
    assert "cannot be stopped" in told["amina@lantern.example"]
    assert "Li Wei: “Why we partner”" in told["kofi@lantern.example"]


def test_what_is_no_duty_can_be_stopped_and_says_how(database, who) -> None:
    steps.assign(database, who("ingrid"), "amina", due_on=world.DUE, mandatory=False)
    with mail_server() as server:
        make_worker(database, server.port, at=LATE).run(once=True)
        (mail,) = server.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip("<>") in mail.get_body(("plain",)).get_content()


def test_who_is_done_when_it_is_sent_and_whose_office_has_closed_gets_nothing(database, who) -> None:
    _ask(database, who)
    with database.transaction() as session:
        reminders.remind(session, operator(LATE), payload={}, after=0)
    with database.transaction() as session:
        own = select(Enrolment.id).where(Enrolment.person_id == who("amina").person_id)
        session.execute(update(Standing).where(Standing.enrolment_id.in_(own)).values(completed_on=LATE.date()))
        units = session.scalars(select(OrgUnit.id).where(OrgUnit.code == "KE")).all()
        session.execute(insert(ClosedDay).values([{"unit_id": unit, "day": LATE.date()} for unit in units]))
    kinds = {("reminder", "amina"), ("reminder", "wei")}
    with mail_server() as server:
        make_worker(database, server.port, at=LATE).run(once=True)
        assert server.mails == []
        assert all(events(database)[one] == ["not_sent quiet"] for one in kinds)
        make_worker(database, server.port, at=LATE + timedelta(days=1)).run(once=True)
        assert {mail["To"] for mail in server.mails} == {"wei@lantern.example", "kofi@lantern.example"}


def test_the_future_is_what_the_job_would_write(database, who) -> None:
    _ask(database, who)
    at = world.NOW
    with database.read() as session:
        foreseen = list(reminders.foresee(session, operator(at), on=date(2026, 12, 24)))
    assert [(one.name, one.step) for one in foreseen] == [("Amina Diallo", -7), ("Li Wei", -7)]


def test_two_jobs_that_overlap_tell_each_step_once(database, who) -> None:
    """The second is of the next day, which has begun before the first one's commit."""
    _ask(database, who)
    days = (LATE, LATE + timedelta(days=1))
    meeting(database, *(partial(reminders.remind, actor=operator(at), payload={}, after=0) for at in days))
    with database.read() as session:
        rows = session.execute(select(Mail.person_id, Reminder).join(Reminder, Reminder.mail_id == Mail.id)).all()
    told = Counter((row.person_id, row.Reminder.enrolment_id, row.Reminder.step) for row in rows)
    assert len(told) == 4  # of two people, to themselves and to their manager
    assert set(told.values()) == {1}
