"""Replay: whatever people, rules, versions, leave and clock did, the facts alone give the stored standings."""

import os
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.content import Library, load_library
from lms.db import Database
from lms.errors import LmsError, NotFound
from lms.models import Enrolment, Leave, Person, RuleVersion, Standing, Waiver, status_on
from lms.permissions import Actor, operator
from lms.rules import standing as rule
from lms.services import assignment_rules, standings
from lms.services.actors import find_actor
from lms.services.leaves import end_leave, enter_leave
from lms.services.publishing import publish_library
from lms.services.waivers import waive_course, withdraw_waiver
from tests import world
from tests.content.sample import GOOD, write_library
from tests.services.applying import answer, asked, give
from tests.services.steps import completions, record_ref
from tests.services.test_assignment_rules import apply, write
from tests.services.test_rebuild import ACTS, LEARNERS

HISTORIES = 300 if os.environ.get("FAULTS") == "long" else 3
SLUGS = ("basics", "basics", "other")
Act = tuple[int, str, str, int, int]  # which act, who learns, which course, how many days later, what else is chosen


class Versions:
    """Libraries of courses; a failing example does not print them."""

    def __init__(self, libraries: list[Library]) -> None:
        self.libraries = libraries


class Past:
    """A small organisation that lives through what is drawn, on a database of its own."""

    def __init__(self, template: Path, folder: Path, versions: Versions) -> None:
        self.folder, self.libraries = folder, versions.libraries
        shutil.copy(template, folder / "past.sqlite3")
        self.database = Database(f"sqlite:///{folder / 'past.sqlite3'}")

    def write_rule(self, random: Random, hr: Actor, _learner: str, slug: str) -> None:
        """A new rule, or the next version of one."""
        with self.database.read() as session:
            held = [*session.scalars(select(RuleVersion.rule)), None, None]
        write(
            self.database, hr, ref=random.choice(held), unit=random.choice(["HUB", "EAST", "KE"]),
            courses=random.choice([["M01"], ["M01", "M02"]]), order=random.choice(["all", "in_order"]),
            days=random.randrange(1, 90), grace_days=random.randrange(10), mandatory=random.random() < 0.5,
        )  # fmt: skip

    def end_rule(self, random: Random, hr: Actor, _learner: str, _slug: str) -> None:
        with self.database.transaction() as session:
            refs = session.scalars(select(RuleVersion.rule).where(RuleVersion.is_end.is_(False))).all()
            assignment_rules.end_rule(session, hr, ref=random.choice(refs), second_from=1000)

    def move(self, random: Random, hr: Actor, learner: str, _slug: str) -> None:
        """HR's file moves somebody to another unit, or leaves them out: they have left, or come back."""
        lines = []
        for line in world.PEOPLE.splitlines():
            cells = line.split(",")
            if cells[4].startswith(f"{learner}@"):
                if random.random() < 0.3:
                    continue
                cells[5] = random.choice(["HUB", "EAST"])
            lines.append(",".join(cells))
        world.take_people(self.database, self.folder, "\n".join(lines) + "\n", hr.at)

    def publish(self, random: Random, hr: Actor, _learner: str, _slug: str) -> None:
        with self.database.transaction() as session:
            publish_library(session, operator(hr.at), library=random.choice(self.libraries))

    def go_on_leave(self, random: Random, hr: Actor, learner: str, _slug: str) -> None:
        first = hr.today + timedelta(days=random.randrange(-40, 40))
        with self.database.transaction() as session:
            enter_leave(session, hr, ref=self._ref(learner), first=first, last=first + timedelta(random.randrange(60)))

    def come_back(self, random: Random, hr: Actor, learner: str, _slug: str) -> None:
        with self.database.transaction() as session:
            leave = random.choice(
                session.scalars(
                    select(Leave).join(Person, Person.id == Leave.person_id).where(Person.ref == self._ref(learner))
                ).all()
            )
            day = leave.starts_on + timedelta(days=random.randrange((leave.last_on - leave.starts_on).days + 1))
            end_leave(session, hr, ref=self._ref(learner), leave=leave.ref, back_on=day)

    def waive(self, _random: Random, hr: Actor, learner: str, slug: str) -> None:
        ref = record_ref(self.database, learner, slug)
        with self.database.transaction() as session:
            waive_course(session, hr, ref=ref, reason="Taught it")

    def unwaive(self, random: Random, hr: Actor, _learner: str, _slug: str) -> None:
        with self.database.transaction() as session:
            withdraw_waiver(session, hr, ref=random.choice(session.scalars(select(Waiver.ref)).all()), reason="No")

    def work(self, random: Random, hr: Actor, learner: str, slug: str) -> None:
        """Hand in what the course asks for; perhaps somebody answers."""
        with self.database.read() as session:
            ref = completions(session, learner, slug)[-1].ref
        give(self.database, self._actor(learner, hr.at), ref)
        if random.random() < 0.7:
            manager = self._actor("kofi", hr.at)
            answer(self.database, manager, asked(self.database), decision=random.choice(["seen", "not_yet"]))

    def _actor(self, name: str, at: datetime) -> Actor:
        email = f"{name}@lantern.example"
        with self.database.read() as session:
            found = find_actor(session, provider="host", subject=email, email=email, at=at)
        if found is None:  # they have left
            raise NotFound()
        return found

    def _ref(self, learner: str) -> str:
        with self.database.read() as session:
            return session.scalars(select(Person.ref).where(Person.email_key == f"{learner}@lantern.example")).one()

    def live(self, history: list[Act]) -> date:
        """Do all of it, but for what is refused; the rules are applied each time. Returns the last day."""
        own = (self.write_rule, self.write_rule, self.end_rule, self.move, self.publish, self.go_on_leave,
               self.go_on_leave, self.come_back, self.waive, self.unwaive, self.work, self.work)  # fmt: skip
        hr = world.actor(self.database, "ingrid@lantern.example")
        for which, learner, slug, days, seed in history:
            hr = replace(hr, at=hr.at + timedelta(days=days, minutes=seed % 600))
            random = Random(seed)
            try:
                if which < len(own):
                    own[which](random, hr, learner, slug)
                else:
                    who = self._actor(learner, hr.at)
                    ACTS[which - len(own)](self.database, random, hr, who, slug)
            except (LmsError, IndexError):  # IndexError: nothing there yet
                continue
            finally:
                apply(self.database, hr.at)
        return hr.today


KINDS = 12 + len(ACTS)
ACT = st.tuples(
    st.integers(0, KINDS - 1), st.sampled_from(LEARNERS), st.sampled_from(SLUGS), st.integers(0, 90),
    st.integers(0, 10**6),
)  # fmt: skip


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> "Versions":
    """The sample's courses, and two later versions of the first."""
    folder = tmp_path_factory.mktemp("versions")
    made = []
    for number in (3, 4, 5):
        course = GOOD["basics/course.yaml"]
        assert isinstance(course, str)
        changed = course.replace("version: 2", f"version: {number}").replace(
            "pass_mark: 70", f"pass_mark: {60 + number}"
        )
        made.append(load_library(write_library(folder / str(number), {**GOOD, "basics/course.yaml": changed})))
    return Versions(made)


# A history takes seconds: a failing one is told as it was drawn, and not made smaller.
@settings(
    max_examples=HISTORIES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)  # fmt: skip
@given(history=st.lists(ACT, min_size=15, max_size=30), later=st.integers(-400, 800))
def test_the_facts_alone_give_what_is_stored(sqlite_template, libraries, history: list[Act], later: int) -> None:
    with TemporaryDirectory() as folder:
        past = Past(sqlite_template / "template.sqlite3", Path(folder), libraries)
        on = past.live(history) + timedelta(days=later)
        with past.database.read() as session:
            ids = session.scalars(select(Enrolment.id).order_by(Enrolment.id)).all()
            stored = {row.enrolment_id: standings.as_rule(row) for row in session.scalars(select(Standing))}
            shown = dict(session.execute(select(Standing.enrolment_id, status_on(on))).all())
            derived = {number: rule.derive(facts) for number, facts in standings.read_facts(session, ids).items()}
        past.database.dispose()
    event(f"{min(len(stored), 10)} standings")
    assert derived == stored
    assert {number: rule.status(standing, on).value for number, standing in derived.items()} == shown
