"""Standings are a cache: dropped and computed anew, nothing changes."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.errors import LmsError
from lms.models import Standing
from lms.permissions import operator
from lms.rules.standing import AssignmentFact, AttemptFact, CompletionFact, EnrolmentFacts, derive
from lms.services.assignments import list_assignments, withdraw_assignment
from lms.services.enrolments import start_course
from lms.services.standings import rebuild
from tests import world
from tests.services import steps

LEARNERS = ("amina", "wei", "jose", "nadia")


def _assign_one(database, random, hr, learner, slug) -> None:
    due = hr.today + timedelta(days=random.randrange(90))
    steps.assign(database, hr, _email(learner), slug=slug, due_on=due, mandatory=random.random() < 0.5)


def _assign_unit(database, random, hr, _learner, slug) -> None:
    steps.assign(database, hr, unit=random.choice(["KE", "HUB"]), slug=slug)


def _take_one_back(database, random, hr, _learner, _slug) -> None:
    with database.transaction() as session:
        withdraw_assignment(session, hr, ref=random.choice([row.ref for row in list_assignments(session, hr)]))


def _start(database, _random, _hr, learner, slug) -> None:
    with database.transaction() as session:
        start_course(session, learner, slug=slug)


def _take(database, random, _hr, learner, slug) -> None:
    steps.take(database, learner, slug, right=random.random() < 0.8)


def _withdraw(database, _random, hr, learner, slug) -> None:
    steps.withdraw(database, hr, _email(learner), slug)


def _email(learner) -> str:
    return {"Amina": "amina", "Li": "wei", "José": "jose", "Nadia": "nadia"}[learner.name.split()[0]]


ACTS = (_assign_one, _assign_unit, _take_one_back, _start, _take, _take, _withdraw)


def live(database, who, seed: int, acts: int = 40) -> int:
    """A history of random acts by random people over some four years; returns how many were not refused."""
    random, at, done = Random(seed), world.NOW, 0
    for _ in range(acts):
        at += timedelta(days=random.randrange(70), minutes=random.randrange(600))
        hr, learner = who("ingrid", at=at), who(random.choice(LEARNERS), at=at)
        act, slug = random.choice(ACTS), random.choice(["basics", "basics", "other"])
        try:
            act(database, random, hr, learner, slug)
            done += 1
        except (LmsError, IndexError):  # IndexError: nothing there to take back or withdraw
            continue
    return done


@pytest.mark.parametrize("seed", [1, 2])
def test_rebuilding_changes_nothing(database, who, seed) -> None:
    assert live(database, who, seed) > 15
    before = steps.contents(database)
    with database.transaction() as session:
        count = rebuild(session, operator(world.NOW + timedelta(days=9999)))
    after = steps.contents(database)
    assert count == len(before["lms_standings"]) == len(before["lms_enrolments"]) > 5
    assert {name for name in before if before[name] != after[name]} == {"lms_audit_entries"}


def test_a_damaged_standing_is_mended_and_dated(database, who) -> None:
    steps.take(database, who("amina"))
    steps.begin(database, who("wei"))
    with database.transaction() as session:
        session.delete(steps.standing(session, "amina"))
        steps.standing(session, "wei").attempts = 7
    later = world.NOW + timedelta(days=3)
    with database.transaction() as session:
        assert rebuild(session, operator(later)) == 2
    with database.read() as session:
        mended = [session.merge(steps.standing(session, name), load=False) for name in ("amina", "wei")]
        assert [(row.attempts, row.changed_at) for row in mended] == [(1, later), (1, later)]
        assert session.query(Standing).count() == 2


MOMENTS = st.integers(0, 10**6).map(lambda minutes: world.NOW + timedelta(minutes=minutes))
DAYS = st.none() | st.integers(0, 700).map(lambda days: world.TODAY + timedelta(days=days))


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_the_order_in_which_facts_are_read_does_not_matter(data) -> None:
    """No two facts of one enrolment happen at the same moment: it has one open attempt."""
    moments = data.draw(st.lists(MOMENTS, min_size=13, max_size=13, unique=True))
    marks = st.none() | st.integers(0, 100)
    asked = [
        AssignmentFact(moments[i], data.draw(DAYS), data.draw(st.booleans()), data.draw(st.sampled_from("ab")),
                       data.draw(st.none() | MOMENTS))
        for i in range(data.draw(st.integers(0, 4)))
    ]  # fmt: skip
    tries = [
        AttemptFact(moments[4 + i], percent, None if percent is None else percent > 70)
        for i, percent in enumerate(data.draw(st.lists(marks, max_size=4)))
    ]
    done = [
        CompletionFact(
            moments[8 + i], 1 + i, 80 + i, expires_on=data.draw(DAYS), withdrawn_at=data.draw(st.none() | MOMENTS)
        )
        for i in range(data.draw(st.integers(0, 4)))
    ]

    def facts(assignments, attempts, completions):
        return EnrolmentFacts(moments[12], True, None, tuple(assignments), tuple(attempts), tuple(completions))

    shuffled = (data.draw(st.permutations(kind)) for kind in (asked, tries, done))
    assert derive(facts(*shuffled)) == derive(facts(asked, tries, done))
