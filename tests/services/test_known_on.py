"""The figure of one date as it was known on another is the one that a copy of that day gives."""

import shutil
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import and_, case, func, or_, select

from lms.db import Database
from lms.errors import Invalid, LmsError, NotFound
from lms.models import Enrolment, OrgUnit, Post, Standing, Waiver, is_overdue_on, status_on
from lms.permissions import operator
from lms.services.applications import Given, hand_in
from lms.services.assignments import withdraw_assignment
from lms.services.attendances import record_attendance
from lms.services.deciding import Answer, decide, take_back
from lms.services.erasing import erase_person
from lms.services.known_on import get_report
from lms.services.recall_decisions import carry_out, decide_recall
from lms.services.recalls import recall_question
from lms.services.waivers import waive_course, withdraw_waiver
from tests import world
from tests.faults.sizes import SIZE, chance
from tests.services import applying, steps
from tests.services.test_attendances import MEETING, publish

DAYS = 24
PEOPLE = ("amina", "kofi", "wei", "jose", "nadia", "olga", "sam")
DONE = ("completed", "certified")
MOVE = (
    "employee_number,given_name,family_name,work_email,unit_code,function,job_title,manager\n"
    "0004,Li,Wei,wei@lantern.example,PE,grants,Officer,0002\n"
)


def _day(number: int) -> date:
    return world.TODAY + timedelta(days=number)


class Life:
    """What happens in the small organisation, a few acts a day."""

    def __init__(self, database: Database, random: Random) -> None:
        self.database, self.random, self.assigned, self.done = database, random, [], Counter()
        self.recalled = []

    def live(self, day: int) -> None:
        self.at = world.NOW + timedelta(days=day)
        acts = (
            self.assign, self.assign, self.take, self.take, self.take, self.unassign, self.withdraw, self.waive,
            self.unwaive, self.attend, self.attend, self.hand_in, self.decide, self.decide, self.take_back,
        )  # fmt: skip
        for act in self.random.sample(acts, 8):
            with suppress(LmsError, IndexError):
                act()
                self.done[act.__name__] += 1

    def who(self, name: str):
        return world.actor(self.database, f"{name}@lantern.example", self.at)

    def somebody(self) -> str:
        return self.random.choice(PEOPLE)

    def assign(self) -> None:
        due = self.at.date() + timedelta(days=self.random.randint(1, 12))
        slug = self.random.choice(("basics", "meeting"))
        self.assigned += steps.assign(self.database, self.who("ingrid"), self.somebody(), slug=slug, due_on=due)

    def recall(self, day: int) -> None:
        """Two questions earn everybody their mark, then do not, and do again: who failed passes, and does not."""
        if day == 3:
            for key in ("late-form", "good-signs"):
                with self.database.transaction() as session:
                    made = recall_question(
                        session, self.who("olga"), slug="basics", number=2, key=key, kind="credit", reason="Both fit"
                    )
                    session.flush()
                    self.recalled.append(made.ref)
        act = {4: "applied", 9: "undone", 14: "applied"}.get(day)
        for ref in self.recalled if act else ():
            with suppress(LmsError):
                with self.database.transaction() as session:
                    decision = decide_recall(
                        session, self.who("ingrid"), ref=ref, act=act, policy="never_worsen", reason="Fair"
                    )
                with self.database.transaction() as session:
                    carry_out(session, self.who("ingrid"), ref=decision)
                self.done[f"recall {act}"] += 1

    def unassign(self) -> None:
        with self.database.transaction() as session:
            withdraw_assignment(session, self.who("ingrid"), ref=self.random.choice(self.assigned))

    def take(self) -> None:
        steps.take(self.database, self.who(self.somebody()), right=self.random.random() < 0.7)

    def withdraw(self) -> None:
        steps.withdraw(self.database, self.who("ingrid"), self.somebody(), self.random.choice(("basics", "meeting")))

    def waive(self) -> None:
        ref = steps.record_ref(self.database, self.somebody())
        with self.database.transaction() as session:
            waive_course(session, self.who("ingrid"), ref=ref, reason="Knows it")

    def unwaive(self) -> None:
        with self.database.transaction() as session:
            ref = self.random.choice(session.scalars(select(Waiver.ref)).all())
            withdraw_waiver(session, self.who("ingrid"), ref=ref, reason="By mistake")

    def attend(self) -> None:
        """Recorded days after it was true."""
        held = self.at.date() - timedelta(days=self.random.randint(0, 9))
        people = [f"{self.somebody()}@lantern.example"]
        with self.database.transaction() as session:
            record_attendance(
                session, self.who("ingrid"), course_slug="meeting", held_on=held, place="Hall", people=people
            )

    def hand_in(self) -> None:
        name = self.somebody()
        with self.database.transaction() as session:
            ref = steps.completions(session, name)[-1].ref
            hand_in(session, self.who(name), ref=ref, given=Given(words="We asked first.", situation="Talk"))

    def decide(self) -> None:
        by = self.random.choice(("kofi", "ingrid"))
        said = Answer(self.random.choice(("seen", "not_yet")), comment="As it is")
        with self.database.transaction() as session:
            decide(session, self.who(by), ref=applying.asked(self.database), answer=said, by_link=False)

    def take_back(self) -> None:
        with self.database.transaction() as session:
            take_back(session, self.who("ingrid"), ref=applying.asked(self.database), reason="Mixed up")


def _figures_of_copy(copy: Database, on: date, known: date) -> dict[str, tuple[int, ...]]:
    """By the standings that the copy stores, in SQL: nothing of what the report uses."""
    day, status = min(on, known), status_on(on)

    def any_of(condition):
        return func.max(case((condition, 1), else_=0))

    each = (
        select(Enrolment.person_id.label("person_id"), any_of(Standing.completed_on <= on).label("achieved"))
        .add_columns(any_of(status.in_(DONE)).label("valid"), any_of(is_overdue_on(on)).label("overdue"))
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Standing.reason != "own_choice", status != "waived", Standing.assigned_on <= on)
        .group_by(Enrolment.person_id, Enrolment.course_id).subquery()
    )  # fmt: skip
    held = and_(
        Post.person_id == each.c.person_id, Post.started_on <= day, or_(Post.ended_on.is_(None), Post.ended_on > day)
    )
    query = (
        select(OrgUnit.code, func.count(), *(func.sum(each.c[name]) for name in ("achieved", "valid", "overdue")))
        .select_from(each).join(Post, held).join(OrgUnit, OrgUnit.id == Post.unit_id).group_by(OrgUnit.code)
    )  # fmt: skip
    with copy.read() as session:
        return {code: tuple(figures) for code, *figures in session.execute(query)}


def _figures(database: Database, at, on: date, known: date) -> dict[str, tuple[int, ...]]:
    with database.read() as session:
        report = get_report(session, operator(at), as_of=on, known_on=known)
    found = {one.code: tuple(vars(one.then).values()) for one in report.units}
    assert tuple(map(sum, zip(*found.values(), strict=True))) == tuple(vars(report.total.then).values())
    return {code: figures for code, figures in found.items() if figures[0]}


def test_the_report_is_the_one_that_a_copy_of_that_day_gives(sqlite, who, tmp_path) -> None:
    publish(sqlite, tmp_path, MEETING)
    random = chance("known on")
    life, copies = Life(sqlite, random), {}
    for day in range(DAYS):
        if day == DAYS // 2:
            world.take_people(sqlite, tmp_path, MOVE, world.NOW + timedelta(days=day))
        life.live(day)
        life.recall(day)
        with sqlite.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        path = shutil.copy(str(sqlite.url.database), tmp_path / f"{day}.sqlite3")
        copies[day] = Database(f"sqlite:///{path}")
    at, seen = world.NOW + timedelta(days=DAYS), set()
    with sqlite.transaction() as session:
        erase_person(session, operator(at), person=steps.person(session, "jose").ref, cause="request")
    for _pair in range(SIZE.pairs):
        on, known = random.randrange(DAYS + 20), random.randrange(DAYS)
        expected = _figures_of_copy(copies[known], _day(on), _day(known))
        assert _figures(sqlite, at, _day(on), _day(known)) == expected, f"on {on}, known on {known}"
        seen.add(repr(expected))
    print(f"{SIZE.pairs} pairs, {len(seen)} different figures, after {dict(life.done)}")
    assert len(seen) > 5
    for copy in copies.values():
        copy.dispose()


def test_what_came_in_late_is_told_by_name_in_scope(sqlite, who, tmp_path) -> None:
    publish(sqlite, tmp_path, MEETING)
    steps.assign(sqlite, who("ingrid"), "amina", "jose", slug="meeting", due_on=_day(2))
    hr = world.actor(sqlite, "ingrid@lantern.example", world.NOW + timedelta(days=9))
    with sqlite.transaction() as session:
        people = ["amina@lantern.example", "jose@lantern.example"]
        record_attendance(session, hr, course_slug="meeting", held_on=_day(1), place="Hall", people=people)
    for name, told in (("ingrid", {"Amina Diallo", "José García"}), ("nadia", {"Amina Diallo"})):
        reader = world.actor(sqlite, f"{name}@lantern.example", hr.at)
        with sqlite.read() as session:
            report = get_report(session, reader, as_of=_day(5), known_on=_day(8))
            assert {(one.person, one.before, one.after) for one in report.moved} == {
                (person, "overdue", "completed") for person in told
            }
            assert (report.total.then.overdue, report.total.now.overdue) == (len(told), 0)
            assert get_report(session, reader, as_of=_day(5), known_on=_day(9)).moved == []
    with sqlite.read() as session:
        with pytest.raises(NotFound):
            get_report(session, reader, as_of=_day(5), known_on=_day(8), unit="PE")
        with pytest.raises(Invalid):
            get_report(session, reader, as_of=_day(5), known_on=_day(10))
        with pytest.raises(Invalid):
            get_report(session, hr, as_of=_day(5), known_on=_day(8), most=1)
